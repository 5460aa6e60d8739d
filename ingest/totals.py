"""Rows that sum up the rows above them: told by their words or by their sums, and checked against those rows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from ingest.findings import Finding, severity_of
from ingest.heading_words import folded_words
from ingest.readers import Sheet, is_blank
from ingest.sections import Field, Section, fold
from ingest.values import cell_name, parse, text_as_reported

_SUMMED_TYPES = ("count", "number", "amount")
_SELDOM = 10


@dataclass(frozen=True)
class Totals:
    """The rows of a table that are totals, with what is to be said of them and of one that may be."""

    rows: frozenset[int]
    findings: tuple[Finding, ...]


def find_totals(
    section: Section, sheet: Sheet, fields: Mapping[int, Field], rows: Sequence[int], language: str | None, labels: Iterable[int] = ()
) -> Totals:
    """Find the totals among the rows of a table, and compare each with the rows it can be the sum of.

    A total is compared with the rows since the last total, since the last of the ``labels`` between rows ("Opština: Čačak"), with all rows above it
    and with the whole table: it is right where it is one of these.
    Where a figure of those rows is not known, it is right from their sum on.
    """
    summed = {column: field for column, field in fields.items() if field.type in _SUMMED_TYPES}
    found = [number for number in rows if _is_labelled(sheet, number, fields, summed)]
    labelled = frozenset(found)
    figures = _Figures(sheet, summed, language, [number for number in rows if number not in labelled])
    if last := _find_unlabelled(sheet, fields, figures):
        found = sorted((*found, last))
        figures = _Figures(sheet, summed, language, [number for number in figures.rows if number != last])
    findings: list[Finding] = []
    since = 0
    for number in found:
        place = {"section": section.name, "sheet": sheet.name, "row": number}
        findings.append(Finding(severity_of("totals_row_left_out"), "totals_row_left_out", params={"row": number}, **place))  # type: ignore[arg-type]
        findings.extend(_differences(figures, number, since, max((label for label in labels if label < number), default=0), place))
        since = number
    if like := _find_like_total(sheet, figures):
        place = {"section": section.name, "sheet": sheet.name, "row": like}
        findings.append(Finding(severity_of("row_like_total"), "row_like_total", params={"row": like}, **place))  # type: ignore[arg-type]
    return Totals(frozenset(found), tuple(findings))


def is_total_label(text: str) -> bool:
    """Whether a text says no more than that the row is a total: "Ukupno:", "Σ"."""
    return (fold(text) or text.strip()) in _words()


@dataclass(frozen=True)
class _Figures:
    """The figures of a table's rows that can be summed; None where one is not known."""

    sheet: Sheet
    fields: Mapping[int, Field]
    language: str | None
    rows: Sequence[int]

    def at(self, number: int, column: int) -> Decimal | None:
        parsed = parse(self.fields[column], self.sheet.cell(number, column), self.language)
        return Decimal(parsed.value) if isinstance(parsed.value, int | Decimal) else None

    def sum(self, column: int, after: int, before: int) -> tuple[Decimal, bool]:
        """The sum of the known figures between two rows, and whether all are known."""
        stated = [self.at(number, column) for number in self.rows if after < number < before]
        return sum((figure for figure in stated if figure is not None), Decimal()), None not in stated

    def add_up_to(self, figure: Decimal | None, column: int, before: int) -> bool:
        """Whether a figure is more than nothing and the sum of all that are known above a row."""
        if figure is None or figure <= 0:
            return False
        left = figure
        # of what is never below zero, the first two rows mostly are more already
        may_be_negative = self.fields[column].type == "number"
        for number in self.rows:
            if number >= before or (left < 0 and not may_be_negative):
                break
            left -= self.at(number, column) or 0
        return left == 0


def _is_labelled(sheet: Sheet, number: int, fields: Mapping[int, Field], summed: Mapping[int, Field]) -> bool:
    """The first text is a word for a total, alone or, where no other text stands in the row, with more after it ("Ukupno za Čačak")."""
    row = sheet.rows[number - 1]
    label = next((cell for cell in row if isinstance(cell, str) and not is_blank(cell)), None)
    if label is None or (column := row.index(label) + 1) in summed:
        return False
    folded = fold(label) or label.strip()
    if folded in _words():
        return True
    if not folded.startswith(_beginnings()):
        return False
    cells = [(each, cell) for each, cell in enumerate(row, start=1) if not is_blank(cell)]
    others = [each for each, cell in cells if each != column and each not in summed and isinstance(cell, str)]
    has_figure = any(each in summed for each, _ in cells)
    return has_figure and not others


def _find_unlabelled(sheet: Sheet, fields: Mapping[int, Field], figures: _Figures) -> int | None:
    """The last row, where it has nothing but figures, each the sum of all above it, while every row above has some text."""
    texts = [column for column, field in fields.items() if field.type not in _SUMMED_TYPES]
    filled = (number for number in reversed(figures.rows) if any(not is_blank(cell) for cell in sheet.rows[number - 1]))
    last = next(filled, None)
    if last is None or any(not is_blank(sheet.cell(last, column)) for column in texts):
        return None
    above = list(filled)
    if len(above) < 2 or not all(any(not is_blank(sheet.cell(number, column)) for column in texts) for number in above):
        return None
    stated = {column: figures.at(last, column) for column in figures.fields if not is_blank(sheet.cell(last, column))}
    is_sum = all(figures.add_up_to(figure, column, last) for column, figure in stated.items())
    return last if stated and is_sum else None


def _find_like_total(sheet: Sheet, figures: _Figures) -> int | None:
    """The last row, where each of its figures is the sum of all above it: it may be a total under a name of its own, and would be counted twice.

    Three small numbers add up by chance; a row of two figures, one below three others, or a large one seldom does.
    """
    filled = (number for number in reversed(figures.rows) if any(not is_blank(sheet.cell(number, column)) for column in figures.fields))
    last = next(filled, None)
    if last is None:
        return None
    stated = {column: figures.at(last, column) for column in figures.fields if not is_blank(sheet.cell(last, column))}
    if not all(figures.add_up_to(figure, column, last) for column, figure in stated.items()):
        return None
    count = sum(1 for _ in filled)
    is_telling = count > 1 and (len(stated) > 1 or count > 2 or max((figure or 0 for figure in stated.values()), default=0) >= _SELDOM)
    return last if is_telling else None


def _differences(figures: _Figures, number: int, since: int, under: int, place: Mapping[str, object]) -> Iterator[Finding]:
    for column, field in figures.fields.items():
        stated = figures.at(number, column)
        if stated is None:
            continue
        sums = [figures.sum(column, *scope) for scope in ((since, number), (under, number), (0, number), (0, len(figures.sheet.rows) + 1))]
        if any(stated == known or (stated > known and not is_whole) for known, is_whole in sums):
            continue
        params = {"label": f"{place['section']}.{field.name}", "stated": stated, "summed": sums[0][0] if since else sums[2][0]}
        text = text_as_reported(figures.sheet.cell(number, column))
        yield Finding(
            severity_of("totals_differ"),
            "totals_differ",
            cell=cell_name(number, column),
            field=field.name,
            value_as_reported=text,
            params=params,
            **place,  # type: ignore[arg-type]
        )


@cache
def _beginnings() -> tuple[str, ...]:
    return tuple(f"{word} " for word in _words())


@cache
def _words() -> frozenset[str]:
    return folded_words("totals")
