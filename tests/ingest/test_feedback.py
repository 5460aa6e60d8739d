"""The answer to a report: the sender's own workbook, its failing cells marked and explained, and nothing else of it changed."""

import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from lxml import etree
from openpyxl import load_workbook

from ingest.feedback import feedback_text, write_feedback
from munimon import pipeline
from munimon.results import IngestOptions
from munimon.settings import Home, MunimonError
from tests.ingest.binary_files import ods, xls, xlsb
from tests.ingest.clerks_workbook import VBA, read_parts, write_clerks_workbook

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ENGAGEMENTS, TRAININGS, GRANTS = "Ангажирани работници", "Обуки", "Грантови"
ALLOWED = (
    "Јавно комунално претпријатие, Јавна установа, Локална самоуправа, Приватно претпријатие, Самостоен вршител на дејност, Задруга, "
    "Социјално претпријатие, Граѓанска организација, Друго"
)
MESSAGES = {
    (ENGAGEMENTS, "H4"): "Ова не е број: „дванаесет“. Запишете само цифри, на пример 30, или „-“ ако податокот не е познат.",
    (ENGAGEMENTS, "I5"): "Ангажирани жени (32) е повеќе од Ангажирани лица (30). Исправете го податокот што не е точен.",
    (ENGAGEMENTS, "D6"): f"Овој одговор не е на списокот: „фирма“. Изберете нешто од ова: {ALLOWED}.",
    (ENGAGEMENTS, "F7"): "Почеток на ангажманот (3 април 2024) е по крајот на периодот наведен на првиот лист (31 март 2024). "
    "Проверете ги датумот и периодот.",
    (ENGAGEMENTS, "G8"): "Крај на ангажманот (1 февруари 2024) е пред Почеток на ангажманот (1 март 2024). "
    "Проверете ги денот, месецот и годината на двата датума.",
    (ENGAGEMENTS, "H9"): "Овде може да стои само цел број, а 2,5 не е. Исправете го бројот.",
    (TRAININGS, "F4"): "Таков датум не постои, или е пред 1990 или по 2100 година: „31.02.2024“. Исправете го денот, месецот или годината.",
    (TRAININGS, "F5"): "Ова не е датум што може да се прочита: „на пролет“. "
    "Запишете го како 13.11.2015 или само месецот (11.2015) или годината (2015).",
    (TRAININGS, "I6"): "Бројот е помал од нула (-3). Запишете 0 или поголем број, или „-“ ако податокот не е познат.",
    (TRAININGS, "L7"): "Лица што ја завршиле обуката (9) е повеќе од Запишани лица (8). Исправете го податокот што не е точен.",
    (GRANTS, "H4"): "Доделен износ (1234) е невообичаено во наведената валута: обично е од 6150 до 307.500.000. Проверете ги износот и валутата.",
    (
        GRANTS,
        "H5",
    ): "Износот е без валута. Останува како што е запишан, но неговата вредност во евра не е позната; изберете RSD, MKD, EUR, USD, CHF или GBP.",
}
WARNINGS = {(ENGAGEMENTS, "F7"), (GRANTS, "H4"), (GRANTS, "H5")}
COMMENTS = {place: f"{'Предупредување' if place in WARNINGS else 'Грешка'}\n{said}" for place, said in MESSAGES.items()}
# What stood in the workbook before.
OWN = {(ENGAGEMENTS, "A3"): "Проверено", (ENGAGEMENTS, "I5"): "Од дневникот за работа"}
TEXT = f"""\
Извештај: Битола, SAMPLE, 2024-Q1
Датотека: izvestaj.xlsm, испратена на 10 април 2024. Број на извештајот: SUBMISSION
Извештајот е делумно преземен. Преземени редови: 6. Редови што чекаат исправка: 9.

ГРЕШКИ (9): она што не влегува додека не се исправи
- Лист „{ENGAGEMENTS}“, ќелија H4: {MESSAGES[ENGAGEMENTS, "H4"]}
- Лист „{ENGAGEMENTS}“, ќелија I5: {MESSAGES[ENGAGEMENTS, "I5"]}
- Лист „{ENGAGEMENTS}“, ќелија D6: {MESSAGES[ENGAGEMENTS, "D6"]}
- Лист „{ENGAGEMENTS}“, ќелија G8: {MESSAGES[ENGAGEMENTS, "G8"]}
- Лист „{ENGAGEMENTS}“, ќелија H9: {MESSAGES[ENGAGEMENTS, "H9"]}
- Лист „{TRAININGS}“, ќелија F4: {MESSAGES[TRAININGS, "F4"]}
- Лист „{TRAININGS}“, ќелија F5: {MESSAGES[TRAININGS, "F5"]}
- Лист „{TRAININGS}“, ќелија I6: {MESSAGES[TRAININGS, "I6"]}
- Лист „{TRAININGS}“, ќелија L7: {MESSAGES[TRAININGS, "L7"]}

ПРЕДУПРЕДУВАЊА (4): она што е преземено, но треба да се провери
- Лист „{ENGAGEMENTS}“, ќелија F7: {MESSAGES[ENGAGEMENTS, "F7"]}
- Лист „{GRANTS}“, ќелија H4: {MESSAGES[GRANTS, "H4"]}
- Лист „{GRANTS}“, ќелија H5: {MESSAGES[GRANTS, "H5"]}
- Лист „Пресметка“: Листот „Пресметка“ не е дел од извештајот и е изоставен.

Што понатаму: исправете ги означените ќелии, зачувајте ја работната книга и испратете ни ја повторно целата датотека. \
Листот со списокот и коментарите може да останат во неа.
"""


