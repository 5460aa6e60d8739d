"""Figures that look right and are not: parts, shares, thousands, totals and raised marks are never taken for the number that the heading names."""

import io
import re
import zipfile
from decimal import Decimal

import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from munimon import pipeline
from munimon.results import IngestOptions
from tests.ingest.binary_files import Raised, ods, xls, xlsb
from tests.ingest.files import xlsx
from tests.ingest.test_receiving import raw_rows

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ABOVE = [["Opština: Kruševac"], ["Program: SAMPLE"], ["Period: 2024-Q1"]]
ENGAGED = ["Poslodavac", "Angažovana lica", "od toga žene"]
GRANTS = ["Oznaka granta", "Dodeljeni iznos", "Valuta"]


@pytest.fixture
def hand_in(home, tmp_path):
    """Hands a sheet in and tells its findings, each as rule, cell or row, and what it quotes."""

    def ingest(*rows, content=None):
        path = tmp_path / "1.xlsx"
        path.write_bytes(content or xlsx(None, None, List1=rows))
        (submission,) = pipeline.ingest(home, [path], IngestOptions()).submissions
        return [(finding.rule, finding.cell, finding.message.partition(": ")[2]) for finding in submission.findings]

    return ingest


def rules(findings):
    return [(rule, cell) for rule, cell, _ in findings]


@pytest.mark.parametrize("is_shared", [True, False])
def test_a_raised_digit_is_the_mark_of_a_note_and_no_digit(home, hand_in, is_shared):
    raised = CellRichText("3", TextBlock(InlineFont(vertAlign="superscript"), "1"))
    content = xlsx(None, None, List1=[*ABOVE, ENGAGED[:2], ["JKP A", raised], ["JKP B", "31"], ["¹ bez sezonskih radnika"]])
    found = hand_in(content=share_texts(content) if is_shared else content)

    assert rules(found) == [("footnote_mark", "B5"), ("notes_left_out", None)]
    assert "oznaka napomene, ¹ (napomena je u ćeliji A7)" in found[0][2]
    assert raw_rows(home, "engagements", "engaged_persons") == [(3,), (31,)]


@pytest.mark.parametrize("write", [xls, xlsb, ods])
def test_a_raised_digit_is_told_in_the_other_formats_of_workbooks(home, hand_in, write):
    rows = [*ABOVE, ENGAGED[:2], ["JKP A", Raised("3", "1")], ["JKP B", "31"], ["JKP C", Raised("dvadeset", "1")], [Raised("", "1 bez sezonskih")]]
    found = hand_in(content=write(rows))

    assert rules(found) == [("footnote_mark", "B5"), ("number_unreadable", "B7"), ("name_says_otherwise", None), ("notes_left_out", None)]
    assert "oznaka napomene, ¹ (napomena je u ćeliji A8)" in found[0][2]
    assert raw_rows(home, "engagements", "engaged_persons") == [(3,), (31,), (None,)]


