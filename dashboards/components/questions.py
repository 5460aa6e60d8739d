"""One question as a card: what is asked, where it stands, and the form that answers it. The only part of the dashboard that enters anything."""

from html import escape

import pandas
import streamlit as st

from dashboards.components.language import Locale
from dashboards.components.tables import show_table
from ingest.registry import Registry
from munimon import pipeline
from munimon.locks import work_in
from munimon.results import OpenQuestion, SubmissionResult
from munimon.settings import MunimonError, actor, find_home, is_answering_allowed

_TAKE_BACK = "take_back"


def show_open(question: OpenQuestion, locale: Locale) -> None:
    """A question without an answer: what is asked, where it stands, the form."""
    with st.container(border=True):
        _show_question(question, locale)
        if is_answering_allowed():
            _show_form(question, locale)


def show_answered(question: OpenQuestion, locale: Locale) -> None:
    """A question with its answer, who gave it and when; the form to answer it anew or take the answer back."""
    answer = _say_answer(question, str(question.answer), locale)
    with st.expander(f"{_say_asked(question, locale)} — {answer}".replace("[", "\\[").replace("*", "\\*")):
        said = locale.say("questions.answered_by", answer=answer, who=str(question.answered_by), when=locale.moment(question.answered_at))
        st.html(f'<p class="mm-asked">{escape(said)}</p>')
        _show_question(question, locale)
        if is_answering_allowed():
            _show_form(question, locale)


def _show_question(question: OpenQuestion, locale: Locale) -> None:
    explanation = locale.say(f"questions.{question.kind}_explanation")
    st.html(f'<p class="mm-asked"><b>{escape(_say_asked(question, locale))}</b> {escape(explanation)}</p>')
    if not question.places:
        return
    places = pandas.DataFrame(
        {
            "file": place.file,
            "sheet": place.sheet or "",
            "cell": place.cell or "",
            "place": _name_place(place.municipality_code, locale),
            "programme": place.programme_id,
            "period": locale.period(place.period_id) if place.period_id else "",
            "sent_at": locale.moment(place.sent_at),
            "sent_by": place.sent_by or "",
            "submission": place.submission_id,
        }
        for place in question.places
    )
    shown = ("file", "sheet", "cell") if question.kind == "municipality" else ("file", "place")
    columns = (*shown, "programme", "period", "sent_at", "sent_by", "submission")
    labels = {column: locale.say(f"column.{_LABELS.get(column, column)}") for column in columns}
    show_table(places, labels, locale, key=f"places_{question.question_id}")


_LABELS = {"place": "municipality"}


def _show_form(question: OpenQuestion, locale: Locale) -> None:
    with st.form(f"answer_{question.question_id}", border=False):
        options = _options(question, locale)
        left, right = st.columns(2)
        answer = left.selectbox(
            locale.say("questions.answer"), list(options), index=None, format_func=options.__getitem__, placeholder=locale.say("questions.choose")
        )
        who = right.text_input(locale.say("questions.who"), value=actor(), max_chars=100)
        label = locale.say("questions.enter" if question.answer is None else "questions.enter_anew")
        if not st.form_submit_button(label, type="primary"):
            return
    if answer is None or not who.strip():
        st.error(locale.say("questions.incomplete"))
    else:
        _enter(question, answer, who.strip(), options[answer], locale)


def _enter(question: OpenQuestion, answer: str, who: str, shown: str, locale: Locale) -> None:
    home = find_home()
    try:
        with st.spinner(locale.say("questions.entering")), work_in(home):
            results = pipeline.answer(home, question.question_id, None if answer == _TAKE_BACK else answer, actor=who)
    except MunimonError as error:
        st.error(str(error).replace("[", "\\[").replace("*", "\\*"))
        return
    st.session_state["answer_said"] = _say_result(_say_asked(question, locale), shown, results, locale)
    st.rerun()


def _say_result(asked: str, answer: str, results: list[SubmissionResult], locale: Locale) -> str:
    rows = sum(result.accepted_rows for result in results)
    return locale.say("questions.done", asked=asked, answer=answer, files=locale.number(len(results)), rows=locale.number(rows))


def _options(question: OpenQuestion, locale: Locale) -> dict[str, str]:
    """What can be answered → how it reads: of a name the candidates first, then every municipality."""
    if question.kind == "replace_or_add":
        options = {code: locale.say(f"questions.{code}") for code in ("replaces", "adds")}
    else:
        places = _places(locale)
        likely = [code for candidate in question.candidates if (code := candidate.partition(" ")[0]) in places]
        options = {code: places[code] for code in (*likely, *sorted(places, key=lambda code: locale.order(places[code])))}
    return options if question.answer is None else {**options, _TAKE_BACK: locale.say("questions.take_back")}


def _say_asked(question: OpenQuestion, locale: Locale) -> str:
    if question.kind == "municipality":
        return locale.say("questions.municipality", name=question.text)
    return locale.say("questions.replace_or_add", file=question.places[-1].file if question.places else question.text)


def _say_answer(question: OpenQuestion, answer: str, locale: Locale) -> str:
    return _name_place(answer, locale) if question.kind == "municipality" else locale.say(f"questions.{answer}")


def _name_place(code: str | None, locale: Locale) -> str:
    return _places(locale).get(code, code) if code else locale.say("evidence.whole_programme")


def _places(locale: Locale) -> dict[str, str]:
    """Code → name and code of every municipality, in the script of the language, as the reference tables have them now."""
    return {
        code: f"{place.name_cyrl if locale.is_cyrillic else place.name_latn} · {code}"
        for code, place in Registry.load(find_home().reference).municipalities.items()
    }
