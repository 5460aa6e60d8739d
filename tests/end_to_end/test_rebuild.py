"""The originals and the ledger are the truth: all the rest can be made again from them."""

import shutil
from pathlib import Path

import duckdb
import pytest

from ingest.landing import OriginalDamaged
from ingest.templates import write_report
from munimon import pipeline
from munimon.results import IngestOptions
from munimon.settings import Home
from publish.pointer import Published


def published_rows(home: Home) -> dict[str, list[tuple]]:
    """Every row of every published table, in one order."""
    with duckdb.connect(str(Published(home.published).current_file()), read_only=True) as connection:
        names = connection.execute("select table_name from information_schema.tables where table_schema = 'marts' order by 1").fetchall()
        tables = [name for (name,) in names]
        return {table: connection.execute(f"select * from marts.{table} order by all").fetchall() for table in tables}


def enter(monkeypatch: pytest.MonkeyPatch, home: Home, day: str, path: Path):
    monkeypatch.setenv("MUNIMON_NOW", day)
    return pipeline.ingest(home, [path], IngestOptions()).submissions[0]


def write(folder: Path, name: str, persons: object, municipality: str = "Kruševac", period: str = "2024-Q1") -> Path:
    rows = {"engagements": [{"engagement_ref": "A-1", "engaged_persons": persons, "started_on": "15.2.2024."}]}
    return write_report(
        folder / name,
        language="sr-Latn",
        municipality=municipality,
        programme="SAMPLE",
        period=period,
        statement="replaces",
        rows=rows,
        sections=["engagements"],
    )


def test_rebuilding_from_originals_and_ledger_gives_the_same_published_rows(tmp_path, monkeypatch):
    home = Home(tmp_path / "home")
    enter(monkeypatch, home, "2024-04-09", write(tmp_path, "first.xlsx", 12))
    enter(monkeypatch, home, "2024-04-14", write(tmp_path, "corrected.xlsx", 10))
    withdrawn = enter(monkeypatch, home, "2024-07-01", write(tmp_path, "second quarter.xlsx", 9, period="2024-Q2"))
    enter(monkeypatch, home, "2024-07-02", write(tmp_path, "wrong.xlsx", "devet", municipality="Šid"))
    enter(monkeypatch, home, "2024-07-03", write(tmp_path, "unclear.xlsx", 5, municipality="Palilula"))
    monkeypatch.setenv("MUNIMON_NOW", "2024-07-05")
    pipeline.withdraw(home, withdrawn.submission_id, "sent by mistake")
    pipeline.answer(home, pipeline.questions(home)[0].question_id, "71323")
    pipeline.build(home)
    before = published_rows(home)

    shutil.rmtree(home.raw)
    shutil.rmtree(home.published)
    pipeline.rebuild(home)

    assert published_rows(home) == before
    assert {row[0] for row in before["fct_engagements"]} != set()


def test_a_damaged_original_stops_the_rebuild_and_leaves_raw_as_it_was(tmp_path, monkeypatch):
    home = Home(tmp_path / "home")
    enter(monkeypatch, home, "2024-04-09", write(tmp_path, "first.xlsx", 12))
    (original,) = (path for path in home.landing.rglob("*") if path.is_file())
    original.write_bytes(b"changed")
    before = {path: path.read_bytes() for path in home.raw.rglob("*.parquet")}

    with pytest.raises(OriginalDamaged, match="the original has been changed; restore it from a backup"):
        pipeline.rebuild(home)
    assert {path: path.read_bytes() for path in home.raw.rglob("*.parquet")} == before
