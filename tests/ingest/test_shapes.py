"""Reports that are not our form, from the file to the rows in raw: each shape as municipalities send it."""

import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest

from ingest.ledger import Ledger
from ingest.sections import load_sections
from munimon import pipeline
from munimon.results import IngestOptions
from tests.ingest.binary_files import ods, xls, xlsb
from tests.ingest.files import xlsx
from tests.ingest.shapes import ABOVE, TABLE, about, errors_of
from tests.ingest.test_receiving import raw_rows


@pytest.mark.parametrize(("form", "write"), [("xlsx", lambda rows: xlsx(None, None, List1=rows)), ("xls", xls), ("xlsb", xlsb), ("ods", ods)])
def test_a_table_below_labels_goes_in_from_every_format(home, hand_in, form, write):
    (submission,) = hand_in(f"izvestaj.{form}", write([*ABOVE, *TABLE]))

    assert about(submission) == ("70670", "accepted", 2, [])
    assert (submission.programme_id, submission.period_start, submission.period_end) == ("SAMPLE", date(2024, 1, 1), date(2024, 3, 31))
    assert raw_rows(home, "engagements", "source_sheet, source_row, engaged_persons, engaged_women") == [("List1", 7, 12, 5), ("List1", 8, 7, 3)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1250", "iso8859_2"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_text_table_goes_in_from_every_encoding_with_every_separator(home, hand_in, encoding, separator):
    rows = [["Opština", "Program", "Period", "Poslodavac", "Angažovana lica"], ["Šabac", "SAMPLE", "2024-Q1", "Čistoća", "7"]]
    (submission,) = hand_in("t.csv", "".join(separator.join(row) + "\r\n" for row in rows).encode(encoding))

    assert about(submission) == ("71269", "accepted", 1, [])
    assert raw_rows(home, "engagements", "employer_name, engaged_persons") == [("Čistoća", 7)]


@pytest.mark.parametrize(("name", "separator"), [("t.csv", ","), ("t.csv", ";"), ("t.tsv", "\t")])
def test_a_cyrillic_text_table_goes_in_from_windows_1251(home, hand_in, name, separator):
    text = "Општина;Програма;Период;Работодавач;Ангажирани лица\r\nБитола;SAMPLE;2024-Q1;Ќерамика;7\r\n"
    (submission,) = hand_in(name, text.replace(";", separator).encode("cp1251"))

    assert about(submission) == ("MK00501", "accepted", 1, [])
    assert raw_rows(home, "engagements", "employer_name, engaged_persons") == [("Ќерамика", 7)]


def test_a_sheet_called_report_may_hold_the_table_itself(hand_in):
    (submission,) = hand_in("izvestaj.xlsx", xlsx(None, None, Izveštaj=[*ABOVE, *TABLE]))

    assert about(submission) == ("70670", "accepted", 2, [])


def test_tables_of_two_sections_on_one_sheet_both_go_in(home, hand_in):
    rows = [*ABOVE, *TABLE, ["Ukupno", 19, 8], [], ["Obuke"], ["Naziv obuke", "Upisana lica"], ["IT", 9]]
    (submission,) = hand_in("izvestaj.xlsx", xlsx(None, None, List1=rows))

    assert about(submission) == ("70670", "accepted", 3, ["totals_row_left_out"])
    assert raw_rows(home, "trainings", "title, enrolled_persons, source_row") == [("IT", 9, 13)]


def test_hidden_rows_are_neither_accepted_nor_quarantined(home, hand_in):
    def hide(sheet) -> None:
        sheet.row_dimensions[7].hidden = True

    (submission,) = hand_in("izvestaj.xlsx", xlsx(hide, None, List1=[*ABOVE, *TABLE]))

    assert (about(submission), submission.quarantined_rows) == (("70670", "accepted", 1, ["rows_hidden"]), 0)
    assert raw_rows(home, "engagements", "source_row, engaged_persons") == [(8, 7)]


def test_an_error_cell_quarantines_its_row_and_a_formula_without_value_too(home, hand_in):
    def spoil(sheet) -> None:
        sheet["B7"], sheet["B8"] = "=1/0", "#REF!"
        sheet["B8"].data_type = "e"

    (submission,) = hand_in("izvestaj.xlsx", xlsx(spoil, None, List1=[*ABOVE, *TABLE, ["Škola", 4, 1]]))

    assert (submission.accepted_rows, submission.quarantined_rows) == (1, 2)
    assert [(finding.cell, finding.value_as_reported) for finding in submission.findings] == [("B7", "=1/0"), ("B8", "#REF!")]


def test_a_zip_of_reports_gives_a_submission_for_each(home, hand_in, tmp_path):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("Čačak/izvestaj.xlsx", xlsx(None, None, List1=[["Opština: Čačak"], *ABOVE[2:], *TABLE]))
        archive.writestr("../Užice.xls", xls([["Opština: Užice"], *ABOVE[2:], *TABLE]))
        archive.writestr("slika.jpg", b"\xff\xd8\xff\xe0")
        archive.writestr("~$izvestaj.xlsx", b"x")
    submissions = hand_in("izvestaji.zip", out.getvalue())

    assert [(each.file, each.municipality_code, each.status) for each in submissions] == [
        ("izvestaji.zip/Čačak/izvestaj.xlsx", "71242", "accepted"),
        ("izvestaji.zip/Užice.xls", "79065", "accepted"),
        ("izvestaji.zip/slika.jpg", None, "refused"),
    ]


def test_a_locked_zip_is_refused_as_such(hand_in):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.csv", b"a;b")
    content = bytearray(out.getvalue())
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + flags] |= 1
    (submission,) = hand_in("izvestaji.zip", bytes(content))

    assert (submission.status, [finding.rule for finding in submission.findings]) == ("refused", ["file_encrypted"])