def comments_of(path: Path) -> dict[tuple[str, str], str]:
    """Every comment by sheet and cell."""
    return {
        (sheet.title, cell.coordinate): cell.comment.text for sheet in load_workbook(path).worksheets for row in sheet for cell in row if cell.comment
    }


def texts_of(path: Path, sheet: str) -> list[list[str]]:
    """The filled cells of a sheet, row by row."""
    return [[str(cell) for cell in row if cell is not None] for row in load_workbook(path)[sheet].values]


def part_of(parts: Mapping[str, bytes], sheet: str) -> str:
    """The part that holds a sheet."""
    number = re.search(rf'name="{sheet}"[^>]*r?:?id="(rId\d+)"'.encode(), parts["xl/workbook.xml"])
    assert number
    relation = next(each for each in etree.fromstring(parts["xl/_rels/workbook.xml.rels"]) if each.get("Id") == number[1].decode())
    return "xl/" + relation.get("Target").removeprefix("/xl/")


def without_marks(before: bytes, after: bytes) -> bytes:
    """A marked sheet, its marks taken away again: in canonical XML."""
    old, new = etree.fromstring(before), etree.fromstring(after)
    styles = {cell.get("r"): cell.get("s") for cell in old.iter(f"{MAIN}c")}
    for cell in list(new.iter(f"{MAIN}c")):
        if cell.get("r") not in styles:
            cell.getparent().remove(cell)
        elif styles[cell.get("r")] is None:
            cell.attrib.pop("s", None)
        else:
            cell.set("s", styles[cell.get("r")])
    for name in ("row", "legacyDrawing"):
        known = {each.get("r") for each in old.iter(f"{MAIN}{name}")}
        for each in list(new.iter(f"{MAIN}{name}")):
            if each.get("r") not in known:
                each.getparent().remove(each)
    return etree.tostring(new, method="c14n")


@pytest.fixture
def answer(home, tmp_path, send_one):
    """Hands a file in and writes the answer to it; returns the file written and the submission."""

    def write(path, language=None, **options):
        submission = send_one(path, **options)
        return write_feedback(home, submission.submission_id, tmp_path / "answer.xlsx", language), submission

    return write


@pytest.fixture(scope="module")
def clerks(tmp_path_factory):
    """The clerk's workbook with macros, as it was sent and as it was answered, and the plain text beside it."""
    folder = tmp_path_factory.mktemp("clerks")
    home = Home(folder / "home")
    sent = write_clerks_workbook(folder / "izvestaj.xlsm")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("MUNIMON_NOW", "2024-04-10T12:00")
        environment.setenv("MUNIMON_ACTOR", "coordinator")
        (submission,) = pipeline.ingest(home, [sent], IngestOptions()).submissions
        written = write_feedback(home, submission.submission_id, folder / "answer.xlsx")
        return sent, written, feedback_text(home, submission.submission_id).replace(submission.submission_id, "SUBMISSION")


