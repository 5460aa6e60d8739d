"""Each rule broken once, in a file as somebody would send it: the file, and the cell that is found."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

from ingest.preflight import LARGEST_FILE
from ingest.sections import load_sections
from ingest.templates import write_report
from tests.ingest.files import xlsx
from tests.ingest.forms import REGISTER_HEADINGS, REGISTER_ROWS, write_register
from tests.ingest.hostile_files import HOSTILE
from tests.ingest.mail_files import eml
from tests.ingest.personal_files import NUMBER

Row = Mapping[str, object]
Place = tuple[str | None, str | None]
"""Sheet and cell."""


@dataclass(frozen=True)
class Case:
    """A file that breaks a rule: how it is written for a municipality, where the rule finds it, and the options it is handed in with.

    `earlier` writes a report that was sent before it, by somebody else.
    """

    rule: str
    write: Callable[[Path, str], Path]
    place: Place
    options: Mapping[str, str] = field(default_factory=dict)
    earlier: Callable[[Path, str], Path] | None = None


def _form(path: Path, municipality: str | None, rows: Mapping[str, Sequence[Row]] | None = None, **parts: object) -> Path:
    """Our form in English, on the first quarter of 2024; engaged workers where nothing else is said."""
    filled = {"engagements": [{"engagement_ref": "A-1", "engaged_persons": 12}]} if rows is None else rows
    sections = parts.pop("sections", list(filled) or ["engagements"])
    said = {"language": "en", "municipality": municipality, "programme": "SAMPLE", "period": "2024-Q1", "statement": "replaces", **parts}
    return write_report(path.with_suffix(".xlsx"), rows=filled, sections=sections, **said)  # type: ignore[arg-type]


def _in_form(rule: str, cell: str, **parts: object) -> Case:
    """A form whose report sheet breaks the rule."""
    return Case(rule, lambda path, place: _form(path, **({"municipality": place} | parts)), ("Report", cell))  # type: ignore[arg-type]


def _in_rows(rule: str, section: str, field_name: str, *rows: Row, **parts: object) -> Case:
    """A form whose last row breaks the rule; the first of the section stands in row 3."""
    sheet = load_sections()[section]
    letter = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[[each.name for each in sheet.fields].index(field_name)]
    place = (sheet.labels["en"], f"{letter}{2 + len(rows)}")
    return Case(rule, lambda path, municipality: _form(path, municipality, {section: rows}, **parts), place)


def _changed(rule: str, place: Place, change: Callable[[Workbook], object], **parts: object) -> Case:
    """A form that somebody has changed."""

    def write(path: Path, municipality: str) -> Path:
        written = _form(path, **({"municipality": municipality} | parts))  # type: ignore[arg-type]
        book = load_workbook(written)
        change(book)
        book.save(written)
        return written

    return Case(rule, write, place)


def _bytes(rule: str, name: str, content: bytes | Callable[[], bytes], place: Place = (None, None), **options: str) -> Case:
    """A file of these bytes, whose name begins as the case's does."""

    def write(path: Path, _: str) -> Path:
        written = path.with_name(f"{path.stem}{name}")
        written.write_bytes(content if isinstance(content, bytes) else content())
        return written

    return Case(rule, write, place, options)


def _of_csv(rule: str, cell: str | None, *rows: Sequence[object]) -> Case:
    """A table of text; its sheet is called as its file."""
    text = "\n".join(";".join(map(str, row)) for row in rows)
    return Case(rule, lambda path, _: _write_text(path.with_suffix(".csv"), text), ("{file}", cell), {"programme": "SAMPLE", "period": "2024-Q1"})


