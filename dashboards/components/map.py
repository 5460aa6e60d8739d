"""The map: circles at the middle of each municipality, or its area where the home has a boundary file. Nothing comes from the network."""

import json
import math
from html import escape
from pathlib import Path
from typing import Any

import pandas
import plotly.express as px
import plotly.graph_objects as go
import streamlit as st

from dashboards.components.figures import BLUE, show_chart
from dashboards.components.language import SHARES, Locale, is_known
from munimon.settings import find_home

# At this latitude, the middle of the two countries, a degree east is this much of a degree north: shapes keep their proportions.
MIDDLE_LATITUDE = 43.4
HEIGHT = 560
COLOUR_BAR = {"thickness": 8, "len": 0.4, "x": 0.99, "y": 0.98, "yanchor": "top", "outlinewidth": 0}
SCALE = ["#DCE7F0", "#9DBDD6", "#5A8FB8", "#1F5582", "#0F3554"]


def find_boundaries() -> list[Path]:
    """The boundary files in force: GeoJSON put into `boundaries/` of the reference folder."""
    return sorted((find_home().reference / "boundaries").glob("*.geojson"))


@st.cache_data(max_entries=4, show_spinner=False)
def read_boundaries(files: tuple[tuple[str, float], ...]) -> dict[str, Any]:
    """One feature collection of all files, each feature's `id` its municipality code (property `code`, else the feature's own id)."""
    features = []
    for name, _ in files:
        for feature in json.loads(Path(name).read_text(encoding="utf-8"))["features"]:
            code = feature.get("properties", {}).get("code") or feature.get("id")
            features.append({"type": "Feature", "id": str(code), "properties": {}, "geometry": feature["geometry"]})
    return {"type": "FeatureCollection", "features": features}


def show_map(municipalities: pandas.DataFrame, places: pandas.DataFrame, unit: str, locale: Locale, description: str) -> None:
    """Draw one figure.

    `municipalities` are those of the countries in view, `places` the rows of `read_places`. A municipality without a row stays a
    faint dot; one whose value is not known is an open circle.
    """
    figures = {str(row["municipality_code"]): row for row in places.to_dict("records")}
    rows = []
    for place in municipalities.to_dict("records"):
        if not (is_known(place["latitude"]) and is_known(place["longitude"])):
            continue
        figure = figures.get(str(place["municipality_code"]))
        text = locale.say("map.no_report") if figure is None else locale.figure(figure["value"], unit, figure["qualifier"])
        rows.append(
            {
                "code": str(place["municipality_code"]),
                "country": str(place["country_code"]),
                "x": float(place["longitude"]) * math.cos(math.radians(MIDDLE_LATITUDE)),
                "y": float(place["latitude"]),
                "is_reported": figure is not None,
                "value": float(figure["value"]) if figure is not None and is_known(figure["value"]) else math.nan,
                "hint": f"<b>{escape(locale.name(place))}</b><br>{escape(text)}",
            }
        )
    drawn = pandas.DataFrame(rows, columns=["code", "country", "x", "y", "is_reported", "value", "hint"])
    if files := find_boundaries():
        chart = draw_areas(drawn, read_boundaries(tuple((str(file), file.stat().st_mtime) for file in files)), unit)
    else:
        chart = draw_circles(drawn, unit)
        for country, dots in drawn.groupby("country"):
            north = dots.sort_values("y").iloc[-1]
            chart.add_annotation(
                x=north["x"] + 0.35,
                y=north["y"],
                text=locale.say(f"country.{country}"),
                showarrow=False,
                xanchor="left",
                font={"color": "#8A97A3", "size": 13},
            )
    show_chart(chart, locale, HEIGHT, "map", description)


def draw_circles(drawn: pandas.DataFrame, unit: str) -> go.Figure:
    """Circles whose area is in proportion to the value; for a share, circles of one size whose colour is the value."""
    silent, unknown, known = drawn[~drawn["is_reported"]], drawn[drawn["is_reported"] & drawn["value"].isna()], drawn[drawn["value"].notna()]
    figure = px.scatter(silent, x="x", y="y")
    figure.update_traces(marker={"size": 4, "color": "#CBD4DB"}, hovertext=silent["hint"], hovertemplate="%{hovertext}<extra></extra>")
    figure.add_scatter(
        x=unknown["x"],
        y=unknown["y"],
        mode="markers",
        marker={"size": 9, "color": "white", "line": {"color": "#6F7D89", "width": 1.4}},
        hovertext=unknown["hint"],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    known = known.sort_values("value", ascending=False)
    if unit in SHARES:
        marker: dict[str, Any] = {
            "size": 15,
            "color": known["value"],
            "colorscale": SCALE,
            "cmin": 0,
            "showscale": True,
            "colorbar": COLOUR_BAR | {"tickformat": ",.0%"},
        }
    else:
        top = max(float(known["value"].max()), 1e-9) if len(known) else 1.0
        widest = 22 if top < 5 else 40
        marker = {
            "size": known["value"].clip(lower=0),
            "sizemode": "area",
            "sizeref": 2 * top / widest**2,
            "sizemin": 4,
            "color": BLUE,
            "opacity": 0.72,
        }
    figure.add_scatter(
        x=known["x"],
        y=known["y"],
        mode="markers",
        marker=marker | {"line": {"color": "white", "width": 1}},
        hovertext=known["hint"],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    figure.update_layout(showlegend=False)
    figure.update_xaxes(visible=False, fixedrange=True)
    figure.update_yaxes(visible=False, fixedrange=True, scaleanchor="x", scaleratio=1)
    return figure


def draw_areas(drawn: pandas.DataFrame, boundaries: dict[str, Any], unit: str) -> go.Figure:
    """Areas coloured by value; reported but not known is grey, not reported is left white."""
    shapes = {str(feature["id"]) for feature in boundaries["features"]}
    here = drawn[drawn["code"].isin(shapes)]
    known = here[here["value"].notna()]
    other = here[here["value"].isna()]
    middle = (drawn["y"].max() + drawn["y"].min()) / 2
    figure = px.choropleth_map(
        known,
        geojson=boundaries,
        locations="code",
        color="value",
        color_continuous_scale=SCALE,
        map_style="white-bg",
        center={"lat": middle, "lon": (drawn["x"].max() + drawn["x"].min()) / 2 / math.cos(math.radians(MIDDLE_LATITUDE))},
        # one degree of latitude is about 1.95 × 2^zoom pixels here; half a degree stays free around the outermost centres
        zoom=math.log2(0.9 * HEIGHT / 1.95 / (drawn["y"].max() - drawn["y"].min() + 0.6)),
    )
    figure.update_traces(hovertext=known["hint"], hovertemplate="%{hovertext}<extra></extra>", marker={"line": {"color": "white", "width": 0.6}})
    figure.add_choroplethmap(
        geojson=boundaries,
        locations=other["code"],
        z=other["is_reported"].astype(int),
        zmin=0,
        zmax=1,
        colorscale=[(0, "#F1F4F6"), (1, "#C3CCD4")],
        showscale=False,
        hovertext=other["hint"],
        hovertemplate="%{hovertext}<extra></extra>",
        marker={"line": {"color": "#C3CCD4", "width": 0.6}},
    )
    figure.update_coloraxes(colorbar=COLOUR_BAR | {"title": "", "tickformat": ",.0%" if unit in SHARES else ","})
    return figure
