"""One indicator across municipalities of a group, with what chance alone would make of small numbers."""

import streamlit as st

from dashboards.components.comparison import PER_1000, compare_places, find_kind, take_per_head
from dashboards.components.downloads import offer_csv
from dashboards.components.evidence import show_evidence
from dashboards.components.figures import plot_funnel, plot_ranked_bars, show_chart
from dashboards.components.filters import choose
from dashboards.components.groups import choose_group
from dashboards.components.language import CURRENCIES, SHARES, is_known
from dashboards.components.layout import begin_page, say_empty, show_section
from dashboards.components.tables import show_table
from dashboards.warehouse.choices import read_indicators
from dashboards.warehouse.totals import read_places

SHOWN_BARS = 40
NAMED = 12
EXPORTED = (
    "municipality_code", "name", "country_code", "indicator_code", "period_id", "group", "unit", "value", "value_low", "value_high", "interval_low",
    "interval_high", "numerator", "denominator", "whole", "known_share", "qualifier", "is_complete", "rank", "rank_low", "rank_high", "low_95",
    "high_95", "low_998", "high_998", "chance",
)  # fmt: skip

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

left, right = st.columns(2)
with left:
    places = choose_group(places, locale)
is_per_head = False
if not isinstance(indicators[code]["denominator_measure"], str):
    per_head = locale.say("compare.per_inhabitant" if unit in CURRENCIES else "compare.per_1000")
    shown_as = {"reported": locale.say("compare.as_reported"), "head": per_head}
    with right:
        is_per_head = choose("per", locale.say("compare.show"), tuple(shown_as), "reported", shown_as.__getitem__) == "head"
if places.empty:
    say_empty(locale.say("compare.empty_group"), locale.say("compare.empty_group_to_do"))
    st.stop()

kind = find_kind(places, unit, is_per_head)
compared = compare_places(take_per_head(places, unit) if is_per_head else places, kind)
shown_unit = PER_1000 if is_per_head and unit not in CURRENCIES else unit
known = compared[compared["value"].notna()]
names = [locale.name(row) for row in compared.to_dict("records")]
explanation = locale.say("compare.coverage", known=locale.number(len(known)), all=locale.number(len(compared)))
if unit in SHARES:
    explanation += " " + locale.say("compare.interval_explanation")
named_unit = locale.say("compare.per_inhabitant") if is_per_head and unit in CURRENCIES else locale.unit(shown_unit)
show_section(f"{title}{f', {named_unit}' if named_unit else ''}", explanation)
if known.empty:
    say_empty(locale.say("compare.none_known"), locale.say("compare.none_known_to_do"))
else:
    best = known.head(SHOWN_BARS)
    show_chart(plot_ranked_bars(best, names[: len(best)], shown_unit, locale), locale, 96 + 24 * len(best), "ranking", title)
    if len(known) > SHOWN_BARS:
        st.caption(locale.say("compare.first", shown=locale.number(SHOWN_BARS), all=locale.number(len(known))))

judged = compared[compared["chance"].notna()]
if not judged.empty:
    show_section(locale.say("compare.funnel"), locale.say("compare.funnel_explanation"))
    judged_names = [locale.name(row) for row in judged.to_dict("records")]
    show_chart(plot_funnel(judged, judged_names, shown_unit, locale), locale, 420, "funnel", locale.say("compare.funnel"))
    far = [name for name, chance in zip(judged_names, judged["chance"], strict=True) if chance == "outside_998"]
    listed = ", ".join(far[:NAMED]) + ("…" if len(far) > NAMED else "")
    st.text(locale.say("compare.far", names=listed) if far else locale.say("compare.none_far"))

show_section(locale.say("compare.table"), locale.say("compare.rank_interval") if not judged.empty else "")
labels = {"rank": locale.say("column.rank")}
if not judged.empty:
    labels |= {"rank_range": locale.say("column.rank_range")}
labels |= {
    "place": locale.say("column.municipality"),
    "country": locale.say("filter.country"),
    "figure": locale.say("column.value"),
    "numerator": locale.say("column.numerator"),
}
if isinstance(indicators[code]["denominator_measure"], str) or is_per_head:
    labels |= {"denominator": locale.say("compare.inhabitants" if is_per_head else "column.denominator")}
if not judged.empty:
    labels |= {"beside_chance": locale.say("column.chance")}
if unit in SHARES:
    labels |= {"range": locale.say("column.bounds"), "known_share": locale.say("column.known_share")}
labels |= {"complete": locale.say("column.complete")}
records = compared.to_dict("records")
unknown = locale.say("common.not_known")
table = compared.assign(
    place=names,
    country=[locale.say(f"country.{country}") for country in compared["country_code"]],
    figure=[locale.figure(row["value"], shown_unit, row["qualifier"]) for row in records],
    rank_range=[
        locale.say("coverage.range", low=locale.number(row["rank_low"]), high=locale.number(row["rank_high"]))
        if is_known(row["rank_low"])
        else unknown
        for row in records
    ],
    beside_chance=[locale.say(f"compare.{row['chance']}") if is_known(row["chance"]) else unknown for row in records],
    range=[
        locale.say("coverage.range", low=locale.figure(row["value_low"], unit), high=locale.figure(row["value_high"], unit))
        if is_known(row["value_low"])
        else unknown
        for row in records
    ],
    complete=[locale.say("common.yes" if value else "common.no") for value in compared["is_complete"].fillna(False)],
)
show_table(table, labels, locale, key="places", formats={"known_share": locale.share})
group = st.query_params.get("group", "all")
exported = compared.assign(name=names, indicator_code=code, period_id=choices.period, group=group, unit=shown_unit)[list(EXPORTED)]
offer_csv(exported, f"munimon_{code}_{choices.period.replace('/', '_')}", locale, key="download_places")

show_section(locale.say("evidence.title"), locale.say("evidence.explanation"))
show_evidence(choices, code, "indicator")
