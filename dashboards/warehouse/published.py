"""The build being served, and how it is asked.

Every answer is cached under the build it came from and the moment that the reader looks back to; when `published/CURRENT` names another build,
the new file is opened and old answers are no longer used.
"""

from datetime import datetime

import duckdb
import pandas
import pyarrow
import streamlit as st

from munimon.settings import Home, find_home
from publish.connections import connect
from publish.pointer import NothingPublished, Published

SECTIONS = (
    "engagements", "trainings", "equipment", "grants", "services", "local_plans", "household_support", "participations", "events", "observations",
)  # fmt: skip
WHOLE = "sex = 'all' and community = 'all' and age_group = 'all' and target_group = 'all'"


def find_build() -> str | None:
    """The name of the build being served; None where nothing has been published."""
    try:
        return Published(find_home().published).current_build()
    except NothingPublished:
        return None


def look_back_to(moment: datetime | None) -> None:
    """Let all questions of this run be answered as was known at an aware moment; None: as is known now."""
    st.session_state["as_of"] = moment


@st.cache_resource(max_entries=6, show_spinner=False)
def _open(home: Home, build: str, as_of: datetime | None) -> duckdb.DuckDBPyConnection:
    return connect(home, as_of=as_of)


@st.cache_data(max_entries=512, show_spinner=False)
def _answer(_home: Home, folder: str, build: str, as_of: datetime | None, sql: str, values: dict[str, object]) -> pandas.DataFrame:
    with _open(_home, build, as_of).cursor() as cursor:
        # A cursor starts in the connection's first database, not in the one it uses; the views of an earlier moment are there.
        if as_of is None:
            cursor.execute("use published")
        answer: pyarrow.Table = cursor.execute(sql, values).to_arrow_table()
    frame: pandas.DataFrame = answer.to_pandas(types_mapper=pandas.ArrowDtype)
    return frame


def ask(sql: str, **values: object) -> pandas.DataFrame:
    """The answer of the build being served to one query; `values` fill its $parameters, a tuple as a list."""
    home = find_home()
    filled = {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
    return _answer(home, str(home.folder), Published(home.published).current_build(), st.session_state.get("as_of"), sql, filled)
