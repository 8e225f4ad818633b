"""A sheet part apart from the values of its cells.

Workbooks made from one template, and saved again by whoever filled them in, differ mostly in what stands between
``<v>`` and ``</v>``, or ``<t>`` and ``</t>``. What all the rest is, the skeleton, needs to be found out once for all of
them: formulas, styles, whether it is safe. Two parts with the same skeleton are the same but for those values, to the
byte; and the values are plain text, so that they can't be anything else than a value to any reader.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

#: What XML doesn't allow, and a carriage return, which a parser makes a line feed of …
_CONTROLS = bytes({*range(32)} - {9, 10})
_NO_CHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf", b"]]>")
_UTF8 = re.compile(
    rb"(?:<\?xml(?=[^>]*\?>)(?:(?![^>]*encoding)|[^>]*encoding=[\"'](?i:utf-8)[\"'])[^>]*\?>)?\s*<[A-Za-z]"
)
#: The text of a value or of an inline string, with the tag before it.
_VALUE = re.compile(rb'<([vt](?: xml:space="preserve")?)>([^<]*)</')
#: Stands in a skeleton for a value. No part without comments and the like can hold it.
_GAP = b"<>"
#: An ampersand that is neither one of the five names that every XML has nor a character from 160 to 49 999, which all
#: may stand in XML.
_ODD_ENTITY = re.compile(
    rb"&(?!(?:amp|lt|gt|quot|apos|#(?:1[6-9][0-9]|[2-9][0-9]{2}|[1-9][0-9]{3}|[1-4][0-9]{4}));)"
)


@dataclass(frozen=True)
class Part:
    """The inflated bytes of one part of a workbook."""

    data: bytes

    @cached_property
    def halves(self) -> Halves | None:
        """The part as skeleton and values; None where these can't be told apart with certainty."""
        part = self.data
        if b"<!" in part or _GAP in part or not is_utf8(part):
            return None
        pieces = _VALUE.split(part)
        values = pieces[2::3]
        together = b"\n".join(values)
        if plain_text(together) is None or _ODD_ENTITY.search(together) is not None:
            return None
        return Halves(_GAP.join([*pieces[::3], *pieces[1::3]]), values)


class Halves(NamedTuple):
    """The two halves of a part. ``values`` are in document order and still have XML's escapes (names and numbers)."""

    skeleton: bytes
    values: list[bytes]


def is_utf8(part: bytes) -> bool:
    """Whether the part says that it is UTF-8, or says nothing, and starts as such."""
    return _UTF8.match(part) is not None


def plain_text(text: bytes) -> str | None:
    """The text, which may hold markup; None when it isn't UTF-8 or has a character that no XML can hold."""
    if len(text.translate(None, _CONTROLS)) != len(text) or any(one in text for one in _NO_CHARACTERS):
        return None
    try:
        return text.decode()
    except UnicodeDecodeError:
        return None
