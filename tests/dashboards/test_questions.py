"""The page that answers questions: what waits goes in, with who and when, and nothing is entered where the dashboard is read-only."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from streamlit.testing.v1 import AppTest

from dashboards.components.language import OWN_NAMES
from ingest.ledger import Ledger
from ingest.templates import write_report
from munimon import pipeline
from munimon.results import IngestOptions
from munimon.settings import ANSWERING, Home
from tests.dashboards.test_pages import open_page, read_html
from tests.munimon.test_dashboard import start

NIS = "71323"


def send(home: Home, folder: Path, name: str, persons: int, day: int, municipality: str, **parts: object) -> None:
    path = write_report(
        folder / name,
        **{"language": "sr-Latn", "municipality": municipality, "programme": "SAMPLE", "period": "2024-Q1", "statement": None} | parts,
        sections=["engagements"],
        rows={"engagements": [{"engagement_ref": f"A-{persons}", "engaged_persons": persons}]},
    )
    pipeline.ingest(home, [path], IngestOptions(sent_at=datetime(2024, 4, day, tzinfo=UTC)))


@contextmanager
def dashboard_of(home: Home, *options: str) -> Iterator[str]:
    """The address of the dashboard that `munimon dashboard` opens."""
    process = start(home.folder, *options)
    try:
        assert process.stdout is not None
        yield process.stdout.readline().split()[4]
    finally:
        process.terminate()
        process.wait()


@pytest.fixture(scope="module")
def asked_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home in which nothing is published: a name is not clear, and a second report does not say whether it replaces the first."""
    folder = tmp_path_factory.mktemp("asked")
    home = Home(folder / "home")
    send(home, folder, "palilula.xlsx", 12, 9, "Palilula")
    send(home, folder, "prvi.xlsx", 8, 9, "Kruševac")
    send(home, folder, "drugi.xlsx", 5, 14, "Kruševac")
    return home


@pytest.fixture
def home(asked_home: Home, tmp_path: Path) -> Home:
    """A copy of that home, to answer in."""
    import shutil

    shutil.copytree(asked_home.folder, tmp_path / "home")
    return Home(tmp_path / "home")


def open_questions(home: Home, monkeypatch: pytest.MonkeyPatch, language: str = "en", is_answering_allowed: bool = True) -> AppTest:
    monkeypatch.setenv("MUNIMON_ACTOR", "Desk officer")
    monkeypatch.setenv(ANSWERING, "1" if is_answering_allowed else "0")
    return open_page(home.folder, monkeypatch, "questions", language=language)


@pytest.mark.parametrize("language", OWN_NAMES)
def test_the_page_lists_what_is_open_in_every_language_before_anything_is_published(
    language: str, asked_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_questions(asked_home, monkeypatch, language)
    assert [error.message for error in app.exception] == []
    assert len(app.button) == 2
    assert "Palilula" in read_html(app)


def test_a_question_shows_where_it_stands_and_what_may_be_meant(asked_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_questions(asked_home, monkeypatch)
    name, reports = (table.value for table in app.dataframe)
    assert name[["file", "sheet", "cell", "programme", "period"]].to_numpy().tolist() == [["palilula.xlsx", "Izveštaj", "B3", "SAMPLE", "Q1 2024"]]
    assert reports[["file", "place"]].to_numpy().tolist() == [["prvi.xlsx", "Kruševac · 70670"], ["drugi.xlsx", "Kruševac · 70670"]]
    assert set(app.selectbox[0].options[:2]) == {"Palilula · 70203", "Palilula · 71323"}
    assert app.selectbox[1].options == ["It replaces the earlier one", "It adds to the earlier one"]


def test_an_answer_lets_the_waiting_rows_in_with_who_gave_it(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_questions(home, monkeypatch)
    app.selectbox[0].set_value(NIS)
    app.text_input[0].set_value("Head of monitoring")
    app.button[0].click()
    app.run()

    assert [(question.kind, question.answer, question.answered_by) for question in pipeline.questions(home)] == [
        ("replace_or_add", None, None),
        ("municipality", NIS, "Head of monitoring"),
    ]
    assert "Reports concerned: 1, rows in: 1." in read_html(app)
    assert "answered by Head of monitoring" in read_html(app)


def test_replace_or_add_is_answered_anew_and_taken_back(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_questions(home, monkeypatch)
    for answer in ("replaces", "adds", "take_back"):
        app.selectbox[1].set_value(answer)
        app.button[1].click()
        app.run()
    given = Ledger(home.ledger).select("select answer, actor from answers order by answer_id")
    assert [(row["answer"], row["actor"]) for row in given] == [(answer, "Desk officer") for answer in ("replaces", "adds", None)]


def test_a_form_without_an_answer_or_a_name_enters_nothing(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_questions(home, monkeypatch)
    app.button[0].click()
    app.run()
    app.selectbox[0].set_value(NIS)
    app.text_input[0].set_value("  ")
    app.button[0].click()
    app.run()
    assert [error.value for error in app.error] == ["Choose an answer and say who gives it."]
    assert Ledger(home.ledger).select("select * from answers") == []


def test_a_read_only_dashboard_shows_the_questions_and_offers_no_answer(asked_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_questions(asked_home, monkeypatch, is_answering_allowed=False)
    assert len(app.dataframe) == 2
    assert (len(app.button), len(app.text_input)) == (0, 0)
    assert "Read only" in read_html(app)


def test_a_question_is_answered_in_the_browser_and_the_next_report_of_that_name_goes_in(
    home: Home, tmp_path: Path, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUNIMON_ACTOR", "Desk officer")
    page = browser.new_page(locale="en-GB")
    page.set_default_timeout(60_000)
    enter = page.get_by_role("button", name="Enter the answer")
    with dashboard_of(home, "--read-only") as address:
        page.goto(f"{address}/questions?language=en")
        expect(page.get_by_text("Read only")).to_be_visible(timeout=60_000)
        expect(enter).to_have_count(0)
    with dashboard_of(home) as address:
        page.goto(f"{address}/questions?language=en")
        page.get_by_label("Answer", exact=True).first.click()
        page.get_by_role("option", name=f"Palilula · {NIS}").first.click()
        # impatient clicks: the second finds the answer standing
        enter.first.dblclick()
        expect(page.locator(".mm-notice")).to_contain_text("Reports concerned: 1", timeout=300_000)
    page.close()
    assert [(row["answer"], row["actor"]) for row in Ledger(home.ledger).select("select * from answers")] == [(NIS, "Desk officer")]
    send(home, tmp_path, "later.xlsx", 3, 20, "ПАЛИЛУЛА", period="2024-Q2")
    (later,) = Ledger(home.ledger).select("select status, municipality_code from current_submissions where file_name = 'later.xlsx'")
    assert later == {"status": "accepted", "municipality_code": NIS}
