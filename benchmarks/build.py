"""What a build costs, beside the same SQL sent straight to DuckDB, from few rows to many; what the next one costs, when a hundredth more reports have
come; and what a question to the published file costs.
"""

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import yaml

from benchmarks.histories import write_history
from ingest.ledger import Ledger
from ingest.ledger_export import export_ledger
from munimon.building import run_build
from munimon.results import keep_quiet
from munimon.settings import Home, shipped
from publish.connections import connect
from publish.pointer import Published

SIZES = (10_000, 1_000_000, 10_000_000)
QUESTIONS = 40
PLACES_SQL = "select distinct municipality_code from marts.indicator_values where municipality_code is not null order by 1"
AS_OF_SQL = """
select indicator_code, value, value_low, value_high from marts.indicator_totals
where level = 'municipality' and place_code = ? and programme_id = 'all' and period_id = 'to-date' and recorded_to is null
"""
PLACE_SQL = "select * from marts.indicator_values where municipality_code = ? and recorded_to is null"


@dataclass(frozen=True)
class Run:
    """What one way took: seconds of wall clock, seconds of all cores together, MB of the largest process."""

    seconds: float
    cpu: float
    peak: float


@dataclass(frozen=True)
class Cost:
    """All that was measured at one size; latencies in ms, that of 19 questions in 20 or less."""

    rows: int
    build: Run
    straight: Run
    added: Run
    published: float
    as_of: float
    place: float


def build(home: Home) -> None:
    """`munimon build`, data tests apart."""
    os.environ["DBT_EXCLUDE_RESOURCE_TYPES"] = "unit_test test"
    run_build(home, full_refresh=False, progress=keep_quiet)


def send_straight(home: Home) -> None:
    """Send what dbt compiled for the last build to DuckDB, model by model in dbt's order, and nothing else."""
    target = home.builds / "target"
    nodes = json.loads((target / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    done = [result for result in results if result["unique_id"] in nodes and result["timing"]]
    with tempfile.TemporaryDirectory(dir=home.folder) as folder, duckdb.connect(str(Path(folder) / "build.duckdb")) as connection:
        for name, value in _engine_settings().items():
            connection.execute(f"set {name} = '{value}'")
        for schema in sorted({nodes[result["unique_id"]]["schema"] for result in done}):
            connection.execute(f"create schema if not exists {schema}")
        for result in sorted(done, key=lambda result: str(result["timing"][-1]["started_at"])):
            for statement in _statements(home, nodes[result["unique_id"]], result["compiled_code"]):
                connection.execute(statement)


def _engine_settings() -> dict[str, str]:
    """What dbt tells DuckDB, so that both ways run by the same settings."""
    profile = yaml.safe_load((shipped() / "dbt_project" / "profiles.yml").read_text(encoding="utf-8"))["munimon"]["outputs"]["build"]
    return {**profile["settings"], "threads": profile["threads"]}


def _statements(home: Home, node: dict[str, Any], compiled: str) -> Iterator[str]:
    name = f"{node['schema']}.{node['name']}"
    if node["resource_type"] == "seed":
        types = json.dumps(node["config"]["column_types"]).replace('"', "'")
        yield f"create table {name} as select * from read_csv('{home.reference / node['path']}', header = true, types = {types})"
    else:
        kind = "view" if node["config"]["materialized"] == "view" else "table"
        yield f"create {kind} {name} as {compiled}"


WAYS: dict[str, Callable[[Home], None]] = {"build": build, "straight": send_straight}


def main() -> None:
    """Measure all sizes, or, as a child, run one way once."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--way", choices=WAYS)
    options = parser.parse_args()
    if options.way:
        WAYS[options.way](Home(options.folder))
        used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        print(sum(each.ru_utime + each.ru_stime for each in used), max(each.ru_maxrss for each in used) / 1024)
        return
    with tempfile.TemporaryDirectory() as folder:
        print(as_table([measure(Home(Path(folder) / str(size)), size) for size in options.sizes]))


def measure(home: Home, size: int) -> Cost:
    """Write a history of about that many rows into an empty home, and measure everything on it."""
    home.folder.mkdir(parents=True)
    history = write_history(home, size)
    built = run("build", home)
    # dbt's SQL reads what the build made of the ledger, which it cleans away
    export_ledger(Ledger(home.ledger), home.raw, home.builds / "inputs" / "ledger")
    straight = run("straight", home)
    history.enter_the_rest(home)
    added = run("build", home)
    args = json.loads((home.builds / "target" / "run_results.json").read_text(encoding="utf-8"))["args"]
    assert not args.get("full_refresh"), "the last build was not taken over"
    file = Published(home.published).current_file()
    return Cost(history.rows, built, straight, added, file.stat().st_size / 2**20, *_latencies(home))


def run(way: str, home: Home) -> Run:
    """Run one way in a fresh process, at the moment of the ledger's last entry: what comes later is new to it."""
    command = [sys.executable, "-m", "benchmarks.build", "--way", way, "--folder", str(home.folder)]
    environment = os.environ | {"MUNIMON_NOW": Ledger(home.ledger).last_entry() or ""}
    began = time.perf_counter()
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment)
    seconds = time.perf_counter() - began
    cpu, peak = (float(figure) for figure in done.stdout.split()[-2:])
    return Run(seconds, cpu, peak)


def _latencies(home: Home) -> tuple[float, float]:
    chance = random.Random(1)
    with connect(home) as connection:
        places = [place for (place,) in connection.execute(PLACES_SQL).fetchall()]
        of_places = [_time(connection, PLACE_SQL, chance.choice(places)) for _ in range(QUESTIONS)]
    as_of = []
    for _ in range(QUESTIONS):
        moment = datetime(2023, 4, 1, tzinfo=UTC) + timedelta(hours=chance.randrange(24 * 720))
        with connect(home, as_of=moment) as connection:
            as_of.append(_time(connection, AS_OF_SQL, chance.choice(places)))
    return _ninety_five(as_of), _ninety_five(of_places)


def _time(connection: duckdb.DuckDBPyConnection, sql: str, place: str) -> float:
    began = time.perf_counter()
    connection.execute(sql, [place]).fetchall()
    return (time.perf_counter() - began) * 1000


def _ninety_five(latencies: Sequence[float]) -> float:
    return sorted(latencies)[len(latencies) * 19 // 20 - 1]


def as_table(costs: Sequence[Cost]) -> str:
    """A Markdown table; the smallest size stands for the start-up of both ways, and what lies beyond it is told as a multiple of the limit's."""
    start = costs[0]
    lines = [
        "| rows | build, s (CPU s) | straight, s (CPU s) | CPU beyond start-up × limit | 1 % more, s (CPU s) | peak, MB | file, MB "
        "| as of, p95 ms | one place, p95 ms |",
        "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {cost.rows:,} | {cost.build.seconds:.0f} ({cost.build.cpu:.0f}) | {cost.straight.seconds:.0f} ({cost.straight.cpu:.0f}) "
        f"| {_say_multiple(cost, start)} | {cost.added.seconds:.0f} ({cost.added.cpu:.0f}) "
        f"| {max(cost.build.peak, cost.added.peak):.0f} | {cost.published:.0f} "
        f"| {cost.as_of:.0f} | {cost.place:.0f} |"
        for cost in costs
    ]
    return "\n".join(lines)


def _say_multiple(cost: Cost, start: Cost) -> str:
    return "–" if cost is start else f"{(cost.build.cpu - start.build.cpu) / (cost.straight.cpu - start.straight.cpu):.2f}"


if __name__ == "__main__":
    main()
