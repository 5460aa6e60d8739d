"""The way from a figure back to the cell it was reported in."""

# ruff: noqa: S608 (these lines are for the reader to run; the dashboard runs none of them)

import re
from typing import Any

import streamlit as st

from dashboards.components.filters import ALL, TO_DATE, Choices
from dashboards.components.language import Locale
from dashboards.components.layout import say_empty
from dashboards.components.tables import show_table
from dashboards.warehouse.choices import read_indicators, read_measures, read_municipalities
from dashboards.warehouse.published import SECTIONS
from dashboards.warehouse.reports import read_statements
from ingest.sections import load_sections


def write_command(sql: str) -> str:
    """A line for a shell that runs one SELECT with munimon."""
    escaped = re.sub(r'([\\"$`])', r"\\\1", sql)
    return f'munimon sql "{escaped}"'


def quote_text(value: object) -> str:
    """A text as SQL."""
    return "'" + str(value).replace("'", "''") + "'"


def show_evidence(choices: Choices, indicator_code: str, key: str, municipality: str = ALL) -> None:
    """What one figure is made of: its statements with file, sheet, row and cell, and the lines that return the figure and the statements."""
    locale = choices.locale
    indicators = read_indicators()
    indicator = indicators[indicators["indicator_code"] == indicator_code].to_dict("records")[0]
    parts = (indicator["numerator_measure"], indicator["denominator_measure"], indicator["whole_measure"])
    measures = tuple(dict.fromkeys(part for part in parts if isinstance(part, str)))
    definitions = read_measures()
    is_of_calendar = definitions.loc[definitions["measure_code"] == measures[0], "section"].iloc[0] not in SECTIONS
    if is_of_calendar:
        say_empty(locale.say("evidence.calendar"), locale.say("evidence.calendar_to_do"))
    else:
        show_statements(choices, measures, key, municipality)
    st.caption(locale.say("evidence.figure_line"))
    st.code(write_command(select_figure(indicator_code, choices, municipality)), language=None, wrap_lines=True)
    st.caption(locale.say("evidence.statements_line"))
    st.code(write_command(select_statements(None if is_of_calendar else measures, choices, municipality)), language=None, wrap_lines=True)


def show_statements(choices: Choices, measures: tuple[str, ...], key: str, municipality: str) -> None:
    """A table of the statements that give measures their values."""
    locale = choices.locale
    statements = read_statements(measures, choices.country, municipality, choices.programmes, choices.period)
    if statements.empty:
        say_empty(locale.say("evidence.none"), locale.say("evidence.none_to_do"))
        return
    places = {str(row["municipality_code"]): locale.name(row) for row in read_municipalities().to_dict("records")}
    titles = {str(row["measure_code"]): title_measure(row, locale) for row in read_measures().to_dict("records")}
    columns = ("place", "programme_id", "period", "measure", "value", "file_name", "source_sheet", "source_row", "cell", "submission_id")
    names = ("municipality", "programme", "period", "measure", "value", "file", "sheet", "row", "cell", "submission")
    labels = {column: locale.say(f"column.{name}") for column, name in zip(columns, names, strict=True)}
    if statements["source_id"].notna().any():
        # observations: sources that do not agree stand side by side
        source = next(field for field in load_sections()["observations"].fields if field.name == "source_id")
        labels = {column: labels[column] for column in columns[:5]} | {"source_id": locale.label(source.labels)} | labels
    show_table(
        statements.assign(
            place=[places.get(str(place), locale.say("evidence.whole_programme")) for place in statements["municipality_code"]],
            period=[locale.period(str(period)) for period in statements["period_id"]],
            cell=statements["cell"].fillna("–"),
            measure=[titles[str(measure)] for measure in statements["measure_code"]],
        ),
        labels,
        locale,
        key=f"{key}_statements",
        formats={"source_row": str},
        rows=8,
    )


def title_measure(measure: Any, locale: Locale) -> str:
    """What a measure is called: as the field that gives it; a count of rows as its section; with the currency where it was converted."""
    section = load_sections().get(str(measure["section"]))
    if section is None:
        return str(measure["title"])
    if not isinstance(measure["field"], str):
        return locale.label(section.labels)
    name = measure["field"].removesuffix("_eur")
    known = next((field for field in section.fields if field.name == name), None)
    if known is None:
        return str(measure["title"])
    return locale.label(known.labels) + (", EUR" if measure["field"].endswith("_eur") else "")


def select_figure(indicator: str, choices: Choices, municipality: str) -> str:
    """The SELECT that returns a figure as published."""
    level, place = ("municipality", municipality) if municipality != ALL else choices.place
    return (
        "select value, value_low, value_high, numerator, denominator, whole, known_share, qualifier, is_complete from marts.indicator_totals "
        f"where indicator_code = {quote_text(indicator)} and level = {quote_text(level)} and place_code = {quote_text(place)} "
        f"and programme_id = {quote_text(choices.programme)} and period_id = {quote_text(choices.period)} and sex = 'all' and community = 'all' "
        "and recorded_to is null"
    )


def select_statements(measures: tuple[str, ...] | None, choices: Choices, municipality: str) -> str:
    """The SELECT that returns the statements behind a figure; with no measures, the expected reports behind it."""
    conditions = [f"programme_id in ({', '.join(quote_text(programme) for programme in choices.programmes)})"]
    if municipality != ALL:
        conditions.append(f"municipality_code = {quote_text(municipality)}")
    elif choices.country != ALL:
        countries = f"select municipality_code from marts.dim_municipalities where country_code = {quote_text(choices.country)}"
        conditions.append(f"municipality_code in ({countries})")
    if choices.period != TO_DATE:
        conditions.append(f"starts_with(period_id, {quote_text(choices.period)})")
    if measures is None:
        return f"select * from marts.fct_reporting where {' and '.join(conditions)} order by all"
    conditions.append(f"measure_code in ({', '.join(quote_text(measure) for measure in measures)})")
    conditions += ["sex = 'all'", "community = 'all'", "recorded_to is null"]
    return (
        "select municipality_code, programme_id, period_id, measure_code, value, submission_id, source_sheet, source_row "
        f"from marts.fct_measures where {' and '.join(conditions)} order by all"
    )
