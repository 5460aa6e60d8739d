"""Headline figures: each with how much of it is known."""

from html import escape
from typing import Any

import streamlit as st

from dashboards.components.language import SHARES, Locale, is_known


def show_cards(cards: list[str]) -> None:
    """A grid of cards made by `write_card`."""
    st.html(f'<div class="mm-cards">{"".join(cards)}</div>')


def show_facts(facts: list[tuple[str, str]]) -> None:
    """A row of plain facts, label and value."""
    rows = "".join(f"<div><span>{escape(label)}</span><b>{escape(value)}</b></div>" for label, value in facts)
    st.html(f'<div class="mm-facts">{rows}</div>')


def write_card(locale: Locale, indicator: Any, total: Any | None, places: Any | None) -> str:
    """The HTML of one indicator's card.

    `indicator` is its row of dim_indicators, `total` its row of `read_totals` (None: nothing reported), `places` its row of
    `count_places_known`.
    """
    unit = str(indicator["unit"])
    value = total["value"] if total is not None else None
    known = is_known(value)
    figure = locale.figure(value, unit, total["qualifier"] if total is not None else None)
    notes = [f'<div class="note{css}">{escape(text)}</div>' for text, css in describe_coverage(locale, unit, total, places)]
    bar = ""
    if unit in SHARES and total is not None and is_known(total["known_share"]):
        bar = f'<div class="bar"><i style="width:{min(100, round(float(total["known_share"]) * 100))}%"></i></div>'
    return (
        f'<div class="mm-card" data-indicator="{escape(str(indicator["indicator_code"]))}">'
        f'<div class="title">{escape(locale.title(indicator))}</div>'
        f'<div class="value{"" if known else " unknown"}">{escape(figure)}'
        f"{f'<small>{escape(locale.unit(unit))}</small>' if known and locale.unit(unit) else ''}</div>"
        f'{"".join(notes)}<div class="fill"></div>{bar}</div>'
    )


def describe_coverage(locale: Locale, unit: str, total: Any | None, places: Any | None) -> list[tuple[str, str]]:
    """What a reader must know to weigh a figure: lines of text, each with its class (` warn` where the figure is incomplete)."""
    if total is None:
        return [(locale.say("coverage.nothing_reported"), "")]
    lines = []
    low, high = total["value_low"], total["value_high"]
    if unit in SHARES and is_known(low) and is_known(high) and 0 < high - low < 1:
        lines.append((locale.say("coverage.between", low=locale.figure(low, unit), high=locale.figure(high, unit)), ""))
    if unit not in SHARES and is_known(low) and is_known(high):
        lines.append((locale.say("coverage.between_counts", low=locale.figure(low, unit), high=locale.figure(high, unit)), ""))
    if is_known(total["percent_complete"]):
        told = {"target": locale.figure(total["target"], unit), "share": locale.share(total["percent_complete"])}
        lines.append((locale.say("coverage.target", **told), ""))
    if unit in SHARES and is_known(total["known_share"]):
        lines.append((locale.say("coverage.known_share", share=locale.share(total["known_share"])), ""))
    if places is not None and places["places"]:
        lines.append((locale.say("coverage.places", known=locale.number(places["known_places"]), all=locale.number(places["places"])), ""))
    if is_known(total["value"]) and is_known(total["is_complete"]) and not total["is_complete"]:
        lines.append((locale.say("coverage.incomplete"), " warn"))
    return lines