def test_a_workbook_filled_wrongly_in_twelve_ways_comes_back_with_twelve_comments_and_is_otherwise_as_it_was(clerks):
    sent, written, text = clerks

    # the comments that stood there keep their text; where a finding is made on such a cell, ours follows
    expected = {**COMMENTS, **OWN, (ENGAGEMENTS, "I5"): f"{OWN[ENGAGEMENTS, 'I5']}\n\n{COMMENTS[ENGAGEMENTS, 'I5']}"}
    assert comments_of(written) == expected
    assert text == TEXT

    before, after = read_parts(sent), read_parts(written)
    marked = [part_of(before, sheet) for sheet in (ENGAGEMENTS, TRAININGS, GRANTS)]
    drawing = next(name for name in before if name.endswith(".vml"))
    touched = {*marked, drawing, "xl/comments/comment1.xml", "xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"}
    assert {name for name in before if before[name] != after[name]} == touched
    assert {name for name in after if name not in before} == {
        "xl/worksheets/munimon.xml",
        *(f"xl/comments{number}.xml" for number in ("", 2)),
        *(f"xl/drawings/vmlDrawing{number}.vml" for number in ("", 2)),
        *(f"xl/worksheets/_rels/{Path(name).name}.rels" for name in marked[1:]),
    }
    for name in marked:
        old = before[name].replace(b' tabSelected="1"', b"")
        assert without_marks(old, after[name]) == etree.tostring(etree.fromstring(old), method="c14n")
    # styles are only added to, and a marked cell's differs from its own by the fill alone
    old_styles, new_styles = (etree.fromstring(parts["xl/styles.xml"]) for parts in (before, after))
    for old_group, new_group in zip(old_styles, new_styles, strict=True):
        assert [etree.tostring(each) for each in old_group] == [etree.tostring(each) for each in new_group][: len(old_group)]
    books = load_workbook(sent), load_workbook(written)
    for sheet, cell in COMMENTS:
        was, now = (book[sheet][cell] for book in books)
        kept = [[getattr(each, name) for name in ("value", "number_format")] for each in (was, now)]
        looks = [[repr(getattr(each, name)) for name in ("font", "border", "alignment", "protection")] for each in (was, now)]
        assert (kept[0], looks[0]) == (kept[1], looks[1])
        assert now.fill.patternType == ("solid" if (sheet, cell) not in WARNINGS else "lightUp")


def test_the_list_comes_first_names_every_finding_and_leads_to_its_cell(clerks):
    _, written, _ = clerks
    book = load_workbook(written)
    sheet = book.worksheets[0]

    assert (book.sheetnames[0], book.active.title) == ("Што да се исправи", "Што да се исправи")
    assert [each.title for each in book.worksheets if each.sheet_view.tabSelected] == ["Што да се исправи"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=9)]
    assert [(row[2], row[3]) for row in rows[:12]] == sorted(MESSAGES, key=WARNINGS.__contains__)
    assert rows[0] == ["1", "✖ Грешка", ENGAGEMENTS, "H4", MESSAGES[ENGAGEMENTS, "H4"], "дванаесет", "Ангажирани лица"]
    assert rows[12] == ["13", "△ Предупредување", "Пресметка", None, "Листот „Пресметка“ не е дел од извештајот и е изоставен.", None, None]
    assert sheet["D9"].hyperlink.location == f"'{ENGAGEMENTS}'!H4"


def test_names_areas_and_titles_stay_with_their_sheets_and_macros_stay_in_the_workbook(clerks):
    sent, written, _ = clerks
    before, after = load_workbook(sent), load_workbook(written)

    assert written == sent.with_name("answer.xlsm")
    assert read_parts(written)["xl/vbaProject.bin"] == VBA
    assert b"macroEnabled" in read_parts(written)["[Content_Types].xml"]
    assert {name: each.attr_text for name, each in after.defined_names.items()} == {
        name: each.attr_text for name, each in before.defined_names.items()
    }
    for sheet in before.worksheets:
        now = after[sheet.title]
        assert (now.print_title_rows, now.print_area, now.freeze_panes) == (sheet.print_title_rows, sheet.print_area, sheet.freeze_panes)
    assert after.sheetnames[1:] == before.sheetnames
    assert load_workbook(written, data_only=True)["Пресметка"]["B4"].value == 42


