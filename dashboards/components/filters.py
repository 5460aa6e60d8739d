"""Choices of the reader, kept in the address of the page so that a reload or a shared link shows the same."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

import streamlit as st

from dashboards.components.language import OWN_NAMES, Locale, guess_language, is_known
from dashboards.warehouse.choices import read_countries, read_periods, read_programmes
from munimon.settings import MunimonError, parse_moment

ALL = "all"
TO_DATE = "to-date"
AS_OF = "as_of"


@dataclass(frozen=True)
class Choices:
    """What the reader looks at.

    `programmes` are those whose figures are shown: the one chosen, or all of the country but the synthetic ones, which are never added to
    others. `recorded` are those whose reports are listed: the synthetic ones too, unless they are hidden.
    """

    locale: Locale
    country: str
    programme: str
    period: str
    programmes: tuple[str, ...]
    recorded: tuple[str, ...]
    synthetic: tuple[str, ...]

    @property
    def place(self) -> tuple[str, str]:
        """Level and place code of the totals in view."""
        if self.country != ALL:
            return "country", self.country
        return ("all" if self.programme == ALL else "programme"), ALL


def _kept() -> dict[str, str]:
    """Choices of this visit: a link of the navigation opens a page without them in its address, so they are put back."""
    kept: dict[str, str] = st.session_state.setdefault("kept_choices", {})
    return kept


def remember(key: str, value: str, default: str) -> None:
    """Keep a choice in the address and for this visit; the default needs no keeping."""
    if value == default:
        _kept().pop(key, None)
        if key in st.query_params:
            del st.query_params[key]
    else:
        _kept()[key] = value
        if st.query_params.get(key) != value:
            st.query_params[key] = value


def read_choice(key: str, options: Sequence[str], default: str) -> str:
    """The choice in the address, else of this visit, else the default; what is no longer on offer falls back to the default."""
    value = st.query_params.get(key, _kept().get(key, default))
    value = value if value in options else default
    remember(key, value, default)
    return value


def choose(key: str, label: str, options: Sequence[str], default: str, show: Callable[[str], str]) -> str:
    """A drop-down whose choice lives in the address under `key`. `options` must hold `default`."""
    widget = f"choose_{key}"
    st.session_state[widget] = read_choice(key, options, default)

    def keep() -> None:
        remember(key, st.session_state[widget], default)

    return str(st.selectbox(label, options, format_func=show, key=widget, on_change=keep))


def choose_many(key: str, label: str, options: Sequence[str], show: Callable[[str], str]) -> tuple[str, ...]:
    """A list of the reader's own, empty by default; it lives in the address under `key`, parted by commas."""
    widget = f"choose_{key}"
    kept = st.query_params.get(key, _kept().get(key, ""))
    st.session_state[widget] = [value for value in kept.split(",") if value in options]
    remember(key, ",".join(st.session_state[widget]), "")

    def keep() -> None:
        remember(key, ",".join(st.session_state[widget]), "")

    return tuple(st.multiselect(label, options, format_func=show, key=widget, on_change=keep))


def choose_day(key: str, label: str, default: date | None) -> date | None:
    """A day that lives in the address under `key` (2024-06-30); `default` where none is chosen, or what stands there is no day."""
    widget = f"choose_{key}"
    try:
        st.session_state[widget] = date.fromisoformat(st.query_params.get(key, _kept().get(key, "")))
    except ValueError:
        st.session_state[widget] = default

    def keep() -> None:
        chosen = st.session_state[widget]
        remember(key, chosen.isoformat() if chosen and chosen != default else "", "")

    chosen: date | None = st.date_input(label, key=widget, format="DD.MM.YYYY", on_change=keep)
    return chosen


def read_locale() -> Locale:
    """The language in the address or of this visit, else the browser's."""
    return Locale(read_choice("language", tuple(OWN_NAMES), guess_language(st.context.locale)))


def show_sidebar(locale: Locale) -> Choices:
    """The language switch and the filters that all pages share. Needs something published; see `show_language` otherwise."""
    programmes = read_programmes()
    with st.sidebar:
        show_language(locale)
        country = choose("country", locale.say("filter.country"), (ALL, *read_countries()), ALL, lambda code: locale.say(f"country.{code}"))
        is_hidden = read_choice("synthetic", ("shown", "hidden"), "shown") == "hidden"
        rows = [row for row in programmes.to_dict("records") if country in (ALL, row["country_code"]) or not is_known(row["country_code"])]
        titles = {str(row["programme_id"]): locale.title(row) for row in rows if not (is_hidden and row["is_synthetic"])}
        synthetic = tuple(str(row["programme_id"]) for row in rows if row["is_synthetic"] and not is_hidden)
        titles |= {code: f"{titles[code]} · {locale.say('synthetic.badge')}" for code in synthetic}
        programme = choose(
            "programme", locale.say("filter.programme"), (ALL, *titles), ALL, lambda code: titles.get(code, locale.say("filter.all_programmes"))
        )
        shown = tuple(code for code in titles if code not in synthetic) if programme == ALL else (programme,)
        period = choose("period", locale.say("filter.period"), (TO_DATE, *read_periods(shown)), TO_DATE, locale.period)
        if programmes["is_synthetic"].fillna(False).any():
            show_synthetic_switch(locale)
        show_as_of(locale, read_as_of())
    recorded = tuple(titles) if programme == ALL else (programme,)
    return Choices(locale, country, programme, period, shown, recorded, synthetic)


def read_as_of() -> datetime | None:
    """The moment in the address or of this visit that the reader looks back to; None for now, and where it cannot be read."""
    text = st.query_params.get(AS_OF, _kept().get(AS_OF, ""))
    try:
        moment = parse_moment(text, AS_OF) if text else None
    except MunimonError:
        moment = None
    remember(AS_OF, text if moment else "", "")
    return moment


def show_as_of(locale: Locale, moment: datetime | None) -> None:
    """The day and the time (UTC) to look back to; an empty day is now."""
    day, hour = "choose_as_of_day", "choose_as_of_time"
    st.session_state[day] = moment.date() if moment else None
    st.session_state[hour] = moment.time().replace(second=0, microsecond=0) if moment else time()

    def keep() -> None:
        chosen = st.session_state[day]
        remember(AS_OF, datetime.combine(chosen, st.session_state[hour]).isoformat(timespec="minutes") if chosen else "", "")

    st.date_input(locale.say("filter.as_of"), key=day, format="DD.MM.YYYY", on_change=keep, help=locale.say("filter.as_of_help"))
    if moment:
        st.time_input(locale.say("filter.as_of_time"), key=hour, on_change=keep)


def forget_as_of() -> None:
    """Back to what is known now."""
    remember(AS_OF, "", "")


def show_language(locale: Locale) -> None:
    """The language switch alone."""
    choose("language", locale.say("filter.language"), tuple(OWN_NAMES), guess_language(st.context.locale), OWN_NAMES.__getitem__)


def show_synthetic_switch(locale: Locale) -> None:
    """The one switch that hides synthetic programmes; in the address as `synthetic=hidden`."""
    widget = "choose_synthetic"
    st.session_state[widget] = read_choice("synthetic", ("shown", "hidden"), "shown") == "hidden"

    def keep() -> None:
        remember("synthetic", "hidden" if st.session_state[widget] else "shown", "shown")

    st.toggle(locale.say("filter.hide_synthetic"), key=widget, on_change=keep, help=locale.say("filter.hide_synthetic_help"))
