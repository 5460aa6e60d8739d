"""The frame of a page: style, heading, notices, and what to do where there is nothing to show."""

import re
from datetime import datetime
from html import escape
from importlib.resources import files

import streamlit as st

from dashboards.components.filters import ALL, Choices, forget_as_of
from dashboards.components.language import Locale
from dashboards.warehouse.choices import read_programmes
from dashboards.warehouse.published import find_build


def apply_style() -> None:
    """Put our few style rules into the page."""
    st.html("<style>" + (files("dashboards") / "components" / "style.css").read_text(encoding="utf-8") + "</style>")


def begin_page(title: str, lists_records: bool = False) -> Choices:
    """Write the page's heading, what it is about, and that something is synthetic where it is. Returns the reader's choices.

    `lists_records`: the page lists reports and rows of all programmes, the synthetic ones among them.
    """
    choices: Choices = st.session_state["choices"]
    locale = choices.locale
    titles = {str(row["programme_id"]): locale.title(row) for row in read_programmes().to_dict("records")}
    scope = (
        locale.say(f"country.{choices.country}"),
        locale.say("filter.all_programmes") if choices.programme == ALL else titles[choices.programme],
        locale.period(choices.period),
    )
    show_title(locale.say(title), " · ".join(scope))
    names = ", ".join(titles[code] for code in choices.synthetic)
    if choices.programme in choices.synthetic:
        show_notice(locale.say("synthetic.badge"), locale.say("synthetic.all_invented"), kind="synthetic")
    elif choices.programme == ALL and choices.synthetic:
        text = locale.say("synthetic.records" if lists_records else "synthetic.left_out", programmes=names)
        show_notice(locale.say("synthetic.badge"), text, kind="synthetic" if lists_records else "plain")
    return choices


def show_title(title: str, below: str) -> None:
    """A page's heading and the line under it."""
    st.html(f'<header class="mm-head"><h1>{escape(title)}</h1><p>{escape(below)}</p></header>')


def show_notice(badge: str, text: str, kind: str = "plain") -> None:
    """A quiet line with a badge before it."""
    st.html(f'<div class="mm-notice mm-{escape(kind)}"><b>{escape(badge)}</b><span>{escape(text)}</span></div>')


def show_as_of_band(locale: Locale, moment: datetime) -> None:
    """At the top of each page: that it shows what was known at an earlier moment, and the way back to now."""
    show_notice(locale.say("as_of.badge"), locale.say("as_of.text", moment=locale.moment(moment)), kind="as-of")
    st.button(locale.say("as_of.back"), key="back_to_now", on_click=forget_as_of)


def show_section(title: str, explanation: str = "") -> None:
    """A heading inside a page, with one sentence under it where one helps."""
    st.html(f'<div class="mm-section"><h2>{escape(title)}</h2>{f"<p>{escape(explanation)}</p>" if explanation else ""}</div>')


def say_empty(text: str, to_do: str) -> None:
    """Instead of a figure or table: why there is nothing, and what to do."""
    st.html(f'<div class="mm-empty"><b>{escape(text)}</b><p>{escape(to_do)}</p></div>')


def say_nothing_published(locale: Locale) -> None:
    """The page of a home in which nothing has been published yet."""
    show_title("munimon", locale.say("empty.product"))
    say_empty(locale.say("empty.nothing_published"), locale.say("empty.run_build"))
    st.code("munimon ingest REPORT.xlsx\nmunimon build", language="bash")


def show_build(locale: Locale) -> None:
    """Which build the figures are from, at the foot of the sidebar."""
    build = str(find_build())
    moment = re.match(r"\d{8}T\d{6}", build)
    published = locale.moment(datetime.strptime(moment[0], "%Y%m%dT%H%M%S")) if moment else build
    with st.sidebar:
        st.html(f'<p class="mm-build">{escape(locale.say("filter.build", build=published))}</p>')


def show_legend(entries: list[tuple[str, str]]) -> None:
    """What colours mean: colour and words."""
    items = "".join(f'<span><i style="background:{escape(colour)}"></i>{escape(words)}</span>' for colour, words in entries)
    st.html(f'<div class="mm-legend">{items}</div>')
