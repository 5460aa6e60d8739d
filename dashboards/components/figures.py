"""Charts. Every one is drawn from values alone: no tiles, no fonts, nothing from the network."""

from html import escape
from itertools import pairwise
from typing import Any

import pandas
import plotly.graph_objects as go
import streamlit as st

from dashboards.components.language import SHARES, Locale, is_known

BLUE, ORANGE, GREY, LIGHT, INK = "#1F5582", "#C9772B", "#8A97A3", "#E4E9ED", "#45525F"
CONFIG = {"displayModeBar": False, "scrollZoom": False, "showTips": False, "displaylogo": False}


def show_chart(figure: go.Figure, locale: Locale, height: int, key: str, description: str) -> None:
    """Put a chart into the page in the reader's number format; `description` is what a screen reader says of it."""
    figure.update_layout(
        height=height,
        margin={"l": 4, "r": 12, "t": 8, "b": 8},
        separators=locale.separators,
        font={"size": 13, "color": INK},
        hoverlabel={"bgcolor": "white", "font": {"color": "#1B2733"}},
        dragmode=False,
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
    )
    st.plotly_chart(figure, config=CONFIG, key=key, alt=description)


def plot_ranked_bars(places: pandas.DataFrame, names: list[str], unit: str, locale: Locale) -> go.Figure:
    """Bars by municipality, greatest on top, with the interval of a share where there is one. `places` holds known values only."""
    values = places["value"].astype(float)
    texts = [locale.figure(row["value"], unit, row["qualifier"]) for row in places.to_dict("records")]
    errors = None
    if unit in SHARES and places["interval_low"].notna().any():
        errors = {
            "type": "data",
            "symmetric": False,
            "array": (places["interval_high"].astype(float) - values).clip(lower=0).fillna(0),
            "arrayminus": (values - places["interval_low"].astype(float)).clip(lower=0).fillna(0),
            "color": INK,
            "thickness": 1.2,
            "width": 3,
        }
    hints = [
        f"<b>{escape(name)}</b><br>{escape(text)}" + (f"<br>{escape(_say_interval(row, unit, locale))}" if errors else "")
        for name, text, row in zip(names, texts, places.to_dict("records"), strict=True)
    ]
    figure = go.Figure(
        go.Bar(
            x=values,
            y=list(range(len(names))),
            orientation="h",
            marker={"color": BLUE if errors is None else "#7FA3C2"},
            error_x=errors,
            text=texts if errors is None else None,
            textposition="outside",
            cliponaxis=False,
            hovertext=hints,
            hoverinfo="text",
            width=0.66,
        )
    )
    figure.update_yaxes(tickvals=list(range(len(names))), ticktext=[escape(name) for name in names], autorange="reversed", showgrid=False, ticklen=4)
    top = float(places["interval_high"].astype(float).max()) if errors else float(values.max()) * 1.16
    figure.update_xaxes(
        range=[0, min(1.0, top * 1.04) if unit in SHARES and errors else max(top, 1e-9)],
        tickformat=",.0%" if unit in SHARES else ",",
        gridcolor=LIGHT,
        zeroline=False,
        side="top",
        nticks=6,
        fixedrange=True,
    )
    figure.update_yaxes(fixedrange=True)
    return figure


FUNNEL_LINES = (("998", "solid"), ("95", "dot"))
CHANCE_COLOURS = {"within": "#7FA3C2", "outside_95": ORANGE, "outside_998": "#B3392B"}


def plot_funnel(compared: pandas.DataFrame, names: list[str], unit: str, locale: Locale) -> go.Figure:
    """Places by size and value, with the lines within which chance alone would leave them. `compared` is of `compare_places`, known rows."""
    figure = go.Figure()
    by_size = compared.sort_values("denominator")
    for name, dash in FUNNEL_LINES:
        for side in ("low", "high"):
            line = {"color": GREY, "width": 1.2, "dash": dash, "shape": "hv"}
            points = by_size[f"{side}_{name}"].astype(float)
            label = locale.say(f"compare.limits_{name}")
            figure.add_scatter(
                x=by_size["denominator"].astype(float), y=points, mode="lines", line=line, name=label, showlegend=side == "low", hoverinfo="skip"
            )
    hints = [
        f"<b>{escape(name)}</b><br>{escape(locale.figure(row['value'], unit))}<br>{escape(locale.say('compare.' + str(row['chance'])))}"
        for name, row in zip(names, compared.to_dict("records"), strict=True)
    ]
    figure.add_scatter(
        x=compared["denominator"].astype(float),
        y=compared["value"].astype(float),
        mode="markers",
        marker={"size": 8, "color": [CHANCE_COLOURS[str(chance)] for chance in compared["chance"]], "line": {"width": 1, "color": "white"}},
        hovertext=hints,
        hoverinfo="text",
        showlegend=False,
    )
    figure.update_xaxes(title=locale.say("compare.inhabitants" if unit not in SHARES else "column.denominator"), gridcolor=LIGHT, fixedrange=True)
    figure.update_xaxes(tickformat=",", rangemode="tozero", zeroline=False)
    figure.update_yaxes(tickformat=",.0%" if unit in SHARES else ",", gridcolor=LIGHT, rangemode="tozero", zeroline=False, fixedrange=True)
    figure.update_layout(legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "xanchor": "left"})
    return figure


