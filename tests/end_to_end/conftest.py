"""A home with everything that is shipped, made once by the command that users run."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from munimon.results import SubmissionResult
from munimon.settings import Home
from tests.end_to_end.post import Rows, ask_published
from tests.end_to_end.totals_told import Ask as AskAsOf
from tests.end_to_end.totals_told import tell_totals
from tests.munimon.commands import run_munimon

Ask = Callable[[str], list[dict[str, Any]]]


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of `munimon demo`: public facts and synthetic sample, built and published."""
    home = tmp_path_factory.mktemp("demo")
    done = run_munimon("demo", "--no-dashboard", "--home", home)
    assert done.returncode == 0, done.stderr
    return home


@pytest.fixture(scope="session")
def ask(demo_home: Path) -> Ask:
    """Ask `munimon sql` of the demo home; the rows as objects."""

    def run(query: str) -> list[dict[str, Any]]:
        done = run_munimon("sql", query, "--format", "json", home=demo_home)
        assert done.returncode == 0, done.stderr
        rows: list[dict[str, Any]] = json.loads(done.stdout)
        return rows

    return run


@pytest.fixture(scope="session")
def totals_told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, dict[str, SubmissionResult]]:
    """The home of the tests of totals, and the submissions whose findings are looked at."""
    return tell_totals(tmp_path_factory.mktemp("totals"))


@pytest.fixture
def ask_totals(totals_told: tuple[Home, dict[str, SubmissionResult]]) -> AskAsOf:
    """`munimon sql` of that home, now or as of a day; `{name}` in the question is the code of a municipality."""

    def run(query: str, as_of: str | None = None) -> Rows:
        return ask_published(totals_told[0], query, as_of)

    return run
