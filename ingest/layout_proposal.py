"""A layout proposed for a form that nobody has described yet: what its headings seem to mean, to be looked at and edited by a person."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from ingest.findings import Problem
from ingest.heading_words import currency_within, factor_named
from ingest.layout_guesses import PLACES, TableGuess, are_periods, guess_tables
from ingest.layout_reading import LayoutTable, choose_layout
from ingest.layouts import Layouts, read_layout
from ingest.periods import Period, parse_period
from ingest.preflight import FileRefused
from ingest.readers import Sheet
from ingest.reading import read_apart
from ingest.rows import Subject
from ingest.sections import Section, fold, load_sections
from ingest.totals import find_totals
from ingest.values import text_as_reported

# Letters that one of the languages has and the others of its script have not.
_LETTERS = {"mk": "ѓќѕ", "sr-Cyrl": "ђћ", "sr-Latn": "čćšžđ", "sq": "ëç"}
_PREVIEWED = 5
_QUARTERS = ("I", "II", "III", "IV")


@dataclass(frozen=True)
class PreviewRow:
    """A row as it would be loaded."""

    section: str
    sheet: str
    row: int
    about: Mapping[str, str]
    values: Mapping[str, str]
    findings: tuple[str, ...]


@dataclass(frozen=True)
class Proposal:
    """What was found in a file, and the layout proposed for it. `fitting` names the layout that reads the file already, if one does."""

    file: str
    fitting: str | None
    sheets: tuple[str, ...]
    tables: tuple[TableGuess, ...]
    preview: tuple[PreviewRow, ...]
    layout: str


def propose_layout(content: bytes, file_name: str, layouts: Layouts) -> Proposal:
    """Look at a form and propose how to read it.

    Raises:
        FileRefused: If it cannot be opened, or nothing in it looks like a table.
    """
    sheets = [sheet for sheet in read_apart(content, file_name) if sheet.is_visible and sheet.rows]
    tables = [table for sheet in sheets for table in guess_tables(sheet)]
    if not tables:
        raise FileRefused("no_known_sheet", sheets=[sheet.name for sheet in sheets])
    text = _write_layout(file_name, tables, _guess_language(sheets))
    return Proposal(file_name, _fitting(sheets, layouts), tuple(sheet.name for sheet in sheets), tuple(tables), tuple(_preview(sheets, text)), text)


def _guess_language(sheets: Sequence[Sheet]) -> str | None:
    """The language whose own letters are the most frequent."""
    text = "".join(cell for sheet in sheets for row in sheet.rows[:200] for cell in row if isinstance(cell, str)).casefold()
    counts = {language: sum(text.count(letter) for letter in letters) for language, letters in _LETTERS.items()}
    best = max(counts, key=lambda language: counts[language])
    return best if counts[best] else None


def _write_layout(file_name: str, tables: Sequence[TableGuess], language: str | None) -> str:
    """The proposed layout as YAML, with what is left over in comments."""
    content: dict[str, Any] = {"title": file_name}
    if language:
        content["language"] = language
    for place in PLACES:
        if said := list(dict.fromkeys(guess.heading for table in tables for guess in table.guesses if guess.means == place)):
            content[place] = said if len(said) > 1 else said[0]
    if year := content.pop("year", None):
        # a quarter and its year, read one after the other
        content["period"] = [_written_quarter(content["period"]), {"heading": year}] if "period" in content else year
    written: dict[str, dict[str, Any]] = {}
    for table in tables:
        entry = _written_table(table)
        same = written.setdefault(yaml.safe_dump(entry), {"section": table.section, "sheet": [], **entry})
        same["sheet"].append(table.sheet)
    content["tables"] = list(written.values())
    left = {f"#   {guess.column}  {guess.heading}" for table in tables if not table.is_wide for guess in table.guesses if guess.means is None}
    taken = {f"#   {guess.column}  {guess.heading}" for table in tables for guess in table.guesses if guess.means}
    over = sorted(left - taken)
    head = ["# Proposed from the file's headings: look at each line, correct it, and give `title` the form's name."]
    head += ["# These headings are like none of the fields; add those that matter:", *over] if over else []
    over_time = any("headings_are" in entry.get("unpivot", {}) for entry in written.values())
    if missing := [place for place in PLACES[:3] if place not in content and not (place == "period" and over_time)]:
        head.append(f"# Nothing was found for {', '.join(missing)}: say it here (heading, cell, value) or with the command's options.")
    return "\n".join((*head, yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=140)))


def _written_quarter(heading: str | list[str]) -> dict[str, Any]:
    """A column beside one of years: below "Kvartal" the II is the second quarter, where it could be February too."""
    word = heading if isinstance(heading, str) else heading[0]
    is_quarter = isinstance(parse_period(f"I {word} 2024", None), Period)
    return {"heading": heading, **({"values": {number: f"{number} {word}" for number in _QUARTERS}} if is_quarter else {})}


def _written_table(table: TableGuess) -> dict[str, Any]:
    entry: dict[str, Any] = {"heading_rows": table.heading_rows} if table.heading_rows > 1 else {}
    if table.only_where:
        entry["only_where"] = yaml.safe_load(table.only_where)
    headings = {guess.means: guess.heading for guess in table.guesses if guess.means and guess.means not in PLACES}
    if table.is_wide:
        headings.pop("value", None)
        measures = [guess for guess in table.guesses if guess.means == "value"]
        entry["unpivot"] = {"columns": [_written_figure(guess.heading) for guess in measures]}
        if are_periods(measures):
            # of which measure, only a person can say
            columns = {"heading": [guess.heading for guess in measures], "measure_code": fold(table.sheet).replace(" ", "_") or "measure"}
            entry["unpivot"] = {"headings_are": "periods", "columns": columns}
    return {**entry, "fields": _written_fields(load_sections()[table.section], headings)}


def _written_fields(section: Section, headings: Mapping[str, str]) -> dict[str, Any]:
    """Each field's heading; with a factor where the heading speaks of thousands, and with the currency that the headings of amounts agree on."""
    types = {name: section.field(name).type for name in headings}
    fields: dict[str, Any] = {}
    for name, heading in headings.items():
        is_plain = types[name] not in ("count", "number", "amount") or not factor_named(heading)
        fields[name] = heading if is_plain else _written_figure(heading)
    currencies = {currency_within(heading) for name, heading in headings.items() if types[name] == "amount"} - {None}
    if section.has_currency and "currency" not in fields and len(currencies) == 1:
        fields["currency"] = {"value": currencies.pop()}
    return fields


