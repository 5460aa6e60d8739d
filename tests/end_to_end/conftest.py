"""A home with everything that is shipped, made once by the command that users run."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

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