def test_a_folder_is_taken_in_whole(home, tmp_path):
    folder = tmp_path / "izvestaji"
    (folder / "2024").mkdir(parents=True)
    (folder / "2024" / "Čačak.xlsx").write_bytes(xlsx(None, None, List1=[["Opština: Čačak"], *ABOVE[2:], *TABLE]))
    (folder / "Užice.ods").write_bytes(ods([["Opština: Užice"], *ABOVE[2:], *TABLE]))
    (folder / ".skriveno.csv").write_bytes(b"a;b")
    outcome = pipeline.ingest(home, [folder], IngestOptions())

    assert [(each.file, each.municipality_code) for each in outcome.submissions] == [("Čačak.xlsx", "71242"), ("Užice.ods", "79065")]


def test_tables_side_by_side_both_go_in_with_the_cells_of_their_own_columns(home, hand_in):
    rows = [
        *ABOVE,
        ["Poslodavac", "Angažovana lica", None, "Oznaka granta", "Odobreni iznos (EUR)"],
        ["JKP", 12, None, "G-1", "1.500,50"],
        ["Dom", "mnogo", None, "G-2", "700"],
    ]
    (submission,) = hand_in("t.xlsx", xlsx(None, None, List1=rows))

    assert (submission.municipality_code, submission.status, submission.accepted_rows) == ("70670", "partly_accepted", 3)
    assert errors_of(submission) == [("number_unreadable", "B8")]
    assert raw_rows(home, "grants", "grant_ref, awarded_amount, currency") == [("G-1", Decimal("1500.50"), "EUR"), ("G-2", Decimal("700.00"), "EUR")]


def test_a_currency_of_the_heading_fills_the_row_and_one_beside_the_amount_must_agree(home, hand_in):
    rows = [*ABOVE, ["Oznaka granta", "Odobreni iznos (RSD)"], ["G-1", 500_000], ["G-2", "5.000 €"], ["G-3", None]]
    (submission,) = hand_in("t.xlsx", xlsx(None, None, List1=rows))

    assert raw_rows(home, "grants", "grant_ref, currency, is_quarantined") == [("G-1", "RSD", False), ("G-2", "EUR", True), ("G-3", None, False)]
    assert errors_of(submission) == [("currency_disagrees", "B8")]


def test_a_currency_column_holds_where_the_heading_names_none(home, hand_in):
    rows = [*ABOVE, ["Oznaka granta", "Odobreni iznos", "Valuta"], ["G-1", 500, "EUR"]]
    hand_in("t.xlsx", xlsx(None, None, List1=rows))

    assert raw_rows(home, "grants", "grant_ref, currency") == [("G-1", "EUR")]


def test_a_hidden_sheet_is_named_and_never_used(home, hand_in):
    def hide(sheet) -> None:
        sheet.sheet_state = "hidden" if sheet.title == "Prošla godina" else "visible"

    content = xlsx(hide, None, **{"List1": [*ABOVE, *TABLE], "Prošla godina": [*ABOVE, TABLE[0], ["Škola", 100, 50]]})
    (submission,) = hand_in("izvestaj.xlsx", content)

    assert about(submission) == ("70670", "accepted", 2, ["sheet_hidden"])
    assert submission.findings[0].sheet == "Prošla godina"
    assert raw_rows(home, "engagements", "source_sheet, engaged_persons") == [("List1", 12), ("List1", 7)]


SAID = {
    "engagements": ("да", "data"),
    "grants": ("нема активности", "nothing"),
    "trainings": ("nema aktivnosti", "nothing"),
    "equipment": ("da", "not_known"),
    "services": ("x", "not_known"),
    "events": ("ne", "not_known"),
    "local_plans": ("нема податок", "not_known"),
    "household_support": ("yes", "not_known"),
}


