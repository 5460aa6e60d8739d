"""The frame of a page: style, heading, notices, and what to do where there is nothing to show."""

from html import escape
from importlib.resources import files

import streamlit as st

from dashboards import warehouse
from dashboards.components.filters import ALL, Choices
from dashboards.components.language import Locale


def apply_style() -> None:
    """Put our few style rules into the page."""
    st.html("<style>" + (files("dashboards") / "components" / "style.css").read_text(encoding="utf-8") + "</style>")


def begin_page(title: str) -> Choices:
    """Write the page's heading, what it is about, and that figures are synthetic where they are. Returns the reader's choices."""
    choices: Choices = st.session_state["choices"]
    locale = choices.locale
    titles = {str(row["programme_id"]): locale.title(row) for row in warehouse.read_programmes().to_dict("records")}
    scope = (
        locale.say(f"country.{choices.country}"),
        locale.say("filter.all_programmes") if choices.programme == ALL else titles[choices.programme],
        locale.period(choices.period),
    )
    st.html(f'<header class="mm-head"><h1>{escape(locale.say(title))}</h1><p>{escape(" · ".join(scope))}</p></header>')
    if choices.synthetic_programmes:
        names = ", ".join(titles[code] for code in choices.synthetic_programmes)
        show_notice(locale.say("synthetic.badge"), locale.say("synthetic.banner", programmes=names), kind="synthetic")
    return choices


def show_notice(badge: str, text: str, kind: str = "plain") -> None:
    """A quiet line with a badge before it."""
    st.html(f'<div class="mm-notice mm-{escape(kind)}"><b>{escape(badge)}</b><span>{escape(text)}</span></div>')


def show_section(title: str, explanation: str = "") -> None:
    """A heading inside a page, with one sentence under it where one helps."""
    st.html(f'<div class="mm-section"><h2>{escape(title)}</h2>{f"<p>{escape(explanation)}</p>" if explanation else ""}</div>')


def say_empty(text: str, to_do: str) -> None:
    """Instead of a figure or table: why there is nothing, and what to do."""
    st.html(f'<div class="mm-empty"><b>{escape(text)}</b><p>{escape(to_do)}</p></div>')


def say_nothing_published(locale: Locale) -> None:
    """The page of a home in which nothing has been published yet."""
    st.html(f'<header class="mm-head"><h1>munimon</h1><p>{escape(locale.say("empty.product"))}</p></header>')
    say_empty(locale.say("empty.nothing_published"), locale.say("empty.run_build"))
    st.code("munimon ingest REPORT.xlsx\nmunimon build", language="bash")


def show_build(locale: Locale) -> None:
    """Which build the figures are from, at the foot of the sidebar."""
    build = warehouse.find_build()
    with st.sidebar:
        st.html(f'<p class="mm-build">{escape(locale.say("filter.build", build=str(build)))}</p>')


def show_legend(entries: list[tuple[str, str]]) -> None:
    """What colours mean: colour and words."""
    items = "".join(f'<span><i style="background:{escape(colour)}"></i>{escape(words)}</span>' for colour, words in entries)
    st.html(f'<div class="mm-legend">{items}</div>')
