"""Two forms that are not ours, as people keep them: a register of activities and a wide statistical table. Figures are synthetic."""

from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook

# column → (upper heading, lower heading); an upper one of None continues the one to its left
REGISTER_HEADINGS: Sequence[tuple[str | None, str | None]] = (
    ("Број", None), ("Општина", None), ("Програма", None), ("Вид на активност", None), ("Назив на активноста", None), ("Датум", None),
    ("Квартал", None), ("Година", None), ("Учесници", "вкупно"), (None, "жени"), (None, "Роми и Ромки"), ("Корисник", None),
    ("Количина", None), ("Единечна цена (илјади денари)", None), ("Вредност (илјади денари)", None),
)  # fmt: skip

REGISTER_ROWS: Sequence[Sequence[object]] = (
    ("А-1", "Битола", "SAMPLE", "Обука", "Пишување CV", "12.02.2024", "I", 2024, 24, 15, "-", None, None, None, None),
    ("А-2", "Штип", "SAMPLE", "Обука за вештини", "Заварување", "март 2024", "I", 2024, "околу 30", 4, None, None, None, None, None),
    ("А-3", "Битола", "SAMPLE", "Набавка на опрема", "Таблети", "05.03.2024", "I", 2024, None, None, None, "ОУ", 20, "12,5", None),
    ("А-4", "Битола", "SAMPLE", "Грант", "Пластеник", "20.05.2024", "II", 2024, None, None, None, None, None, None, 123.4567),
    ("А-5", "Битола", "SAMPLE", "Изложба", "Изложба на ракотворби", "21.05.2024", "II", 2024, 80, 40, None, None, None, None, None),
    ("Вкупно", None, None, None, None, None, None, None, 134, 59, None, None, 20, None, 123.4567),
)


def write_register(
    path: Path,
    *,
    headings: Sequence[tuple[str | None, str | None]] = REGISTER_HEADINGS,
    rows: Sequence[Sequence[object]] = REGISTER_ROWS,
    sheet: str = "Регистар 2024",
) -> Path:
    """The register: a title, an empty row, two rows of headings with merged cells (rows 3 and 4), then the activities."""
    book = Workbook()
    page = book.active
    page.title = sheet
    page["A1"] = "Консолидиран регистар на активности"
    for column, (upper, lower) in enumerate(headings, start=1):
        page.cell(3, column, upper)
        page.cell(4, column, lower)
        if upper and lower is None:
            page.merge_cells(start_row=3, end_row=4, start_column=column, end_column=column)
    for number, row in enumerate(rows, start=5):
        for column, cell in enumerate(row, start=1):
            page.cell(number, column, cell)
    book.save(path)
    return path


STATISTICS_HEADINGS = (
    "R. br.", "Opština", "Godina", "Broj stanovnika", "Stopa nezaposlenosti", "Prirodni priraštaj", "Prosečna zarada", "Broj domaćinstava",
    *(f"Pokazatelj {number}" for number in range(6, 61)),
)  # fmt: skip

STATISTICS_ROWS: Sequence[Sequence[object]] = (
    (1, "Kruševac", 2022, "113.582", "34,4 %", "-7,15 ‰", "74.664 din.", "41.000 domaćinstava", *range(6, 61)),
    (2, "Kruševac", 2023, 112940, "-", "7.15 ‰", "oko 85.900 din.", None, *range(106, 161)),
    (3, "Raška", 2022, "oko 21.500", "8 %", None, "n/a", "7.100", *range(206, 261)),
)


def write_statistics(
    path: Path, *, headings: Sequence[str] = STATISTICS_HEADINGS, rows: Sequence[Sequence[object]] = STATISTICS_ROWS, sheet: str = "Podaci"
) -> Path:
    """The wide table: a title, headings in row 3, a row per municipality and year, 60 indicators side by side (columns D to BK)."""
    book = Workbook()
    page = book.active
    page.title = sheet
    page["A1"] = "Opštine u brojkama"
    for number, row in enumerate((headings, *rows), start=3):
        for column, cell in enumerate(row, start=1):
            page.cell(number, column, cell)
    book.save(path)
    return path
