"""What changed between two moments: by cause, and down to the statements that came and went."""

from datetime import date, datetime, time

import streamlit as st

from dashboards.components.changes import show_changes
from dashboards.components.downloads import offer_csv
from dashboards.components.evidence import title_measure
from dashboards.components.filters import choose_day
from dashboards.components.layout import begin_page, say_empty, show_section
from dashboards.components.tables import show_table
from dashboards.warehouse.changes import read_changed_statements, read_changes, read_first_look_back
from dashboards.warehouse.choices import read_indicators, read_measures, read_municipalities

choices = begin_page("page.changes", lists_records=True)
locale = choices.locale


def begin_day(day: date | None) -> datetime | None:
    return datetime.combine(day, time()) if day else None


first, second, _ = st.columns([1, 1, 2])
with first:
    since = begin_day(choose_day("from", locale.say("changes.since"), read_first_look_back().date())) or read_first_look_back()
with second:
    until = begin_day(choose_day("to", locale.say("changes.until"), None))

indicators = {str(row["indicator_code"]): row for row in read_indicators().to_dict("records")}
changes = read_changes(choices.place[1], choices.programme, choices.period, since, until)
changes = changes[changes["indicator_code"].isin(list(indicators))]
show_section(locale.say("changes.by_cause"), locale.say("changes.explanation"))
if changes.empty:
    say_empty(locale.say("changes.none"), locale.say("changes.none_to_do"))
else:
    show_changes(changes, indicators, locale)
    offer_csv(changes, "munimon_changes", locale, key="download_changes")

statements = read_changed_statements(choices.country, choices.recorded, choices.period, since, until)
if not statements.empty:
    show_section(locale.say("changes.statements"), locale.say("changes.statements_explanation"))
    places = {str(row["municipality_code"]): locale.name(row) for row in read_municipalities().to_dict("records")}
    measures = {str(row["measure_code"]): title_measure(row, locale) for row in read_measures().to_dict("records")}
    shown = statements.assign(
        when=[locale.moment(moment) for moment in statements["changed_at"]],
        direction=[locale.say("changes.came" if has_come else "changes.went") for has_come in statements["has_come"]],
        why=[locale.say_or(f"cause.{cause}", "–") for cause in statements["cause"]],
        place=[places.get(str(code), locale.say("evidence.whole_programme")) for code in statements["municipality_code"]],
        period=[locale.period(str(period)) for period in statements["period_id"]],
        measure=[measures[str(code)] for code in statements["measure_code"]],
        cell=statements["cell"].fillna("–"),
    )
    named = {"when": "changes.when", "direction": "changes.direction", "why": "changes.cause", "place": "column.municipality"}
    named |= {"programme_id": "column.programme", "period": "column.period", "measure": "column.measure", "value": "column.value"}
    named |= {"file_name": "column.file", "source_sheet": "column.sheet", "cell": "column.cell", "submission_id": "column.submission"}
    show_table(shown, {column: locale.say(key) for column, key in named.items()}, locale, key="changed_statements", rows=12)
    offer_csv(statements, "munimon_changed_statements", locale, key="download_changed_statements")
