"""Navigation: the pages, what all of them share, and nothing else. Run by `streamlit run`."""

import streamlit as st

from dashboards.components import filters, layout
from dashboards.warehouse.published import find_build, look_back_to

st.set_page_config(page_title="munimon", layout="wide", initial_sidebar_state="auto")
layout.apply_style()
locale = filters.read_locale()
pages = [
    st.Page("views/overview.py", title=locale.say("page.overview"), url_path="", default=True),
    st.Page("views/municipality.py", title=locale.say("page.municipality"), url_path="municipality"),
    st.Page("views/compare.py", title=locale.say("page.compare"), url_path="compare"),
    st.Page("views/changes.py", title=locale.say("page.changes"), url_path="changes"),
    st.Page("views/data_quality.py", title=locale.say("page.data_quality"), url_path="data_quality"),
    st.Page("views/questions.py", title=locale.say("page.questions"), url_path="questions"),
    # the first page lies at the root alone; whoever types its name finds it too
    st.Page("views/overview.py", title=locale.say("page.overview"), url_path="overview", visibility="hidden"),
]
page = st.navigation(pages)
if find_build() is None:
    with st.sidebar:
        filters.show_language(locale)
    # questions come with the first report, before anything is published
    if page.url_path == "questions":
        page.run()
    else:
        layout.say_nothing_published(locale)
else:
    moment = filters.read_as_of()
    look_back_to(moment)
    st.session_state["choices"] = filters.show_sidebar(locale)
    layout.show_build(locale)
    if moment:
        layout.show_as_of_band(locale, moment)
    page.run()
