"""What changed in each indicator: from which value to which, and how much of it by which cause."""

from collections.abc import Iterable
from html import escape
from typing import Any

import pandas
import streamlit as st

from dashboards.components.language import Locale, is_known


def show_changes(changes: pandas.DataFrame, indicators: dict[str, Any], locale: Locale) -> None:
    """A block for each indicator, side by side as the page is wide. `changes` is of `read_changes`, `indicators` rows of dim_indicators by code."""
    blocks = [_write_block(locale, indicators[str(code)], rows.to_dict("records")) for code, rows in changes.groupby("indicator_code", sort=False)]
    st.html(f'<div class="mm-changes">{"".join(blocks)}</div>')


def _write_block(locale: Locale, indicator: Any, rows: Iterable[Any]) -> str:
    """The HTML of one indicator: its causes, then the whole."""
    unit, is_ratio = str(indicator["unit"]), isinstance(indicator["denominator_measure"], str)
    lines, values = [], ""
    for row in rows:
        is_whole = row["cause"] == "all"
        cause = locale.say("changes.all") if is_whole else locale.say(f"cause.{row['cause']}")
        lines.append(f"<div{' class=whole' if is_whole else ''}><span>{escape(cause)}</span><b>{_write_parts(locale, row, is_ratio)}</b></div>")
        if is_whole:
            before, after = (escape(locale.figure(row[f"value_{when}"], unit)) for when in ("before", "after"))
            values = f"{before} → {after} <small>{escape(locale.unit(unit))}</small>"
    code = escape(str(indicator["indicator_code"]))
    return f'<div class="mm-change" data-indicator="{code}"><h3>{escape(locale.title(indicator))}</h3><p>{values}</p>{"".join(lines)}</div>'


def _write_parts(locale: Locale, row: Any, is_ratio: bool) -> str:
    """By how much the numerator changed, of a ratio the denominator too, and how many figures were approved or are no more."""
    numerator = _say_signed(locale, row["numerator_change"])
    parts = [numerator]
    if is_ratio:
        denominator = _say_signed(locale, row["denominator_change"])
        parts = [f"{locale.say('changes.numerator')} {numerator}", f"{locale.say('changes.denominator')} {denominator}"]
    if row["approved_change"]:
        parts.append(f"{locale.say('changes.approved')} {_say_signed(locale, row['approved_change'])}")
    return " ".join(f"<i>{escape(part)}</i>" for part in parts)


def _say_signed(locale: Locale, value: object) -> str:
    """A difference with its sign; what was not known, and still is not, is no zero."""
    text = locale.number(value, 2)
    return f"+{text}" if is_known(value) and float(str(value)) > 0 else text
