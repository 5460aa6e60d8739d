"""Reports as municipalities send them, for tests that go from the workbook to the answer of `munimon sql`. All figures are synthetic."""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from ingest.templates import write_report
from munimon import pipeline
from munimon.results import IngestOptions, SubmissionResult
from munimon.settings import Home
from tests.munimon.commands import run_munimon

Rows = list[dict[str, Any]]
WHOLE = "recorded_to is null and sex = 'all' and community = 'all' and age_group = 'all' and target_group = 'all'"


class Post:
    """Reports as they are written, received on a day and decided about."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.home = Home(folder / "home")
        self._folder = folder
        self._monkeypatch = monkeypatch
        self._written = 0

    def on(self, day: str) -> None:
        self._monkeypatch.setenv("MUNIMON_NOW", day)

    def report(
        self,
        municipality: str | None,
        section: str,
        *rows: dict[str, Any],
        period: str = "2024-Q1",
        programme: str = "SAMPLE",
        statement: str | None = "replaces",
        **said: str,
    ) -> Path:
        self._written += 1
        return write_report(
            self._folder / f"{self._written:02}.xlsx",
            language="sr-Latn",
            municipality=municipality,
            programme=programme,
            period=period,
            statement=statement,
            rows={section: rows},
            said=said,
            sections=[section, *said],
        )

    def receive(self, day: str, *reports: Path, sent_at: str | None = None, sent_by: str | None = None) -> list[SubmissionResult]:
        self.on(day)
        sent = datetime.fromisoformat(f"{sent_at or day}T09:00+00:00")
        return list(pipeline.ingest(self.home, list(reports), IngestOptions(sent_at=sent, sent_by=sent_by)).submissions)

    def quarterly(self, quarter: str, awarded: int | None, disbursed: int | None) -> Path:
        """A workbook of that form about one grant of Svrljig."""
        self._written += 1
        book = Workbook()
        for row in (
            ("Opština", "Kvartal", "Oznaka granta", "Dodeljeno (EUR)", "Isplaćeno u kvartalu (EUR)", "Datum dodele"),
            ("Svrljig", quarter, "G-1", awarded, disbursed, "10.1.2024."),
        ):
            book.active.append(row)
        path = self._folder / f"{self._written:02}.xlsx"
        book.save(path)
        return path

    def answer(self, day: str, submission: SubmissionResult, answer: str) -> None:
        self.on(day)
        (question,) = (one for one in pipeline.questions(self.home) if submission.submission_id in one.submission_ids)
        pipeline.answer(self.home, question.question_id, answer)


def engagement(ref: str, persons: object, started_on: str | None = "15.2.2024.", **more: object) -> dict[str, Any]:
    return {"engagement_ref": ref, "engaged_persons": persons, "started_on": started_on} | more


def ask_published(home: Home, query: str, as_of: str | None = None) -> Rows:
    """`munimon sql`, now or as of a day; `{name}` in the question is the code of a municipality."""
    code = "(select municipality_code from marts.dim_municipalities where name_latn = '{}' and level <> 'city_municipality')"
    asked = re.sub(r"\{(\w[\w ]+)\}", lambda place: code.format(place[1]), query)
    done = run_munimon("sql", asked, "--format", "json", *(["--as-of", as_of] if as_of else []), home=home.folder)
    assert done.returncode == 0, done.stderr
    rows: Rows = json.loads(done.stdout)
    return rows
