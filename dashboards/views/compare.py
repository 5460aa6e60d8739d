"""One indicator across municipalities, with the uncertainty of small numbers."""

import streamlit as st

from dashboards.components.downloads import offer_csv
from dashboards.components.evidence import show_evidence
from dashboards.components.figures import plot_ranked_bars, show_chart
from dashboards.components.filters import choose
from dashboards.components.language import SHARES, is_known
from dashboards.components.layout import begin_page, say_empty, show_section
from dashboards.components.tables import show_table
from dashboards.warehouse.choices import read_indicators
from dashboards.warehouse.totals import read_places

SHOWN_BARS = 40

choices = begin_page("page.compare")
locale = choices.locale
indicators = {str(row["indicator_code"]): row for row in read_indicators().to_dict("records")}
offered = tuple(code for code in indicators if code != "municipalities_supported")
if not offered:
    say_empty(locale.say("empty.no_figures"), locale.say("empty.other_filters"))
    st.stop()
first = "persons_engaged" if "persons_engaged" in offered else offered[0]
code = choose("indicator", locale.say("column.indicator"), offered, first, lambda code: locale.title(indicators[code]))
unit, title = str(indicators[code]["unit"]), locale.title(indicators[code])
places = read_places(code, choices.country, choices.programme, choices.period)
if places.empty:
    say_empty(locale.say("empty.no_figures"), locale.say("empty.other_filters"))
    st.stop()

known = places[places["value"].notna()]
names = [locale.name(row) for row in places.to_dict("records")]
explanation = locale.say("compare.coverage", known=locale.number(len(known)), all=locale.number(len(places)))
if unit in SHARES:
    explanation += " " + locale.say("compare.interval_explanation")
show_section(f"{title}{f', {locale.unit(unit)}' if locale.unit(unit) else ''}", explanation)
if known.empty:
    say_empty(locale.say("compare.none_known"), locale.say("compare.none_known_to_do"))
else:
    best = known.head(SHOWN_BARS)
    show_chart(plot_ranked_bars(best, names[: len(best)], unit, locale), locale, 60 + 24 * len(best), "ranking", title)
    if len(known) > SHOWN_BARS:
        st.caption(locale.say("compare.first", shown=locale.number(SHOWN_BARS), all=locale.number(len(known))))

show_section(locale.say("compare.table"))
labels = {
    "place": locale.say("column.municipality"),
    "country": locale.say("filter.country"),
    "figure": locale.say("column.value"),
    "numerator": locale.say("column.numerator"),
}
if isinstance(indicators[code]["denominator_measure"], str):
    labels |= {"denominator": locale.say("column.denominator")}
if unit in SHARES:
    labels |= {"range": locale.say("column.bounds"), "known_share": locale.say("column.known_share")}
labels |= {"complete": locale.say("column.complete")}
records = places.to_dict("records")
table = places.assign(
    place=names,
    country=[locale.say(f"country.{country}") for country in places["country_code"]],
    figure=[locale.figure(row["value"], unit, row["qualifier"]) for row in records],
    range=[
        locale.say("coverage.range", low=locale.figure(row["value_low"], unit), high=locale.figure(row["value_high"], unit))
        if is_known(row["value_low"])
        else locale.say("common.not_known")
        for row in records
    ],
    complete=[locale.say("common.yes" if value else "common.no") for value in places["is_complete"].fillna(False)],
)
show_table(table, labels, locale, key="places", formats={"known_share": locale.share})
exported = places.assign(name=names, indicator_code=code, period_id=choices.period)[
    [
        "municipality_code",
        "name",
        "country_code",
        "indicator_code",
        "period_id",
        "value",
        "value_low",
        "value_high",
        "interval_low",
        "interval_high",
        "numerator",
        "denominator",
        "whole",
        "known_share",
        "qualifier",
        "is_complete",
    ]
]
offer_csv(exported, f"munimon_{code}_{choices.period.replace('/', '_')}", locale, key="download_places")

show_section(locale.say("evidence.title"), locale.say("evidence.explanation"))
show_evidence(choices, code, "indicator")
