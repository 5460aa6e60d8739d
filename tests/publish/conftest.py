"""Build files as dbt leaves them, small enough to read."""

from pathlib import Path

import duckdb
import pytest

from munimon.settings import Home
from publish.pointer import Published


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home."""
    home = Home(tmp_path / "home")
    home.builds.mkdir(parents=True)
    return home


def make_build(home: Home, name: str, statements: str) -> Path:
    """A closed build file that holds what the statements make in schema marts."""
    file = home.builds / f"{name}.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute(f"create schema marts; {statements}")
    return file


def publish_build(home: Home, name: str, statements: str) -> None:
    """Make and publish a build."""
    Published(home.published).publish(make_build(home, name, statements))
