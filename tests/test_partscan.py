"""The pass over one part: counts and bounds, and that the quick way and the close way agree."""

from __future__ import annotations

import pytest
from gevaarlijk_bouw import MAIN, blad, xml
from hypothesis import given, settings
from hypothesis import strategies as st

from rekentool.messages import RekentoolError
from rekentool.xlsx.limits import LIMITS, Limits
from rekentool.xlsx.partscan import Budget, PartScan, Spans, scan_closely, scan_quickly


def close(data: bytes, limits: Limits = LIMITS, block: int = 1_000) -> PartScan:
    blocks = [data[start : start + block] for start in range(0, len(data), block)]
    return scan_closely(blocks, "deel.xml", Budget(limits), streamed=True)


def codes(data: bytes, limits: Limits = LIMITS, block: int = 1_000) -> list[str]:
    try:
        close(data, limits, block)
    except RekentoolError as error:
        return [finding.code for finding in error.findings]
    return []


def test_counts_cells_strings_and_elements() -> None:
    budget = Budget(LIMITS)
    scan_closely([blad('<c r="A1"/><c r="B1"><v>1</v></c>')], "a", budget)
    # worksheet, sheetData, row, two cells, one value
    assert (budget.cells, budget.strings, budget.elements) == (2, 0, 6)
    scan_closely([xml(f'<sst xmlns="{MAIN}"><si><t>a</t></si><si/></sst>')], "b", budget)
    assert (budget.cells, budget.strings, budget.elements) == (2, 2, 10)


@pytest.mark.parametrize("block", [1, 7, 1_000])
def test_result_does_not_depend_on_the_blocks(block: int) -> None:
    data = blad('<c r="A1"><f>1</f></c><c r="B7"><f>2*_xlfn.WEBSERVICE("http://x")</f></c>')
    assert close(data, block=block).hits == {("RK146", "WEBSERVICE (haalt gegevens van internet)"): ("B7", 1)}


def test_place_of_a_formula_outside_the_cells_is_no_cell() -> None:
    rule = "<conditionalFormatting><cfRule><formula>CALL(1)</formula></cfRule></conditionalFormatting>"
    assert [place for place, _ in close(blad('<c r="A1"/>', rule)).hits.values()] == [""]


def test_nested_formula_elements_are_each_judged() -> None:
    rule = (
        "<x:formula1 xmlns:x='x'>a|b<x:f>1+1</x:f></x:formula1><x:formula1 xmlns:x='x'><x:f>RTD(1)</x:f></x:formula1>"
    )
    assert [code for code, _ in close(blad(erna=rule)).hits] == ["RK145", "RK146"]


@pytest.mark.parametrize(
    ("data", "limits"),
    [
        (b"<a>" * 3 + b"</a>" * 3, Limits(depth=2)),
        (b"<a><b/><b/></a>", Limits(elements=2)),
        (b'<a b="' + b"x" * 5_000 + b'"/>', Limits(token=1_000)),
        (b"<a><!--" + b"x" * 5_000 + b"--></a>", Limits(token=1_000)),
        (b"<a><b1/><b2/><b3/></a>", Limits(names=3)),
        (b'<a b1="" b2="" b3=""/>', Limits(names=3)),
        (b"<a><f>" + b"1" * 101 + b"</f></a>", Limits(formula=100)),
        (b"<Relationships>" + b"<Relationship/>" * 3 + b"</Relationships>", Limits(facts=2)),
        (b"<Relationships><Relationship Id='abcd'/></Relationships>", Limits(fact_text=3)),
    ],
)
def test_every_bound_is_kept_and_reached(data: bytes, limits: Limits) -> None:
    assert codes(data, limits) == ["RK124"]
    assert codes(data) == []


def test_long_text_is_no_long_token() -> None:
    assert codes(b"<a>" + b"tekst " * 1_000 + b"</a>", Limits(token=2_000)) == []


def test_tree_is_bounded_where_readers_build_one() -> None:
    data = [b"<a><b/><b/></a>"]
    with pytest.raises(RekentoolError):
        scan_closely(data, "a", Budget(Limits(tree=2)))
    assert scan_closely(data, "a", Budget(Limits(tree=2)), streamed=True).root == "a"


def test_facts_keep_only_what_is_asked() -> None:
    book = xml(
        f'<workbook xmlns="{MAIN}" xmlns:r="r"><sheets><sheet name="A" sheetId="1" r:id="rId7"/></sheets></workbook>'
    )
    scan = close(book)
    assert (scan.root, scan.namespace) == ("workbook", MAIN)
    assert scan.facts == [("sheet", {"name": "A", "id": "rId7"})]


def test_spans_join_neighbours() -> None:
    spans = Spans()
    for row in (2, 3, 4, 9):
        spans.add(row, row)
    assert (spans.ranges, spans.count) == ([[2, 4], [9, 9]], 4)


PARTS = st.sampled_from(
    [
        *("<c r='A1'><f>SUM(A1:A9)</f></c>", "<c r='B2'><f>WEBSERVICE(1)</f></c>", "<c><f>a|b</f></c>"),
        *(
            "<c><f>WEB<!--x-->SERVICE(",
            "</f></c>",
            "<f>",
            "</f>",
            "<![CDATA[CALL(1)]]>",
            "<?pi x?>",
            "CALL",
            "(",
            "tekst",
        ),
        *("&#87;EBSERVICE(1)", "&amp;", "&x;", "<", "<!DOCTYPE a>", "[1]Blad1!A1", "é", "\\", "\x01", "<y:f>1</y:f>"),
        *("<c t='inlineStr'><is><t>CALL(x)</t></is></c>", "<x:f xmlns:x='x'>RTD(1)</x:f>"),
        *("<row r='3' hidden='1'/>", '<row hidden="true"/>', "<col min='2' max='3' hidden='1'/>"),
    ]
)


@settings(max_examples=600, deadline=None)
@given(pieces=st.lists(PARTS, max_size=8), encoding=st.sampled_from(["utf-8", "utf-16", "utf-16-le"]))
def test_quick_and_close_look_agree(pieces: list[str], encoding: str) -> None:
    """The quick look may hand over (None); what it decides itself, the close look decides likewise."""
    data = f"<worksheet><sheetData>{''.join(pieces)}</sheetData></worksheet>".encode(encoding)
    try:
        quick = scan_quickly(data, "deel.xml")
    except RekentoolError as error:
        assert codes(data) == [finding.code for finding in error.findings]
        return
    if quick is not None:
        looked = close(data)
        assert (looked.root, looked.namespace, looked.facts) == (quick.root, quick.namespace, quick.facts)
        assert (looked.hits, looked.hidden_rows.count, looked.hidden_columns.count) == ({}, 0, 0)