def test_what_the_first_sheet_says_of_each_section_is_understood_and_a_mere_no_is_not_nothing(home, hand_in):
    words = [[load_sections()[section].labels["sr-Latn"], word] for section, (word, _) in SAID.items()]
    first = [["Opština", "Kruševac"], ["Program", "SAMPLE"], ["Period", "2024-Q1"], [], *words]
    (submission,) = hand_in("izvestaj.xlsx", xlsx(None, None, **{"Izveštaj": first, "Angažovani radnici": TABLE}))

    said = {row["section"]: row["said"] for row in Ledger(home.ledger).select("select section, said from submission_sections")}
    assert said == {section: meant for section, (_, meant) in SAID.items()}
    assert [(finding.rule, finding.cell) for finding in submission.findings] == [
        ("section_said_data_but_empty", "B8"),
        ("section_said_data_but_empty", "B9"),
        ("section_said_data_but_empty", "B12"),
        ("section_empty_not_said", "B10"),
    ]


def test_a_workbook_whose_only_table_is_hidden_is_refused_and_says_that_it_is_hidden(hand_in):
    def hide(sheet) -> None:
        sheet.sheet_state = "visible" if sheet.title == "Dopis" else "hidden"

    (submission,) = hand_in("izvestaj.xlsx", xlsx(hide, None, Dopis=[["Poštovani, u prilogu je izveštaj."]], Podaci=[*ABOVE, *TABLE]))

    assert about(submission) == (None, "refused", 0, ["no_known_sheet", "sheet_hidden"])
    assert submission.findings[1].sheet == "Podaci"


def test_labels_without_a_table_are_refused_as_saying_nothing(hand_in):
    (submission,) = hand_in("izvestaj.xlsx", xlsx(None, None, List1=ABOVE))

    assert about(submission) == (None, "refused", 0, ["no_rows"])


# Letters of the other script, soft hyphens, spaces of no width, words broken by hand over two lines: as they come out of text processors.
DECEIVING = [
    ["Oпштинa: Крyшевац", "Poslodavac", "Бpoj ангажованих"],
    ["Op\u00adština:\u00a0Kru\u00adševac", "Poslo\u200bdavac", "Broj angažo-\nvanih"],
    ["\ufeffОпштина:\nКрушевац", "Послодавац\n", "Ангажо\u00adвана\u00a0лица"],
]


@pytest.mark.parametrize(("place", "employer", "persons"), DECEIVING)
def test_labels_and_headings_are_read_as_they_look(home, hand_in, place, employer, persons):
    (submission,) = hand_in("t.xlsx", xlsx(None, None, List1=[[place], *ABOVE[2:], [employer, persons], ["JKP", "\u00a07\u200b"]]))

    assert about(submission) == ("70670", "accepted", 1, [])
    assert raw_rows(home, "engagements", "employer_name, engaged_persons") == [("JKP", 7)]


# All at once: labels, two rows of headings, units, subtotals and a false total, several municipalities, notes, in windows-1251 with semicolons.
ALL_AT_ONCE = """\
Преглед ангажованих лица по општинама;;;;;;;
Програм: SAMPLE;;;;;;;
Период: јануар–март 2024.;;;;;;;
;;;;;;;
Р.бр.;Општина;Послодавац;Почетак ангажовања;Ангажовани;;;Напомена
;;;;укупно;жене;Роми;
;;;;лица;лица;лица;
1;Град Крушевац;ЈКП „Водовод“;01.02.2024.;1.234;500;120;
2;Град Крушевац;Удружење;15.02.2024.;око 30;12;/;без података
;Укупно Крушевац;;;1.264;512;120;
3;Општина Рача;ЈКП „Рача“;март 2024;30+;н/а;нема податка;
4;ГО Нови Београд;Град;1.3.2024;15;7;3*;
;Укупно;;;1.409;519;124;
*) процена
Саставила: Служба
"""


def test_all_habits_at_once_are_read_to_the_cell(home, hand_in):
    submissions = sorted(hand_in("pregled.csv", ALL_AT_ONCE.encode("cp1251")), key=lambda each: (-each.accepted_rows, each.municipality_code))

    assert [about(each)[:3] for each in submissions] == [("70670", "accepted", 2), ("70181", "accepted", 1), ("71013", "accepted", 1)]
    assert [(finding.rule, finding.cell) for each in submissions for finding in each.findings] == [
        ("totals_row_left_out", None),
        ("totals_row_left_out", None),
        ("totals_differ", "E13"),
        ("notes_left_out", None),
        ("footnote_mark", "G12"),
    ]
    columns = "source_row, started_on_edtf, engaged_persons, engaged_persons_qualifier, engaged_women, engaged_roma, engaged_roma_qualifier, note"
    assert raw_rows(home, "engagements", columns) == [
        (8, "2024-02-01", 1234, "exact", 500, 120, "exact", None),
        (9, "2024-02-15", 30, "about", 12, None, None, None),
        (11, "2024-03", 30, "at_least", None, None, None, None),
        (12, "2024-03-01", 15, "exact", 7, 3, "about", None),
    ]