def test_a_report_without_a_finding_gets_a_receipt(home, tmp_path, report, answer):
    sent = report()
    written, submission = answer(sent)

    before, after = read_parts(sent), read_parts(written)
    assert {name for name in before if before[name] != after[name]} == {
        "xl/styles.xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "[Content_Types].xml",
    }
    assert texts_of(written, "Potvrda o prijemu") == [
        ["Vaš izveštaj je primljen"],
        ["Izveštaj: Kruševac, SAMPLE, 2024-Q1"],
        [f"Datoteka: report.xlsx, poslata 10. aprila 2024. Broj izveštaja: {submission.submission_id}"],
        ["Izveštaj je preuzet. Preuzetih redova: 1."],
        ["Nije nađeno ništa što treba ispraviti. Ne treba ništa da radite."],
    ]
    assert feedback_text(home, submission.submission_id, "sq").splitlines()[-1] == "Nuk u gjet asgjë për t'u korrigjuar. Nuk keni ç'të bëni."


def test_a_table_of_text_is_answered_with_a_copy_of_its_rows_that_repeats_nobodys_code(table, answer):
    heading = ("municipality", "programme", "period", "engagement_ref", "person_ref", "employer_name", "engaged_persons")
    rows = [("Kruševac", "SAMPLE", "2024-Q1", f"=A-{number}", f"secret-{number}", "secret name", 1) for number in range(1, 9)]
    path = table("engagements.csv", heading, *rows, ("Kruševac", "SAMPLE", "2024-Q1", "@A-9", "secret-9", "secret name", "many"))
    written, _ = answer(path, "en")
    book = load_workbook(written)

    assert book.sheetnames == ["What to mend", "engagements"]
    assert [row[:1] for row in texts_of(written, "What to mend")][4] == [
        "Cells cannot be marked in a file of this kind (csv). Therefore this is a workbook of its own: this list, and a readable copy of the rows it "
        "names. Mend your own file, not this one."
    ]
    assert comments_of(written) == {
        ("engagements", "G10"): "Error\nThis is not a number: “many”. Write digits only, for example 30, or “-” if it is not known."
    }
    copied = texts_of(written, "engagements")
    assert [copied[0], *copied[7:]] == [
        list(heading),
        ["Kruševac", "SAMPLE", "2024-Q1", "=A-7", "•••", "•••", "1"],
        ["Kruševac", "SAMPLE", "2024-Q1", "=A-8", "•••", "•••", "1"],
        ["Kruševac", "SAMPLE", "2024-Q1", "@A-9", "•••", "•••", "many"],
    ]
    assert not any("secret" in content.decode("utf-8", "ignore") for content in read_parts(written).values())
    formulas = [book["engagements"][cell] for cell in ("D9", "D10")]
    assert [(cell.data_type, cell.quotePrefix) for cell in formulas] == [("s", True), ("s", True)]


@pytest.mark.parametrize("kind", [xls, xlsb, ods])
def test_a_workbook_of_a_kind_that_is_not_written_is_answered_with_one_that_says_so(tmp_path, answer, kind):
    heading = ("municipality", "programme", "period", "engagement_ref", "employer_name", "engaged_persons")
    rows = [heading, ("Kruševac", "SAMPLE", "2024-Q1", "A-1", "secret", 3), ("Kruševac", "SAMPLE", "2024-Q1", "A-2", "secret", "many")]
    path = tmp_path / f"report.{kind.__name__}"
    path.write_bytes(kind(rows, name="Engaged"))
    written, submission = answer(path, "en")

    assert submission.status == "partly_accepted"
    assert written.suffix == ".xlsx" and load_workbook(written).sheetnames == ["What to mend", "Engaged"]
    assert texts_of(written, "What to mend")[4] == [
        f"Cells cannot be marked in a file of this kind ({kind.__name__}). Therefore this is a workbook of its own: this list, and a readable copy "
        "of the rows it names. Mend your own file, not this one."
    ]
    assert list(comments_of(written)) == [("Engaged", "F3")]
    assert texts_of(written, "Engaged")[2] == ["Kruševac", "SAMPLE", "2024-Q1", "A-2", "•••", "many"]


