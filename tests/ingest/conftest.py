"""A home of its own for every test, and the reports it is sent."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from ingest.templates import write_report
from munimon import pipeline
from munimon.results import IngestOptions, IngestOutcome, SubmissionResult
from munimon.settings import Home


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """An empty home with the shipped reference data, whose clock stands at noon of 10 April 2024."""
    monkeypatch.setenv("MUNIMON_NOW", "2024-04-10T12:00")
    monkeypatch.setenv("MUNIMON_ACTOR", "coordinator")
    return Home(tmp_path / "home")


@pytest.fixture
def report(tmp_path: Path) -> Callable[..., Path]:
    """Writes a report of Kruševac on the first quarter of 2024, with sheets for what it speaks of; every part can be said otherwise."""

    def write(name: str = "report.xlsx", **parts: object) -> Path:
        complete = {
            "language": "sr-Latn",
            "municipality": "Kruševac",
            "programme": "SAMPLE",
            "period": "2024-Q1",
            "statement": "replaces",
            "rows": {"engagements": [{"engagement_ref": "A-1", "engaged_persons": 12}]},
        }
        complete |= parts
        complete.setdefault("sections", [*complete["rows"], *complete.get("said", {})])
        return write_report(tmp_path / name, **complete)

    return write


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., Path]:
    """Writes a CSV table of rows."""

    def write(name: str, *rows: tuple[object, ...]) -> Path:
        path = tmp_path / name
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
        return path

    return write


@pytest.fixture
def sheets(tmp_path: Path) -> Callable[..., Path]:
    """Writes a workbook: each sheet by its name, rows of cells from A1 on."""

    def write(name: str, **pages: list[list[object]]) -> Path:
        book = Workbook()
        for title, rows in pages.items():
            page = book.create_sheet(title)
            for row in rows:
                page.append(row)
        book.remove(book.worksheets[0])
        book.save(tmp_path / name)
        return tmp_path / name

    return write


@pytest.fixture
def send(home: Home) -> Callable[..., IngestOutcome]:
    """Hands files in, with options."""

    def ingest(*paths: Path, **options: object) -> IngestOutcome:
        return pipeline.ingest(home, list(paths), IngestOptions(**options))

    return ingest


@pytest.fixture
def send_one(send: Callable[..., IngestOutcome]) -> Callable[..., SubmissionResult]:
    """Hands in one file that holds one submission."""

    def ingest(path: Path, **options: object) -> SubmissionResult:
        (submission,) = send(path, **options).submissions
        return submission

    return ingest


@pytest.fixture
def filled(report):
    """Writes a report and changes its workbook: a function is given the sheet of engaged workers and the workbook."""

    def write(change=lambda sheet, book: None, name: str = "report.xlsx", **parts: object) -> Path:
        path = report(name, **parts)
        book = load_workbook(path)
        change(book["Angažovani radnici"] if "Angažovani radnici" in book.sheetnames else book.worksheets[-2], book)
        book.save(path)
        return path

    return write


@pytest.fixture
def hand_in(tmp_path, send):
    """Hands in the bytes of a file under a name and returns its submissions."""

    def ingest(name: str, content: bytes, **options: object):
        path = tmp_path / name
        path.write_bytes(content)
        return send(path, **options).submissions

    return ingest
