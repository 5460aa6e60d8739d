"""Tables: reported text stays text, numbers stand in the reader's format, unknown is said."""

from collections.abc import Callable, Mapping
from typing import Literal

import pandas
import streamlit as st

from dashboards.components.language import Locale, is_known

ROW_HEIGHT = 35
STYLED_CELLS = 200_000


def show_table(
    frame: pandas.DataFrame,
    labels: Mapping[str, str],
    locale: Locale,
    key: str,
    formats: Mapping[str, Callable[[object], str]] | None = None,
    rows: int = 12,
    wide: tuple[str, ...] = (),
) -> None:
    """Show the columns named in `labels`, in that order, under those labels; about `rows` rows are in sight, the rest scrolls.

    `formats` says how a column's values read; other numbers get the language's separators. Null reads `not known`.
    """
    shown = frame[list(labels)].reset_index(drop=True)
    how = dict(formats or {})
    for column in shown.columns:
        if column not in how and pandas.api.types.is_numeric_dtype(shown[column]) and not pandas.api.types.is_bool_dtype(shown[column]):
            how[column] = lambda value: locale.number(value, 2)
    config = {column: st.column_config.Column(label, width="large" if column in wide else None) for column, label in labels.items()}
    data: object = shown
    if shown.size <= STYLED_CELLS:
        data = shown.style.format({column: _guard(say, locale) for column, say in how.items()}, na_rep=locale.say("common.not_known"))
    height: int | Literal["content"] = "content" if len(shown) <= rows else ROW_HEIGHT * (rows + 1) + 2
    st.dataframe(data, hide_index=True, column_config=config, height=height, key=key, placeholder=locale.say("common.not_known"))


def _guard(say: Callable[[object], str], locale: Locale) -> Callable[[object], str]:
    return lambda value: say(value) if is_known(value) else locale.say("common.not_known")
