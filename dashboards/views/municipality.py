"""Everything one municipality reported, over time and beside its peers, with the way back to each cell."""

import pandas
import streamlit as st

from dashboards.components.cards import describe_coverage, show_facts
from dashboards.components.evidence import quote_text, show_evidence, write_command
from dashboards.components.figures import plot_history, show_chart
from dashboards.components.filters import choose
from dashboards.components.language import is_known
from dashboards.components.layout import begin_page, say_empty, show_section
from dashboards.components.statements import arrange_section
from dashboards.components.tables import show_table
from dashboards.warehouse.choices import read_indicators
from dashboards.warehouse.published import SECTIONS
from dashboards.warehouse.reports import read_involved, read_section, read_submissions
from dashboards.warehouse.totals import read_figures, read_history
from ingest.sections import load_sections

PREFERRED = ("persons_engaged", "persons_trained", "grants_awarded_eur", "households_supported")

choices = begin_page("page.municipality", lists_records=True)
locale = choices.locale
involved = read_involved(choices.country, choices.recorded, choices.programmes)
if involved.empty:
    say_empty(locale.say("empty.no_municipality"), locale.say("empty.other_filters"))
    st.stop()
places = {str(row["municipality_code"]): row for row in involved.to_dict("records")}
by_name = tuple(sorted(places, key=lambda code: locale.order(locale.name(places[code]))))
busiest = max(by_name, key=lambda code: places[code]["submissions"])
code = choose("municipality", locale.say("column.municipality"), by_name, busiest, lambda code: locale.name(places[code]))
place = places[code]
facts = [
    (locale.say("municipality.code"), code),
    (locale.say("filter.country"), locale.say(f"country.{place['country_code']}")),
    (locale.say("municipality.population"), locale.number(place["population"])),
]
if is_known(place["district"]) and not locale.is_cyrillic:  # published in Latin script only
    facts.append((locale.say("municipality.district"), str(place["district"])))
show_facts(facts)

show_section(locale.say("municipality.indicators"), locale.say("municipality.indicators_explanation"))
indicators = {str(row["indicator_code"]): row for row in read_indicators().to_dict("records")}
totals = read_figures(code, choices.programme, choices.period)
totals = totals[totals["indicator_code"] != "municipalities_supported"]
if totals.empty:
    say_empty(locale.say("empty.no_figures"), locale.say("municipality.choose_programme"))
else:
    rows = []
    for total in totals.to_dict("records"):
        indicator = indicators[str(total["indicator_code"])]
        unit = str(indicator["unit"])
        rows.append(
            {
                "title": locale.title(indicator),
                "value": locale.figure(total["value"], unit, total["qualifier"]) + (f" {locale.unit(unit)}" if is_known(total["value"]) else ""),
                "coverage": "; ".join(text for text, _ in describe_coverage(locale, unit, total, None)),
                "peers_median": locale.figure(total["peers_median"], unit) if total["peers"] else "–",
                "peers": total["peers"],
            }
        )
    labels = {"title": locale.say("column.indicator"), "value": locale.say("column.value"), "coverage": locale.say("column.coverage")}
    if totals["peers"].any():
        labels |= {"peers_median": locale.say("municipality.peers_median"), "peers": locale.say("municipality.peers")}
    show_table(pandas.DataFrame(rows), labels, locale, key="indicators", rows=14, wide=("coverage",))

    show_section(locale.say("municipality.over_time"), locale.say("municipality.over_time_explanation"))
    offered = tuple(str(total["indicator_code"]) for total in totals.to_dict("records"))
    known = [code for code in (*PREFERRED, *offered) if code in set(totals.loc[totals["value"].notna(), "indicator_code"])]
    first = known[0] if known else offered[0]
    chosen = choose("indicator", locale.say("column.indicator"), offered, first, lambda code: locale.title(indicators[code]))
    unit = str(indicators[chosen]["unit"])
    history = read_history(code, chosen, choices.programme)
    parts = history[history["period_id"].str.len() > len("2024")]
    history = parts if parts["value"].notna().any() else history[history["period_id"].str.len() == len("2024")]
    if history["value"].notna().any():
        show_chart(plot_history(history, locale.name(place), unit, locale), locale, 320, "history", locale.title(indicators[chosen]))
    else:
        say_empty(locale.say("municipality.no_dated"), locale.say("municipality.no_dated_to_do"))

show_section(locale.say("municipality.reported"), locale.say("municipality.reported_explanation"))
sections = load_sections()
found = {name: frame for name in SECTIONS if len(frame := read_section(name, code, choices.recorded))}
if not found:
    say_empty(locale.say("municipality.nothing_reported"), locale.say("municipality.nothing_reported_to_do"))
for name, frame in found.items():
    title = locale.label(sections[name].labels)
    with st.expander(f"{title} · {locale.number(len(frame))}", expanded=name == next(iter(found))):
        table, labels, formats = arrange_section(sections[name], frame, locale)
        show_table(table, labels, locale, key=f"section_{name}", formats=formats)
        sql = f"select * from marts.fct_{name} where municipality_code = {quote_text(code)} and recorded_to is null"  # noqa: S608 (for the reader to run)
        st.code(write_command(sql), language=None, wrap_lines=True)

show_section(locale.say("municipality.submissions"))
submissions = read_submissions(code, choices.recorded)
if submissions.empty:
    say_empty(locale.say("municipality.no_submissions"), locale.say("municipality.no_submissions_to_do"))
else:
    show_table(
        submissions.assign(
            period=[locale.period(str(period)) for period in submissions["period_id"]],
            state=[locale.say(f"status.{status}") for status in submissions["status"]],
        ),
        {
            "sent_at": locale.say("column.sent_at"),
            "period": locale.say("column.period"),
            "programme_id": locale.say("column.programme"),
            "file_name": locale.say("column.file"),
            "state": locale.say("column.status"),
            "accepted_rows": locale.say("column.accepted_rows"),
            "quarantined_rows": locale.say("column.quarantined_rows"),
            "findings": locale.say("column.findings"),
            "sent_by": locale.say("column.sent_by"),
            "submission_id": locale.say("column.submission"),
        },
        locale,
        key="submissions",
        formats={"sent_at": locale.moment},
        rows=10,
    )

if not totals.empty:
    show_section(locale.say("evidence.title"), locale.say("evidence.explanation"))
    figure = choose("figure", locale.say("evidence.choose"), offered, first, lambda code: locale.title(indicators[code]))
    show_evidence(choices, figure, "figure", code)
