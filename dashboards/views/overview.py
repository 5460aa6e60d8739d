"""What the programmes reach and achieve, and how much of it is known."""

import streamlit as st

from dashboards.components.cards import show_cards, show_facts, write_card
from dashboards.components.evidence import show_evidence
from dashboards.components.filters import ALL, choose
from dashboards.components.layout import begin_page, say_empty, show_section
from dashboards.components.map import find_boundaries, show_map
from dashboards.components.tables import show_table
from dashboards.warehouse.choices import read_indicators, read_municipalities
from dashboards.warehouse.reports import read_reporting
from dashboards.warehouse.totals import count_places_known, read_places, read_programme_summary, read_reached, read_totals

HEADLINES = (
    "persons_engaged",
    "women_engaged_share",
    "roma_engaged_share",
    "retention_rate",
    "persons_trained",
    "training_completion_rate",
    "equipment_items_delivered",
    "households_supported",
    "local_plans_in_force",
    "grants_awarded_eur",
    "grant_absorption_rate",
    "cost_per_person_engaged_eur",
)

choices = begin_page("page.overview")
locale = choices.locale
indicators = read_indicators()
by_code = {str(row["indicator_code"]): row for row in indicators.to_dict("records")}
totals = {str(row["indicator_code"]): row for row in read_totals(*choices.place, choices.programme, choices.period).to_dict("records")}
known = {str(row["indicator_code"]): row for row in count_places_known(choices.country, choices.programmes, choices.period).to_dict("records")}
reached = read_reached(choices.country, choices.programmes)
reporting = read_reporting(choices.country, choices.programmes, choices.period)
programmes = read_programme_summary(choices.country, choices.programmes)
listed = read_programme_summary(choices.country, choices.recorded)

facts = [
    (locale.say("overview.programmes"), locale.number(len(programmes))),
    (locale.say("overview.municipalities"), locale.number(len(reached))),
    (locale.say("overview.in_several"), locale.number(int((reached["programmes"] > 1).sum()))),
    (locale.say("overview.submissions"), locale.number(int(programmes["submissions"].sum()))),
]
if len(reporting):
    received = locale.say("overview.of", part=locale.number(int(reporting["is_received"].sum())), all=locale.number(len(reporting)))
    facts.append((locale.say("overview.expected"), received))
show_facts(facts)

show_section(locale.say("overview.headlines"), locale.say("overview.headlines_explanation"))
if totals:
    show_cards([write_card(locale, by_code[code], totals.get(code), known.get(code)) for code in HEADLINES if code in by_code])
else:
    say_empty(locale.say("empty.no_figures"), locale.say("empty.other_filters"))

show_section(locale.say("overview.map"), locale.say("overview.map_areas" if find_boundaries() else "overview.map_explanation"))
drawable = ("programmes", *(code for code in by_code if code in totals and code != "municipalities_supported"))
titles = {"programmes": locale.say("overview.map_programmes")} | {code: locale.title(by_code[code]) for code in by_code}
shown = choose("map", locale.say("overview.map_indicator"), drawable, "programmes", titles.__getitem__)
municipalities = read_municipalities()
if choices.country != ALL:
    municipalities = municipalities[municipalities["country_code"] == choices.country]
if shown == "programmes":
    places, unit = reached.rename(columns={"programmes": "value"}).assign(qualifier=None), "programmes"
else:
    places, unit = read_places(shown, choices.country, choices.programme, choices.period), str(by_code[shown]["unit"])
drawing, listing = st.columns([3, 2], gap="medium")
with drawing:
    show_map(municipalities, places, unit, locale, titles[shown])
with listing:
    names = {str(row["municipality_code"]): locale.name(row) for row in municipalities.to_dict("records")}
    ranked = places.sort_values("value", ascending=False, na_position="last")
    show_table(
        ranked.assign(
            place=[names[str(code)] for code in ranked["municipality_code"]],
            figure=[locale.figure(row["value"], unit, row["qualifier"]) for row in ranked.to_dict("records")],
        ),
        {"place": locale.say("column.municipality"), "figure": locale.unit(unit).capitalize() or locale.say("column.value")},
        locale,
        key="places",
        rows=14,
    )

show_section(locale.say("overview.programmes"))
show_table(
    listed.assign(
        shown_title=[locale.title(row) for row in listed.to_dict("records")],
        country=[locale.say(f"country.{code}") if isinstance(code, str) and code else locale.say("country.all") for code in listed["country_code"]],
        origin=[locale.say("synthetic.badge") if value else locale.say("synthetic.real") for value in listed["is_synthetic"].fillna(False)],
    ),
    {
        "programme_id": locale.say("column.programme"),
        "shown_title": locale.say("column.title"),
        "country": locale.say("filter.country"),
        "municipalities_named": locale.say("column.municipalities_named"),
        "municipalities_stated": locale.say("column.municipalities_stated"),
        "funding": locale.say("column.funding"),
        "implementing": locale.say("column.implementing"),
        "submissions": locale.say("column.submissions"),
        "origin": locale.say("column.origin"),
    },
    locale,
    key="programmes",
    wide=("shown_title",),
)

show_section(locale.say("evidence.title"), locale.say("evidence.explanation"))
first = "persons_engaged" if "persons_engaged" in by_code else next(iter(by_code))
figure = choose("figure", locale.say("evidence.choose"), tuple(by_code), first, titles.__getitem__)
show_evidence(choices, figure, "figure")
