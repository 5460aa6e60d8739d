"""What only a person can decide: names that were not clear, and reports that replace or add. Answered here, once, with who and when."""

import streamlit as st

from dashboards.components.filters import read_locale
from dashboards.components.layout import say_empty, show_notice, show_section, show_title
from dashboards.components.questions import show_answered, show_open
from munimon import pipeline
from munimon.settings import find_home, is_answering_allowed

locale = read_locale()
show_title(locale.say("page.questions"), locale.say("questions.explanation"))
if said := st.session_state.pop("answer_said", None):
    show_notice(locale.say("questions.entered"), said)
if not is_answering_allowed():
    show_notice(locale.say("questions.read_only"), locale.say("questions.read_only_to_do"))

home = find_home()
asked = pipeline.questions(home) if home.ledger.exists() else []
still_open = [question for question in asked if question.answer is None]
answered = [question for question in asked if question.answer is not None]

show_section(locale.say("questions.open", count=locale.number(len(still_open))))
if not still_open:
    say_empty(locale.say("questions.none_open"), locale.say("questions.none_open_to_do"))
for question in still_open:
    show_open(question, locale)

if answered:
    show_section(locale.say("questions.answered", count=locale.number(len(answered))), locale.say("questions.answered_explanation"))
for question in answered:
    show_answered(question, locale)
