"""The steps of the guide to layouts, done as a newcomer would do them, one after the other."""

import re
import shlex
from pathlib import Path

import duckdb

from munimon.cli import main
from tests.munimon.commands import ROOT


def test_the_steps_of_the_guide_load_both_forms(tmp_path, capsys, monkeypatch):
    guide = (ROOT / "docs" / "layouts.md").read_text(encoding="utf-8")
    steps = re.search(r"## Try it\n.*?```sh\n(.*?)```", guide, re.DOTALL)[1].replace("~/trial", str(tmp_path / "trial")).splitlines()
    assert [shlex.split(step)[1] for step in steps] == ["init", "layout", "ingest", "ingest", "build", "sql"]
    monkeypatch.chdir(ROOT)
    said = []
    # what is built from them is another test's matter
    for step in steps[:4]:
        try:
            status = main(shlex.split(step)[1:])
        except SystemExit as ended:
            status = ended.code
        assert status == 0, step
        said.append(capsys.readouterr().out)

    assert "registar-2024.csv: read already by layout activity_register" in said[1]
    assert [line.split(" (")[1].split(";")[0] for line in said[2].splitlines() if " accepted as " in line] == [
        "MK00501, SAMPLE, 2024-01-01 to 2024-03-31",
        "MK00211, SAMPLE, 2024-01-01 to 2024-03-31",
        "MK00501, SAMPLE, 2024-04-01 to 2024-06-30",
    ]
    assert [line.split()[1] for line in said[2].splitlines() if line.startswith("    ")] == ["registar-2024!D9:", "registar-2024:"]
    assert said[3].count(" accepted as ") == 2
    raw = Path(tmp_path / "trial" / "raw" / "observations")
    rows = duckdb.sql(f"select measure_code, value, unit from read_parquet('{raw}/*.parquet') order by source_row, source_column").fetchall()
    assert [(measure, None if value is None else float(value), unit) for measure, value, unit in rows] == [
        ("population", 113582.0, "persons"),
        ("unemployment_rate", 34.4, "percent"),
        ("prirodni_prirastaj", -7.15, "per_mille"),
        ("prosecna_zarada", 74664.0, "RSD"),
        ("population", 112940.0, "persons"),
        ("unemployment_rate", None, "percent"),
        ("prirodni_prirastaj", 7.15, "per_mille"),
        ("prosecna_zarada", 85900.0, "RSD"),
    ]
