"""The words of a formula as a file writes it: patterns for operands, operators and what surrounds them.

Repeats are possessive or begin with characters that exclude one another, so that no text makes them slow. White space
is what the file format allows: space, tab and line end.
"""

from __future__ import annotations

import re

_SPACE = r"[ \t\r\n]*+"
_AFTER = r"(?![\w.\\?(\[!])"  # what would make the characters before it part of something else
_QUOTED = r"'[^']*+(?:''[^']*+)*+'"
_SHEET = rf"(?:{_QUOTED}|[\w.]++)"
_CELL = r"(\$?)([A-Za-z]{1,3})(\$?)([0-9]{1,7})"
_STRING = r'"[^"]*+(?:""[^"]*+)*+"'
_DIGITS = r"(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:[eE][+-]?[0-9]++)?"
_ERROR = r"#[A-Za-z][A-Za-z0-9_]*+(?:/[A-Za-z0-9]++)?[!?]?"
_CELLS = (
    rf"(?P<area>{_CELL}(?:{_SPACE}:{_SPACE}{_CELL}(?!#))?{_AFTER})"  # in A1:B2# the # is B2's
    rf"|(?P<columns>(\$?)([A-Za-z]{{1,3}}):(\$?)([A-Za-z]{{1,3}})(?!\$){_AFTER})"
    rf"|(?P<rows>(\$?)([0-9]{{1,7}}):(\$?)([0-9]{{1,7}}){_AFTER})"
)
_NAME = r"(?:[^\W\d]|\\)[\w.\\?\u0300-\u036f]*+"

#: What can begin where an operand is expected; the name of the group says what it is.
OPERAND = re.compile(
    rf"{_SPACE}(?:(?P<prefix>{_SHEET}(?::{_SHEET})?!)|{_CELLS}|(?P<call>[^\W\d][\w.]*+\()|(?P<number>{_DIGITS}{_AFTER})"
    rf"|(?P<text>{_STRING})|(?P<open>\()|(?P<sign>[-+@])|(?P<table>{_NAME}\[)|(?P<name>{_NAME}(?![(!]))"
    rf"|(?P<error>{_ERROR})|(?P<external>\[[^\[\]]*+\]{_SHEET}?(?::{_SHEET})?!)|(?P<own>\[)|(?P<brace>\{{))"
).match
#: What can stand behind a sheet's name and its exclamation mark.
TARGET = re.compile(rf"{_CELLS}|(?P<name>{_NAME}(?![(\[!]))|(?P<error>(?i:#REF!))").match
#: What can follow an operand; group 1 is the # that must stand right against it.
OPERATOR = re.compile(rf"(#)|{_SPACE}(?:(<=|>=|<>|[-+*/^&=<>%:,)])|\Z)").match
#: The comma or parenthesis that ends an argument, where nothing has come before it.
MISSING = re.compile(rf"{_SPACE}(?=[,)])").match
#: White space and a parenthesis.
OPENING = re.compile(r"[ \t\r\n]++\(").match
SPACES = re.compile(_SPACE).match
#: Brackets of a structured reference, one level within another; an apostrophe makes a bracket ordinary.
BRACKETS = re.compile(r"\[(?:[^\[\]']|'[\s\S]|\[(?:[^\[\]']|'[\s\S])*+\])*+\]").match
#: An element of an array constant with the mark behind it.
CONSTANT = re.compile(
    rf"{_SPACE}(?:(?P<text>{_STRING})|(?P<number>[+-]?{_DIGITS})|(?P<logical>(?ai:TRUE|FALSE))|(?P<error>{_ERROR}))"
    rf"{_SPACE}[,;}}]"
).match
#: A reference in R1C1 notation, whole: R, RC, R1C1, R[-1]C[2].
R1C1 = re.compile(r"(?:R(\[-?[0-9]++\]|[0-9]*+))?(?:C(\[-?[0-9]++\]|[0-9]*+))?(?![\w.\\?])", re.IGNORECASE).match
