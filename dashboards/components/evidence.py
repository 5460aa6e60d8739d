"""The way from a figure back to the cell it was reported in."""

import re

import streamlit as st

from dashboards import warehouse
from dashboards.components.filters import ALL, TO_DATE, Choices, choose
from dashboards.components.layout import say_empty, show_section
from dashboards.components.tables import show_table


def write_command(sql: str) -> str:
    """A line for a shell that runs one SELECT with munimon."""
    escaped = re.sub(r'([\\"$`])', r"\\\1", sql)
    return f'munimon sql "{escaped}"'


def quote_text(value: object) -> str:
    """A text as SQL."""
    return "'" + str(value).replace("'", "''") + "'"


def show_evidence(choices: Choices, key: str, municipality: str = ALL) -> None:
    """Let the reader choose a figure and show what it is made of: statements with file, sheet and row, and the lines that return them."""
    locale = choices.locale
    show_section(locale.say("evidence.title"), locale.say("evidence.explanation"))
    indicators = warehouse.read_indicators()
    titles = {str(row["indicator_code"]): locale.title(row) for row in indicators.to_dict("records")}
    first = "persons_engaged" if "persons_engaged" in titles else next(iter(titles))
    code = choose(key, locale.say("evidence.choose"), tuple(titles), first, titles.__getitem__)
    indicator = indicators[indicators["indicator_code"] == code].to_dict("records")[0]
    measures = tuple(
        dict.fromkeys(str(indicator[part]) for part in ("numerator_measure", "denominator_measure", "whole_measure") if isinstance(indicator[part], str))
    )
    statements = warehouse.read_statements(measures, choices.country, municipality, choices.programmes, choices.period)
    places = {str(row["municipality_code"]): locale.name(row) for row in warehouse.read_municipalities().to_dict("records")}
    if statements.empty:
        say_empty(locale.say("evidence.none"), locale.say("evidence.none_to_do"))
    else:
        show_table(
            statements.assign(
                place=[places.get(str(place), locale.say("evidence.whole_programme")) for place in statements["municipality_code"]],
                period=[locale.period(str(period)) for period in statements["period_id"]],
                measure=[locale.say_or(f"measure.{measure}", str(measure).replace("_", " ")) for measure in statements["measure_code"]],
            ),
            {
                "place": locale.say("column.municipality"),
                "programme_id": locale.say("column.programme"),
                "period": locale.say("column.period"),
                "measure": locale.say("column.measure"),
                "value": locale.say("column.value"),
                "file_name": locale.say("column.file"),
                "source_sheet": locale.say("column.sheet"),
                "source_row": locale.say("column.row"),
                "submission_id": locale.say("column.submission"),
            },
            locale,
            key=f"{key}_statements",
            rows=8,
        )
    st.code(write_command(select_figure(code, choices, municipality)), language=None, wrap_lines=True)
    st.code(write_command(select_statements(measures, choices, municipality)), language=None, wrap_lines=True)


def select_figure(indicator: str, choices: Choices, municipality: str) -> str:
    """The SELECT that returns a figure as published."""
    level, place = ("municipality", municipality) if municipality != ALL else ("all", ALL) if choices.country == ALL else ("country", choices.country)
    programmes = ALL if choices.programme == ALL else choices.programme
    return (
        "select value, value_low, value_high, numerator, denominator, whole, known_share, qualifier, is_complete from marts.indicator_totals "
        f"where indicator_code = {quote_text(indicator)} and level = {quote_text(level)} and place_code = {quote_text(place)} "
        f"and programme_id = {quote_text(programmes)} and period_id = {quote_text(choices.period)} and recorded_to is null"
    )


def select_statements(measures: tuple[str, ...], choices: Choices, municipality: str) -> str:
    """The SELECT that returns the statements behind a figure."""
    conditions = [f"measure_code in ({', '.join(quote_text(measure) for measure in measures)})", "recorded_to is null", "sex = 'all'", "community = 'all'"]
    if municipality != ALL:
        conditions.append(f"municipality_code = {quote_text(municipality)}")
    elif choices.country != ALL:
        conditions.append(
            f"municipality_code in (select municipality_code from marts.dim_municipalities where country_code = {quote_text(choices.country)})"
        )
    conditions.append(f"programme_id in ({', '.join(quote_text(programme) for programme in choices.programmes)})")
    if choices.period != TO_DATE:
        conditions.append(f"starts_with(period_id, {quote_text(choices.period)})")
    return (
        "select municipality_code, programme_id, period_id, measure_code, value, submission_id, source_sheet, source_row "
        f"from marts.fct_measures where {' and '.join(conditions)} order by all"
    )
