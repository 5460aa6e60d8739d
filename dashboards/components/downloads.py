"""Tables as files."""

import csv
import io

import pandas
import streamlit as st

from dashboards.components.language import Locale, is_known
from munimon.formulas import keep_text


def write_csv(frame: pandas.DataFrame) -> bytes:
    """The frame as CSV: UTF-8 with a byte order mark (so that spreadsheets read both scripts), unknown as an empty cell."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([keep_text(str(column)) for column in frame.columns])
    for row in frame.itertuples(index=False):
        # numbers, a negative one too, stay as they are
        writer.writerow([keep_text(value) if isinstance(value, str) else value if is_known(value) else "" for value in row])
    return text.getvalue().encode("utf-8-sig")


def offer_csv(frame: pandas.DataFrame, file_name: str, locale: Locale, key: str) -> None:
    """A button that saves the frame as `file_name`.csv."""
    st.download_button(locale.say("common.download"), write_csv(frame), f"{file_name}.csv", "text/csv", key=key, on_click="ignore")