@pytest.mark.parametrize("text", ["=1+1", "+1+1", "-1+1", "@SUM(1)"])
def test_text_like_a_formula_stays_text_in_the_list_and_in_the_marked_cell(report, answer, text):
    written, _ = answer(report(rows={"engagements": [{"engagement_ref": "A-1", "employer_type": text, "engaged_persons": 3}]}, language="en"))
    book = load_workbook(written)
    cells = [cell for sheet in (book.worksheets[0], book["Engaged workers"]) for row in sheet for cell in row if cell.value == text]

    assert [(cell.coordinate, cell.data_type, cell.quotePrefix) for cell in cells] == [("F9", "s", True), ("D3", "s", True)]


def test_a_file_of_which_nothing_is_kept_is_answered_with_a_list_that_says_so(tmp_path, answer):
    path = tmp_path / "report.xlsx"
    path.write_bytes(b"PK\x03\x04 not a workbook")
    written, submission = answer(path, "sr-Latn")

    rows = texts_of(written, "Šta ispraviti")
    assert rows[3:5] == [
        ["Ništa iz datoteke nije sačuvano, pa u njoj nije označena nijedna ćelija. Ovo je posebna sveska."],
        ["Šta dalje: ispravite navedeno u svojoj datoteci i pošaljite nam ponovo celu datoteku."],
    ]
    assert submission.status == "refused"
    assert rows[-1][:2] == ["1", "✖ Greška"]


def test_a_report_from_a_zip_is_answered_with_its_own_workbook_and_its_own_findings(home, tmp_path, report, send):
    one = report("one.xlsx", rows={"engagements": [{"engaged_persons": "many"}]})
    two = report("two.xlsx", municipality="Čačak", rows={"engagements": [{"engaged_persons": -1}]})
    with zipfile.ZipFile(tmp_path / "both.zip", "w") as archive:
        for path in (one, two):
            archive.write(path, f"region/{path.name}")
    places = {"70670": "Kruševac", "71242": "Čačak"}
    for submission in send(tmp_path / "both.zip").submissions:
        written = write_feedback(home, submission.submission_id, tmp_path / "answer.xlsx", "en")
        assert list(comments_of(written)) == [("Angažovani radnici", "H3")]
        assert load_workbook(written)["Izveštaj"]["B3"].value == places[submission.municipality_code]


def test_of_a_table_of_many_municipalities_each_is_told_its_own_cells(home, tmp_path, report, send):
    rows = [{"municipality": name, "engaged_persons": count} for name, count in (("Kruševac", "many"), ("Čačak", "few"), ("Kruševac", "some"))]
    path = report(rows={"engagements": rows}, municipality=None, language="en")
    told = {
        submission.municipality_code: set(comments_of(write_feedback(home, submission.submission_id, tmp_path / "answer.xlsx", None)))
        for submission in send(path).submissions
    }

    assert told["70670"] == {("Engaged workers", "I3"), ("Engaged workers", "I5")}
    assert ("Engaged workers", "I4") in told["71242"] and len(told["71242"]) == 1


def test_the_same_mistake_in_many_cells_is_said_once_in_an_email(home, report, send_one):
    rows = [{"engagement_ref": f"A-{number}", "engaged_persons": text} for number, text in enumerate(["many"] * 15 + ["few"])]
    submission = send_one(report(rows={"engagements": rows}, language="en"))
    amounts = [line for line in feedback_text(home, submission.submission_id).splitlines() if line.startswith("- ")]

    assert amounts == [
        "- Sheet “Engaged workers”, cell H3: This is not a number: “many”. Write digits only, for example 30, or “-” if it is not known. "
        "The same kind of mistake is also in: H4, H5, H6, H7, H8, H9, H10, H11, H12, H13, H14, H15 and 3 more."
    ]


def test_a_language_that_is_none_of_the_five_is_refused(home, report, send_one):
    submission = send_one(report())
    with pytest.raises(MunimonError, match="--language 'de': not known; use en, sr-Latn, sr-Cyrl, mk, sq"):
        feedback_text(home, submission.submission_id, "de")


def test_a_large_process_reads_the_copy_all_the_same(table, answer):
    held = bytearray(400 * 2**20)  # the reading process inherits how large its parent once was
    written, _ = answer(
        table("engagements.csv", ("municipality", "programme", "period", "engaged_persons"), ("Kruševac", "SAMPLE", "2024", "x")), "en"
    )

    assert len(held) and load_workbook(written).sheetnames == ["What to mend", "engagements"]
