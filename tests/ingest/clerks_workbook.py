"""A workbook as a clerk hands it in: our form in Macedonian Cyrillic, filled wrongly in twelve ways, with all that offices add to forms."""

import io
import re
import zipfile
from datetime import date
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from PIL import Image as Picture

from ingest.templates import write_report

# Each row but the first of its section is wrong in one way; the cell that is to be marked stands beside it.
WRONG_ROWS = {
    "engagements": [
        {"engagement_ref": "А-1", "employer_name": "ЈКП „Водовод“", "engaged_persons": 12, "engaged_women": 5},
        {"engagement_ref": "А-2", "engaged_persons": "дванаесет"},  # H4
        {"engagement_ref": "А-3", "engaged_persons": 30, "engaged_women": 32},  # I5
        {"engagement_ref": "А-4", "engaged_persons": 4, "employer_type": "фирма"},  # D6
        {"engagement_ref": "А-5", "engaged_persons": 6, "started_on": "03/04/2024"},  # F7
        {"engagement_ref": "А-6", "engaged_persons": 7, "started_on": date(2024, 3, 1), "ended_on": date(2024, 2, 1)},  # G8
        {"engagement_ref": "А-7", "engaged_persons": 2.5},  # H9
    ],
    "trainings": [
        {"training_ref": "О-1", "title": "Пишување CV", "started_on": date(2024, 2, 12), "enrolled_persons": 24},
        {"training_ref": "О-2", "started_on": "31.02.2024", "enrolled_persons": 10},
        {"training_ref": "О-3", "started_on": "на пролет", "enrolled_persons": 11},
        {"training_ref": "О-4", "enrolled_persons": -3},
        {"training_ref": "О-5", "enrolled_persons": 8, "completed_persons": 9},
    ],
    "grants": [
        {"grant_ref": "Г-1", "awarded_amount": 120000, "currency": "MKD"},
        {"grant_ref": "Г-2", "awarded_amount": "1.234", "currency": "MKD"},
        {"grant_ref": "Г-3", "awarded_amount": 5000},
    ],
}
VBA = b"\xd0\xcf\x11\xe0 a macro project as it came"
_MICROSOFT = "http://schemas.microsoft.com/office/2006/relationships"
_THREADED = "http://schemas.microsoft.com/office/2017/10/relationships"


def write_wrong_report(path: Path) -> Path:
    """The form filled in by the rows above, as our template makes it."""
    return write_report(
        path,
        language="mk",
        municipality="Битола",
        programme="SAMPLE",
        period="2024-Q1",
        statement="replaces",
        rows=WRONG_ROWS,
        sections=list(WRONG_ROWS),
    )


def write_clerks_workbook(path: Path) -> Path:
    """The same with a sheet of the clerk's own: formulas, a chart, a picture, formats; names, comments, and macros."""
    book = load_workbook(write_wrong_report(path))
    engagements = book["Ангажирани работници"]
    engagements["I5"].comment = Comment("Од дневникот за работа", "Канцеларија")
    engagements["A3"].comment = Comment("Проверено", "Канцеларија")
    engagements["H3"].font, engagements["H3"].number_format = Font(bold=True, color="FF0000"), "0.00"
    engagements.conditional_formatting.add("H3:H20", CellIsRule(operator="greaterThan", formula=["20"], fill=PatternFill(bgColor="FFFF00")))
    own = book.create_sheet("Пресметка")
    for row in (("Квартал", "Лица"), ("I", 12), ("II", 30)):
        own.append(row)
    own["B4"] = "=SUM(B2:B3)"
    own.merge_cells("D1:E2")
    chart = BarChart()
    chart.add_data(Reference(own, min_col=2, min_row=1, max_row=3), titles_from_data=True)
    own.add_chart(chart, "D4")
    picture = io.BytesIO()
    Picture.new("RGB", (8, 8), "blue").save(picture, "png")
    own.add_image(Image(picture), "J4")
    own.freeze_panes, own.print_area = "A2", "A1:B4"
    book.create_chartsheet("Графикон").add_chart(BarChart())
    book.defined_names["Вкупно"] = DefinedName("Вкупно", attr_text="'Пресметка'!$B$4")
    book.active = engagements
    book.save(path)
    parts = read_parts(path)
    sheet = next(name for name, content in parts.items() if b"SUM(B2:B3)" in content)
    # the value that Excel has calculated, which a formula keeps until it is calculated again
    parts[sheet] = re.sub(rb"(<f>SUM\(B2:B3\)</f>)<v\s*/?>(?:</v>)?", rb"\1<v>42</v>", parts[sheet])
    _add_thread(parts)
    _add_macros(parts)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def read_parts(path: Path) -> dict[str, bytes]:
    """The parts of a workbook."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _add_thread(parts: dict[str, bytes]) -> None:
    """A conversation on the cell A3, as newer Excel keeps it beside the comment."""
    sheet = next(name for name, content in parts.items() if name.startswith("xl/worksheets/_rels/") and b"comments" in content)
    parts["xl/threadedComments/threadedComment1.xml"] = (
        '<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
        '<threadedComment ref="A3" dT="2024-04-01T10:00:00.00" personId="{1}" id="{2}"><text>Проверено</text></threadedComment></ThreadedComments>'
    ).encode()
    _relate(parts, sheet, f"{_THREADED}/threadedComment", "../threadedComments/threadedComment1.xml")
    _declare(parts, "xl/threadedComments/threadedComment1.xml", "application/vnd.ms-excel.threadedcomments+xml")


def _add_macros(parts: dict[str, bytes]) -> None:
    parts["xl/vbaProject.bin"] = VBA
    _relate(parts, "xl/_rels/workbook.xml.rels", f"{_MICROSOFT}/vbaProject", "vbaProject.bin")
    _declare(parts, "xl/vbaProject.bin", "application/vnd.ms-office.vbaProject")
    plain = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    with_macros = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(plain, with_macros)


def _relate(parts: dict[str, bytes], rels: str, kind: str, target: str) -> None:
    relation = f'<Relationship Id="rId9{len(parts)}" Type="{kind}" Target="{target}"/></Relationships>'
    parts[rels] = parts[rels].replace(b"</Relationships>", relation.encode())


def _declare(parts: dict[str, bytes], name: str, content_type: str) -> None:
    entry = f'<Override PartName="/{name}" ContentType="{content_type}"/></Types>'
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", entry.encode())