def _say_interval(row: Any, unit: str, locale: Locale) -> str:
    if not is_known(row["interval_low"]):
        return ""
    return locale.say("compare.interval", low=locale.figure(row["interval_low"], unit), high=locale.figure(row["interval_high"], unit))


def plot_history(history: pandas.DataFrame, own_name: str, unit: str, locale: Locale) -> go.Figure:
    """A municipality's values by period beside the median and the middle half of its peers. Gaps are periods whose value is not known.

    Where the definition changes from one period to the next a line says so; a series restated by one definition is dashed.
    """
    labels = [locale.period(str(period)) for period in history["period_id"]]
    number = ",.1%" if unit in SHARES else ",.2~f"

    def line(column: str) -> list[float | None]:
        return [float(value) if is_known(value) else None for value in history[column]]

    figure = go.Figure()
    if history["peers_median"].notna().any():
        figure.add_scatter(x=labels, y=line("peers_high"), mode="lines", line={"width": 0}, showlegend=False, hoverinfo="skip")
        figure.add_scatter(
            x=labels,
            y=line("peers_low"),
            mode="lines",
            line={"width": 0},
            fill="tonexty",
            fillcolor="rgba(138,151,163,0.18)",
            name=locale.say("municipality.peers_middle"),
            hoverinfo="skip",
        )
        figure.add_scatter(
            x=labels,
            y=line("peers_median"),
            mode="lines",
            line={"color": GREY, "width": 1.6, "dash": "dot"},
            name=locale.say("municipality.peers_median"),
            hovertemplate=f"%{{y:{number}}}",
        )
    figure.add_scatter(
        x=labels,
        y=line("value"),
        mode="lines+markers",
        line={"color": BLUE, "width": 2.4},
        marker={"size": 7},
        name=escape(own_name),
        hovertemplate=f"%{{y:{number}}}",
    )
    if history["restated"].notna().any():
        figure.add_scatter(
            x=labels,
            y=line("restated"),
            mode="lines+markers",
            line={"color": ORANGE, "width": 1.8, "dash": "dash"},
            name=locale.say("municipality.restated"),
            hovertemplate=f"%{{y:{number}}}",
        )
    for place in _find_new_definitions(history):
        # between the categories: the last period of the old definition and the first of the new one
        figure.add_vline(x=place - 0.5, line={"color": INK, "width": 1, "dash": "dot"})
        note = escape(locale.say("municipality.new_definition"))
        figure.add_annotation(x=place - 0.5, y=0.98, yref="paper", yanchor="top", xanchor="left", text=note, showarrow=False, font={"size": 11})
    figure.update_yaxes(rangemode="tozero", tickformat=",.0%" if unit in SHARES else ",", gridcolor=LIGHT, zeroline=False, fixedrange=True, nticks=5)
    figure.update_xaxes(type="category", showgrid=False, fixedrange=True)
    figure.update_layout(hovermode="x unified", legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "xanchor": "left"})
    return figure


def _find_new_definitions(history: pandas.DataFrame) -> list[int]:
    """The places in the series, counted from 0, whose figure follows another definition than the one before it that has any."""
    known = [(place, version) for place, version in enumerate(history["definition_version"]) if is_known(version)]
    return [place for (_, before), (place, version) in pairwise(known) if version != before]


STATES = ("on_time", "late", "missing")
STATE_COLOURS = {"on_time": "#5B8C5A", "late": "#E2B04A", "missing": "#C65D4B"}


def plot_reporting(reporting: pandas.DataFrame, names: list[str], locale: Locale) -> go.Figure:
    """Municipality × period: received on time, received late, or missing. `reporting` has period_id, place (0…), state and hint."""
    periods = list(dict.fromkeys(str(period) for period in reporting["period_id"]))
    cells: list[list[int | None]] = [[None] * len(periods) for _ in names]
    hints: list[list[str]] = [[""] * len(periods) for _ in names]
    for row in reporting.to_dict("records"):
        place, column = int(row["place"]), periods.index(str(row["period_id"]))
        cells[place][column] = STATES.index(str(row["state"]))
        hints[place][column] = escape(str(row["hint"]))
    scale = [(step / 3, STATE_COLOURS[state]) for index, state in enumerate(STATES) for step in (index, index + 1)]
    figure = go.Figure(
        go.Heatmap(
            z=cells,
            x=[locale.period(period) for period in periods],
            y=list(range(len(names))),
            zmin=-0.5,
            zmax=2.5,
            colorscale=scale,
            showscale=False,
            xgap=2,
            ygap=2,
            hovertext=hints,
            hoverinfo="text",
            hoverongaps=False,
        )
    )
    figure.update_yaxes(tickvals=list(range(len(names))), ticktext=[escape(name) for name in names])
    figure.update_yaxes(autorange="reversed", showgrid=False, fixedrange=True)
    figure.update_xaxes(side="top", type="category", showgrid=False, fixedrange=True)
    return figure