def _write_text(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def _mail(rule: str, *attached: tuple[str, bytes] | str, **headers: str | None) -> Case:
    """A mail, with our form attached where "form" is said."""

    def write(path: Path, municipality: str) -> Path:
        form = (path.with_suffix(".xlsx").name, _form(path, municipality).read_bytes())
        path.with_suffix(".xlsx").unlink()
        written = path.with_suffix(".eml")
        written.write_bytes(eml(*(form if each == "form" else each for each in attached), **headers).as_bytes())  # type: ignore[arg-type]
        return written

    return Case(rule, write, (None, None))


def _register(rule: str, place: Place, **parts: object) -> Case:
    """Somebody else's form, which a layout reads."""
    return Case(rule, lambda path, _: write_register(path.with_suffix(".xlsx"), **parts), place, {"layout": "activity_register"})  # type: ignore[arg-type]


def _after_another(rule: str, statement: str | None, rows: Sequence[Row], **options: str) -> Case:
    """A report after another on the same period."""

    def write(rows: Sequence[Row], said: str | None) -> Callable[[Path, str], Path]:
        return lambda path, place: _form(path, place, {"engagements": rows}, statement=said)

    before = [{"engagement_ref": "A-1", "engaged_persons": 5}, {"engagement_ref": "A-2", "engaged_persons": 6}]
    return Case(rule, write(rows, statement), (None, None), options, write(before, "replaces"))


def _change(sheet: str, cell: str, value: object) -> Callable[[Workbook], object]:
    return lambda book: book[sheet].__setitem__(cell, value)


def _hide(book: Workbook) -> None:
    book["Engaged workers"].row_dimensions[3].hidden = True


def _part(book: Workbook) -> None:
    book["Engaged workers"].insert_rows(3)
    book["Engaged workers"]["I3"] = "plan"


def _hide_column(book: Workbook) -> None:
    book["Engaged workers"].column_dimensions["H"].hidden = True


def _hide_sheet(book: Workbook) -> None:
    own = book.create_sheet("Own")
    own["A1"], own.sheet_state = "x", "hidden"


def _merge_nothing(sheet: Worksheet) -> None:
    sheet.cell(1_048_576, 16_384, "x")


def _comment(book: Workbook) -> None:
    book["Engaged workers"]["A3"].comment = Comment(NUMBER, "office")


ENGAGED, OFFICE = "Engaged workers", ("municipality", "engagement_ref", "engaged_persons")
KRUSEVAC, WINMAIL = "70670", b"\x78\x9f\x3e\x22" + bytes(64)
ENCRYPTED = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(512) + "EncryptedPackage".encode("utf-16-le") + bytes(512)
TWO_PLANS = {"plan_type": "Local social plan", "valid_from_year": 2024, "valid_to_year": 2027}
FEBRUARY = {"started_on": date(2024, 2, 1), "ended_on": date(2024, 2, 9)}

ALIKE = {
    "engagements": [{"engagement_ref": "A-1", "employer_name": "JKP Vodovod Kruševac", "engaged_persons": 3}],
    "trainings": [{"training_ref": "T-1", "organiser_name": "JKP Vodovod Kruševca", "enrolled_persons": 3}],
}
# What the test adds to the reference tables: a ratio to be judged, another layout of the same form, a programme that may send data on persons.
OWN_RATIO = ',trainings,hours/enrolled_persons,1,200,"Hours of one course for each who enrolled."\n'
SAME_LAYOUT, MAY_SEND = "activity_register", "RS-GIZ-ZZZ"

CASES: Sequence[Case] = (
    # the file
    _bytes("file_empty", ".xlsx", b""),
    _bytes("file_unreadable", ".xlsx", b"PK\x03\x04 cut off"),
    _bytes("file_encrypted", ".xlsx", ENCRYPTED),
    _bytes("file_too_large", ".xlsx", lambda: b"x" * (LARGEST_FILE + 1)),
    _bytes("file_type_unknown", ".pdf", b"%PDF-1.7 a letter"),
    _bytes("cells_far_away", ".xlsx", lambda: xlsx(_merge_nothing, Data=[["Engaged persons"], [1]])),
    _bytes("cells_too_many", ".csv", lambda: b";" * (60 * 2**20)),
    _bytes("sheets_too_many", ".xlsx", next(file.make for file in HOSTILE if file.rule == "sheets_too_many")),
    _bytes("name_says_otherwise", ".csv", lambda: xlsx(**{ENGAGED: [OFFICE, (KRUSEVAC, "A-1", 3)]}), programme="SAMPLE", period="2024-Q1"),
    _bytes("no_known_sheet", ".xlsx", lambda: xlsx(List1=[["some", "text"], ["here", "only"]])),
    _bytes("no_rows", ".csv", ";".join(OFFICE).encode()),
    _bytes("no_known_column", ".xlsx", lambda: xlsx(**{ENGAGED: [["engaged_persons"], ["plan", "actual"], [3, 4]]})),
    # the mail
    _mail("mail_without_report"),
    _bytes("mail_winmail", "winmail.dat", WINMAIL),
    _mail("mail_date_unusable", "form", sent="Fri, 12 Apr 2090 10:30:00 +0200"),
    _mail("attachment_left_out", "form", ("dopis.pdf", b"%PDF-1.7 a letter")),
    # somebody else's form
    _register("layout_sheet_missing", (None, None), sheet="List1"),
    _register("layout_heading_missing", (None, None), headings=[REGISTER_HEADINGS[0], ("Место", None), *REGISTER_HEADINGS[2:]]),
    _register("layout_row_not_taken", ("Регистар 2024", "D5"), rows=[REGISTER_ROWS[4]]),
    Case("layouts_two_fit", lambda path, _: write_register(path.with_suffix(".xlsx")), (None, None)),
    # data on persons
    _changed("personal_data_allowed", (None, None), _change(ENGAGED, "B3", NUMBER), programme=MAY_SEND),
    _changed("personal_number", (ENGAGED, "B3"), _change(ENGAGED, "B3", NUMBER)),
    _changed("personal_number_unseen", (None, None), _comment),
    _of_csv("personal_number_column", "D2", (*OFFICE, "JMBG"), (KRUSEVAC, "A-1", 1, "nepotpun 0101")),
    _of_csv("personal_names", "D2", (*OFFICE, "Ime i prezime"), (KRUSEVAC, "A-1", 1, "Petar Petrović")),
    _of_csv("personal_contact", "D2", (*OFFICE, "Napomena"), (KRUSEVAC, "A-1", 1, "zvati na 064/123-4567")),
    # about whom and what
    _in_form("municipality_missing", "B3", municipality=None),
    _in_form("municipality_unclear", "B3", municipality="Kruševic"),
    _in_form("programme_missing", "B4", programme=None),
    _in_form("programme_unknown", "B4", programme="SAMPEL"),
    _in_form("period_missing", "B5", period=None),
    _in_form("period_unreadable", "B5", period="in spring"),
    _in_form("period_ambiguous", "B5", period="IV 2024."),
    _in_form("outside_programme_time", "B5", period="2001-Q1"),
    Case("name_disagrees_with_options", lambda path, place: _form(path, "Čačak"), ("Report", "B3"), {"municipality": "Kruševac"}),
    _changed("two_report_sheets", (None, None), lambda book: setattr(book.copy_worksheet(book["Report"]), "title", "Извештај")),
    # sheets and headings
    _changed("heading_unknown", (ENGAGED, "I2"), _change(ENGAGED, "I2", "Engaged womans")),
    _changed("heading_parted", (ENGAGED, "I2"), _part),
    _changed("heading_repeated", (ENGAGED, "I2"), _change(ENGAGED, "I2", "Engaged persons")),
    _changed("sheet_unknown", ("Training", None), lambda book: book.create_sheet("Training").append(["x"])),
    _changed("sheet_hidden", ("Own", None), _hide_sheet),
    _changed("rows_hidden", (ENGAGED, None), _hide),
    _changed("columns_hidden", (ENGAGED, None), _hide_column),
    _in_form("section_said_nothing_but_rows", "B11", said={"engagements": "nothing"}),
    _in_form("section_empty_not_said", "B12", sections=["engagements", "trainings"]),
    _in_form("section_said_data_but_empty", "B12", sections=["engagements", "trainings"], said={"trainings": "data"}),
    # rows
    _of_csv("row_without_values", None, OFFICE, (KRUSEVAC, "A-1", 3), (KRUSEVAC, "", "")),
    _of_csv("place_from_above", "A3", OFFICE, (KRUSEVAC, "A-1", 3), ("", "A-2", 4)),
    _changed("totals_row_left_out", (ENGAGED, None), lambda book: book[ENGAGED].cell(4, 1, "Total")),
    _in_rows(
        "totals_differ",
        "engagements",
        "engaged_persons",
        {"engagement_ref": "A-1", "engaged_persons": 12},
        {"engagement_ref": "Total", "engaged_persons": 13},
    ),
    _changed("notes_left_out", (ENGAGED, None), _change(ENGAGED, "A6", "* Filled in by the office for social affairs.")),
    _changed(
        "row_like_total",
        (ENGAGED, None),
        _change(ENGAGED, "A6", None),
        rows={"engagements": [{"employer_name": name, "engaged_persons": count} for name, count in (("A", 5), ("B", 7), ("All", 12), ("C", 24))]},
    ),
    # cells
    _in_rows("number_unreadable", "engagements", "engaged_persons", {"engaged_persons": "many"}),
    _in_rows("number_ambiguous", "engagements", "engaged_persons", {"engaged_persons": "1.234"}),
    _in_rows("none_or_unknown", "engagements", "engaged_persons", {"engaged_persons": "none"}),
    _in_rows("footnote_mark", "engagements", "engaged_persons", {"engaged_persons": "3*"}),
    _changed("footnote_multiplies", (ENGAGED, "H3"), _change(ENGAGED, "A6", "* in thousands"), rows={"engagements": [{"engaged_persons": "3*"}]}),
    _in_rows("number_negative", "engagements", "engaged_persons", {"engaged_persons": -3}),
    _in_rows("number_not_whole", "engagements", "engaged_persons", {"engaged_persons": 2.5}),
    _in_rows("number_too_large", "engagements", "engaged_persons", {"engaged_persons": 10**19}),
    _in_rows("number_formatted_as_date", "engagements", "engaged_persons", {"engaged_persons": date(2024, 3, 5)}),
    _in_rows("date_unreadable", "engagements", "started_on", {"started_on": "in spring"}),
    _in_rows("date_ambiguous", "engagements", "started_on", {"started_on": "03/04/2024"}),
    _in_rows("two_dates", "engagements", "started_on", {"started_on": "1.2.2024, 5.3.2024"}),
    _in_rows("date_impossible", "engagements", "started_on", {"started_on": "31.02.2024"}),
    _in_rows("year_unreadable", "local_plans", "valid_from_year", {"plan_type": "Local social plan", "valid_from_year": "soon"}),
    _in_rows("year_impossible", "local_plans", "valid_from_year", {"plan_type": "Local social plan", "valid_from_year": 1024}),
    _in_rows("code_unknown", "engagements", "employer_type", {"engaged_persons": 3, "employer_type": "club"}),
    _in_rows("error_cell", "engagements", "engaged_persons", {"engaged_persons": "#DIV/0!"}),
    _in_rows("value_of_other_type", "engagements", "engaged_persons", {"engaged_persons": True}),
    _in_rows("text_too_long", "trainings", "title", {"title": "x" * 20_000, "enrolled_persons": 3}),
    _in_rows("currency_missing", "grants", "awarded_amount", {"grant_ref": "G-1", "awarded_amount": 5000}),
    _in_rows("currency_disagrees", "grants", "awarded_amount", {"grant_ref": "G-1", "awarded_amount": "5000 EUR", "currency": "RSD"}),
    # figures beside each other
    _in_rows("more_than_whole", "engagements", "engaged_women", {"engaged_persons": 30, "engaged_women": 32}),
    _in_rows("may_be_more_than_whole", "engagements", "engaged_women", {"engaged_persons": "about 30", "engaged_women": 32}),
    _in_rows(
        "parts_exceed_whole",
        "engagements",
        "engaged_roma_women",
        {"engaged_persons": 30, "engaged_women": 20, "engaged_roma": 25, "engaged_roma_women": 10},
    ),
    _in_rows(
        "parts_may_exceed_whole",
        "engagements",
        "engaged_roma_women",
        {"engaged_persons": 30, "engaged_women": 20, "engaged_roma": "about 25", "engaged_roma_women": 10},
    ),
    _in_rows("contradicts_row", "engagements", "engaged_women", {"engaged_persons": 3, "engaged_women": 1, "sex": "male"}),
    _in_rows("ends_before_it_starts", "engagements", "ended_on", {"started_on": date(2024, 3, 1), "ended_on": date(2024, 2, 1)}),
    _in_rows("plan_ends_before_it_starts", "local_plans", "valid_from_year", TWO_PLANS | {"valid_to_year": 2022}),
    _in_rows("adopted_before_needs_mapped", "local_plans", "adopted_on", TWO_PLANS | {"needs_mapped_on": "2023", "adopted_on": "2022"}),
    _in_rows("unusual_plan_length", "local_plans", "valid_to_year", TWO_PLANS | {"valid_to_year": 2047}),
    _in_rows("duration_disagrees", "local_plans", "duration_years", TWO_PLANS | {"duration_years": 9}),
    _in_rows("unusual_value", "engagements", "engaged_persons", {"engaged_persons": 2001}),
    _in_rows("unusual_amount", "grants", "awarded_amount", {"grant_ref": "G-1", "awarded_amount": 5, "currency": "EUR"}),
    _in_rows("unusual_days_per_person", "engagements", "days_worked", {"engaged_persons": 2, "days_worked": 1600}),
    _in_rows("more_days_than_the_engagement", "engagements", "days_worked", {"engaged_persons": 2, "days_worked": 21, **FEBRUARY}),
    _in_rows("more_hours_than_agreed", "household_support", "hours_worked", {"households": 3, "hours_agreed": 10, "hours_worked": 20}),
    _in_rows("unusual_hours_per_household", "household_support", "hours_worked", {"households": 1, "hours_worked": 3000}),
    _in_rows("ref_repeated", "engagements", "engagement_ref", *[{"engagement_ref": "A-1", "engaged_persons": count} for count in (3, 4)]),
    Case("name_spelled_otherwise", lambda path, place: _form(path, place, ALIKE), (ENGAGED, "C3")),
    _in_rows("after_the_period", "engagements", "started_on", {"started_on": date(2024, 4, 13)}),
    _in_rows("currency_of_another_country", "grants", "currency", {"grant_ref": "G-1", "awarded_amount": 50_000, "currency": "MKD"}),
    _in_rows("more_municipalities_than_attendees", "events", "attending_municipalities", {"attendees": 3, "attending_municipalities": 10}),
    _in_rows("unusual_ratio", "trainings", "hours", {"training_ref": "T-1", "hours": 900, "enrolled_persons": 3}),
    _in_rows("count_below_zero", "observations", "value", {"measure_code": "m", "value": -3, "unit": "persons"}),
    _in_rows("count_not_whole", "observations", "value", {"measure_code": "m", "value": 2.5, "unit": "persons"}),
    _in_rows("share_above_hundred", "observations", "value", {"measure_code": "m", "value": 120, "unit": "percent"}),
    # reports beside each other
    _after_another("rows_vanished", "replaces", [{"engagement_ref": "A-1", "engaged_persons": 5}]),
    _after_another("replace_or_add_unclear", None, [{"engagement_ref": "A-1", "engaged_persons": 5}]),
    _after_another("statement_not_said_sender_differs", None, [{"engagement_ref": "A-1", "engaged_persons": 5}], sent_by="another office"),
)


def _beside(
    place: str, section: str, period: str = "2024-Q1", programme: str = "SAMPLE", statement: str = "replaces", **row: object
) -> Callable[[Path], Path]:
    """A report that is right in itself, by the name of its municipality."""
    return lambda path: _form(path, place, {section: [row]}, period=period, programme=programme, statement=statement)


SAME_COURSE = {"title": "Cooking for forty", "started_on": date(2024, 2, 12), "enrolled_persons": 40, "completed_persons": 31}
# What is observed, as rows of the tables of measures and indicators.
OWN_MEASURES = """\
meals,Meals,observations,value,meals,flow,period,sum,sum,sum,,,,true,measure_code,meals
pupils,Pupils,observations,value,persons,stock,period,latest,sum,sum,,,,true,measure_code,pupils
roma_pupils,Roma pupils,observations,value,persons,stock,period,latest,sum,sum,,,,true,measure_code,roma_pupils
"""
OWN_INDICATORS = """\
meals_served,1,Meals,,,,,Meals,meals,1,output,increasing,meals,all,all,,,,,,
roma_among_pupils,1,Roma among pupils,,,,,Roma ÷ pupils,share,1,output,increasing,roma_pupils,all,all,pupils,all,all,pupils,,
"""
# Reports that show a mistake only beside each other, in the order in which they are sent.
REPORTS_BESIDE: Mapping[str, Callable[[Path], Path]] = {
    "few": _beside("Kruševac", "engagements", engagement_ref="A-1", engaged_persons=12),
    "many": _beside("Kruševac", "engagements", "2024-Q2", engagement_ref="A-2", engaged_persons=200),
    "spent": _beside("Čačak", "grants", grant_ref="G-1", awarded_amount=500_000, spent_amount=400_000, currency="RSD"),
    "unspent": _beside("Čačak", "grants", "2024-Q2", grant_ref="G-1", awarded_amount=500_000, spent_amount=300_000, currency="RSD"),
    "course": _beside("Užice", "trainings", **SAME_COURSE),
    "course_again": _beside("Šid", "trainings", **SAME_COURSE),
    "without_rate": _beside("Ub", "grants", grant_ref="G-1", awarded_on=date(2016, 5, 1), awarded_amount=500_000, currency="RSD"),
    "listed": _beside("Tutin", "participations", programme="RS-GIZ-ZZZ", role="Supported"),
    "percent": _beside("Raška", "observations", measure_code="meals", value=12, unit="percent"),
    "part": _beside("Kikinda", "observations", measure_code="roma_pupils", value=30),
    "whole": _beside("Kikinda", "observations", statement="adds", measure_code="pupils", value=20),
    "quarter": _beside("Ada", "household_support", households=4),
    "year": _beside("Ada", "household_support", "2024", households=9),
    "named": _beside("Bor", "trainings", training_ref="T-1", completed_persons=8),
    "unnamed": _beside("Bor", "trainings", "2024", completed_persons=9),
    "half": _beside("Vrbas", "observations", "2024-H1", measure_code="meals", value=30),
    "crossing": _beside("Vrbas", "observations", "2024-05/2024-07", measure_code="meals", value=20),
    "unlisted": _beside("Blace", "engagements", programme="RS-GIZ-ZZZ", engagement_ref="A-1", engaged_persons=3),
}
BESIDE = {
    "many": [("jump_against_last_period", ENGAGED, None)],
    "unspent": [("amount_to_date_fell", "Grants", "J3")],
    "course": [("reported_elsewhere", "Trainings", None)],
    "course_again": [("reported_elsewhere", "Trainings", None)],
    "without_rate": [("rate_missing", "Grants", "H3")],
    "percent": [("unit_of_other_measure", "Observations", "D3")],
    "part": [("part_above_whole", "Observations", "C3")],
    "quarter": [("rows_may_repeat", "Household support", None)],
    "unnamed": [("rows_may_count_twice", "Trainings", None)],
    "crossing": [("periods_cross", "Observations", "C3")],
    "unlisted": [("municipality_not_participating", None, None)],
}