def share_texts(content: bytes) -> bytes:
    """The same workbook with the rich text of B5 in a list of shared texts, where Excel keeps it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(out, "w") as written:
        parts = {name: given.read(name).decode() for name in given.namelist()}
        sheet = parts["xl/worksheets/sheet1.xml"]
        (before, cell, after) = re.fullmatch(r"(.*)(<c r=\"B5\".*?</c>)(.*)", sheet, re.DOTALL).groups()
        text = re.search(r"<is>(.*)</is>", cell, re.DOTALL)[1]
        parts["xl/worksheets/sheet1.xml"] = f'{before}<c r="B5" t="s"><v>1</v></c>{after}'
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}" count="2" uniqueCount="2"><si><t>unused</t></si><si>{text}</si></sst>'
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
        parts["[Content_Types].xml"] = re.sub(
            "</Types>", f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>', parts["[Content_Types].xml"]
        )
        relation = f'<Relationship Id="rIdTexts" Type="{RELATIONS}/sharedStrings" Target="/xl/sharedStrings.xml"/></Relationships>'
        parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace("</Relationships>", relation)
        for name, xml in parts.items():
            written.writestr(name, xml)
    return out.getvalue()


@pytest.mark.parametrize(
    "rows",
    [
        [["(iznosi u hiljadama dinara)"], GRANTS, ["G-1", "125.000", "RSD"]],
        [GRANTS, ["", "u 000 RSD", ""], ["G-1", "125.000", "RSD"]],
        [["износи во илјади денари"], GRANTS, ["G-1", 125000, "RSD"]],
        [["Amounts in thousands"], GRANTS, ["G-1", 125000, "RSD"]],
        [["shumat në mijë"], GRANTS, ["G-1", 125000, "RSD"]],
        [GRANTS, ["G-1", 125000, "RSD"], [], ["Napomena: iznosi su u hiljadama dinara"]],
    ],
)
def test_amounts_under_a_text_that_speaks_of_thousands_are_asked_about_with_both_readings(home, hand_in, rows):
    found = [each for each in hand_in(*ABOVE, *rows) if each[0] != "notes_left_out"]

    assert [rule for rule, _, _ in found] == ["footnote_multiplies"]
    assert "125.000 ili 125.000.000" in found[0][2]
    assert raw_rows(home, "grants", "awarded_amount, is_quarantined") == [(Decimal("125000.00"), True)]


def test_a_title_that_counts_thousands_of_something_says_nothing_of_amounts(home, hand_in):
    assert hand_in(["Podrška za 2 hiljade porodica"], *ABOVE, GRANTS, ["G-1", "125.000", "RSD"]) == []


@pytest.mark.parametrize(
    ("headings", "below", "rule", "unread"),
    [
        (["Poslodavac", "Angažovana lica", "od toga žene (%)"], [], "heading_unknown", "od toga žene (%)"),
        (["Poslodavac", "Angažovana lica", "Angažovane žene u procentima"], [], "heading_unknown", "Angažovane žene u procentima"),
        (ENGAGED, ["", "broj", "%"], "heading_parted", "pod zaglavljem „od toga žene“"),
    ],
)
def test_a_share_of_women_is_no_number_of_women(home, hand_in, headings, below, rule, unread):
    found = hand_in(*ABOVE, headings, *([below] if below else []), ["JKP A", 30, 20])

    assert ([told for told, _, _ in found], unread in found[0][2]) == ([rule], True)
    assert raw_rows(home, "engagements", "engaged_persons, engaged_women") == [(30, None)]


@pytest.mark.parametrize(
    "below",
    [
        ["", "plan", "ostvareno"],
        ["", "планирано", "остварено"],
        ["", "M", "Ž"],
        ["", 2023, 2024],
        ["", "januar", "februar"],
        ["", "target", "actual"],
    ],
)
def test_a_heading_over_parts_that_are_not_understood_is_no_number_of_all(home, hand_in, below):
    found = hand_in(*ABOVE, ["Poslodavac", "Angažovana lica", ""], below, ["JKP A", 30, 12])

    assert [(rule, cell) for rule, cell, _ in found] == [("heading_parted", "B4")]
    assert f"Kolona pod zaglavljem „Angažovana lica“ je izostavljena: red ispod deli je na delove, ovde „{below[1]}“" in found[0][2]
    assert raw_rows(home, "engagements", "source_row, engaged_persons, is_quarantined") == [(6, None, False)]


@pytest.mark.parametrize("below", [["januar", "februar", "mart"], ["plan", "ostvareno"]])
def test_a_sheet_whose_only_column_is_parted_is_refused_and_says_what_to_do(home, hand_in, below):
    rows = [*ABOVE, ["Angažovana lica"], below, [1, 2, 3], [4, 5, 6]]
    found = hand_in(content=xlsx(None, None, **{"Angažovani radnici": rows}))

    assert rules(found) == [("no_known_column", None), ("heading_parted", "A4")]
    assert f"ovde „{below[0]}“" in found[1][2]
    assert "ostavite jednu kolonu s jednim brojem; za više perioda pošaljite izveštaj za svaki" in found[1][2]


def test_figures_under_labels_in_a_table_that_is_not_known_are_no_file_without_rows(hand_in):
    assert rules(hand_in(*ABOVE, ["Angažovana lica"], ["januar", "februar"], [1, 2])) == [("no_known_sheet", None)]
    assert rules(hand_in(["Opština: Kruševac"], ["Program: SAMPLE"], ["Period", 2024])) == [("no_rows", None)]


def test_a_row_of_data_right_below_the_headings_is_data_though_a_figure_is_a_word(home, hand_in):
    assert rules(hand_in(*ABOVE, ENGAGED, ["JKP A", 202, 102], ["JKP B", "mnogo", 5])) == [("number_unreadable", "B6")]
    assert raw_rows(home, "engagements", "engaged_persons") == [(202,), (None,)]


@pytest.mark.parametrize(
    "rows",
    [
        [["JKP A", 12, 5], ["JKP B", 8, 3], ["Svi poslodavci", 20, 8]],
        [["JKP A", 1], ["JKP B", 2], ["JKP C", 3], ["Sva lica", 6]],
        [["JKP A", 12], ["JKP B", 8], ["Svi poslodavci", 20]],
    ],
)
def test_a_last_row_that_sums_up_the_others_under_a_name_of_its_own_is_warned_of(hand_in, rows):
    assert [rule for rule, _, _ in hand_in(*ABOVE, ENGAGED, *rows)] == ["row_like_total"]


@pytest.mark.parametrize(
    "rows", [[["JKP A", 1], ["JKP B", 2], ["JKP C", 3]], [["JKP A", 12], ["JKP B", 8], ["JKP C", 21]], [["JKP A", 20], ["JKP B", 20]]]
)
def test_small_numbers_that_add_up_by_chance_are_no_total(hand_in, rows):
    assert hand_in(*ABOVE, ENGAGED, *rows) == []


@pytest.mark.parametrize("text", [".5", ",5", ". 5"])
def test_a_number_that_was_cut_off_is_no_whole_number(home, hand_in, text):
    assert rules(hand_in(*ABOVE, ENGAGED[:2], ["JKP A", text])) == [("number_unreadable", "B5")]


def test_a_total_under_a_label_sums_up_what_stands_under_it(home, tmp_path):
    path = tmp_path / "1.xlsx"
    rows = [*ABOVE[1:], *ABOVE[:1], ENGAGED[:2], ["JKP A", 3], ["Opština: Čačak"], ["JKP B", 5], ["JKP C", 1], ["Ukupno Čačak", 6]]
    path.write_bytes(xlsx(None, None, List1=rows))
    submissions = pipeline.ingest(home, [path], IngestOptions()).submissions

    assert [finding.rule for each in submissions for finding in each.findings] == ["totals_row_left_out"]