def _written_figure(heading: str) -> dict[str, Any]:
    factor = factor_named(heading)
    return {"heading": heading, **({"factor": factor} if factor else {})}


def _fitting(sheets: Sequence[Sheet], layouts: Layouts) -> str | None:
    try:
        tables = choose_layout(sheets, layouts, None)
    except FileRefused as refused:
        return str(refused.params["layouts"])
    return tables[0].layout.name if tables else None


def _preview(sheets: Sequence[Sheet], text: str) -> Iterator[PreviewRow]:
    layout = read_layout(text, "proposed")
    tables: tuple[LayoutTable, ...] = choose_layout(sheets, Layouts({layout.name: layout}), layout.name) or ()
    for table in tables:
        totals = find_totals(table.section, table.sheet, table.columns_summed(), list(table.rows()), layout.language).rows
        for number in [number for number in table.rows() if number not in totals and table.takes(number)][:_PREVIEWED]:
            for part in list(table.parts(number))[:_PREVIEWED]:
                rows, findings = table.gather([table.read(number, part, layout.language)], Subject("", None))
                row = rows.values.to_pylist()[0]
                values = {name: text_as_reported(row[name]) for name in _shown(table, row)}
                of_period = parse_period(part.stated["period"].value, layout.language) if "period" in part.stated else None
                said = (
                    *(f"{finding.cell or ''} {finding.rule}".strip() for finding in findings),
                    *([of_period.rule] if isinstance(of_period, Problem) else ()),
                )
                about = {key: stated.text for key, stated in part.stated.items()}
                yield PreviewRow(table.section.name, table.sheet.name, number, about, values, said)


def _shown(table: LayoutTable, values: Mapping[str, Any]) -> Iterator[str]:
    for field in table.section.fields:
        name = f"{field.name}_edtf" if field.type == "date" else field.name
        if values.get(name) is not None:
            yield name
