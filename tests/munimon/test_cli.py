"""The commands as a user meets them: what they print, where, and how they end."""

import json
import re
import sqlite3
from pathlib import Path

import duckdb
import pytest
import typer
from typer.testing import CliRunner

from munimon.cli import app
from munimon.settings import Home
from publish.pointer import Published
from tests.munimon.commands import ROOT, run_munimon

COMMANDS = {
    "checks",
    "allow",
    "allow personal-data",
    "allow revoke",
    "allow list",
    "init",
    "demo",
    "template",
    "outbox",
    "rates",
    "ingest",
    "withdraw",
    "feedback",
    "diff",
    "approve",
    "changes",
    "layout",
    "layout try",
    "questions",
    "questions list",
    "questions answer",
    "questions revoke",
    "build",
    "rebuild",
    "status",
    "sql",
    "dashboard",
    "doctor",
}


def list_commands() -> dict[str, typer.core.TyperCommand]:
    root = typer.main.get_command(app)
    found = {}
    for name, command in root.commands.items():
        found[name] = command
        found |= {f"{name} {inner}": entry for inner, entry in getattr(command, "commands", {}).items()}
    return found


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which one small build is published."""
    folder = tmp_path_factory.mktemp("home")
    build = folder / "build-0.duckdb"
    with duckdb.connect(str(build)) as connection:
        connection.execute("""
            create schema marts;
            create table marts.figures as from (values
                (1, 12.50::decimal(18, 2), '=cmd', timestamp '2024-01-01', null::timestamp),
                (2, null, 'Ђ', timestamp '2025-01-01', null)
            ) as figures (id, amount, name, recorded_from, recorded_to);
        """)
    Published(Home(folder).published).publish(build)
    return folder


def test_the_commands_are_these() -> None:
    assert set(list_commands()) == COMMANDS


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_has_help_with_an_example_of_itself(command: str) -> None:
    result = CliRunner().invoke(app, [*command.split(), "--help"])
    assert result.exit_code == 0
    assert f"Example: munimon {command}" in result.output


def test_examples_in_help_use_options_that_exist() -> None:
    for name, command in list_commands().items():
        options = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
        used = set(re.findall(r"--[a-z-]+", (command.help or "").split("Example:")[1]))
        assert used <= options, name


def test_help_says_how_a_command_ends() -> None:
    result = run_munimon("--help")
    assert result.returncode == 0
    assert "0: all well; 1: an error of the command; 3: done, but some input was refused or quarantined" in " ".join(result.stdout.split())


def test_munimon_alone_shows_its_help() -> None:
    assert run_munimon().stdout == run_munimon("--help").stdout


def test_the_version_is_that_of_the_project() -> None:
    stated = re.search(r'^version = "(.*)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert stated is not None
    assert run_munimon("--version").stdout.strip() == stated[1]


@pytest.mark.parametrize("arguments", [["--help"], ["status"], ["status", "--json"], ["ingest", "--help"], ["questions", "list"]])
def test_quick_commands_import_nothing_heavy(tmp_path: Path, arguments: list[str]) -> None:
    ledger = tmp_path / "home" / "ledger.sqlite"
    ledger.parent.mkdir()
    with sqlite3.connect(ledger) as connection:
        connection.executescript((ROOT / "ingest" / "ledger.sql").read_text(encoding="utf-8"))
    result = run_munimon(*arguments, home=tmp_path / "home", PYTHONPROFILEIMPORTTIME="1")
    imported = {line.rsplit("|", 1)[1].strip() for line in result.stderr.splitlines() if line.startswith("import time:")}
    assert "munimon.settings" in imported
    assert not {name for name in imported if name.split(".")[0] in {"great_expectations", "dbt", "pandas", "streamlit", "numpy", "pyarrow", "plotly"}}
    assert result.returncode == 0, result.stderr[-500:]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["bogus"], "munimon: No such command 'bogus'. See: munimon --help\n"),
        (["sql"], "munimon: Missing argument 'SELECT'. See: munimon --help\n"),
        (["withdraw", "x"], "munimon: Missing option '--reason'. See: munimon --help\n"),
        (
            ["sql", "select 1", "--as-of", "soon"],
            "munimon: --as-of: 'soon' is no date or time; write it like 2024-06-30 or 2024-06-30T12:00:00+02:00\n",
        ),
        (["sql", "select 1", "--format", "xml"], "munimon: --format: 'xml' is not known; use table, csv, json\n"),
        (["sql", "drop table a"], "munimon: sql: one SELECT is taken and nothing else, this is DROP; write one SELECT\n"),
    ],
)
def test_an_error_is_one_line_on_standard_error_and_ends_with_one(published: Path, arguments: list[str], message: str) -> None:
    result = run_munimon(*arguments, home=published)
    assert (result.returncode, result.stdout, result.stderr) == (1, "", message)


def test_sql_before_the_first_build_says_what_to_run(tmp_path: Path) -> None:
    result = run_munimon("sql", "select 1", home=tmp_path)
    assert (result.returncode, result.stdout, result.stderr) == (
        1,
        "",
        f"munimon: {tmp_path}/published: nothing is published yet; run `munimon build`\n",
    )


def test_sql_prints_a_table_csv_or_json(published: Path) -> None:
    select = "select id, amount, name from marts.figures order by id"
    assert run_munimon("sql", select, home=published).stdout == "id  amount  name\n--  ------  ----\n 1   12.50  =cmd\n 2          Ђ\n"
    assert run_munimon("sql", select, "--format", "csv", home=published).stdout == "id,amount,name\n1,12.50,'=cmd\n2,,Ђ\n"
    assert json.loads(run_munimon("sql", select, "--format", "json", home=published).stdout) == [
        {"id": 1, "amount": "12.50", "name": "=cmd"},
        {"id": 2, "amount": None, "name": "Ђ"},
    ]


def test_sql_as_of_shows_what_was_known_then_and_nothing_before_the_first_entry(published: Path) -> None:
    for moment, known in [("2023-01-01", 0), ("2024-06-30", 1), ("2025-01-01T00:00:00Z", 2)]:
        result = run_munimon("sql", "select count(*) as n from marts.figures", "--as-of", moment, "--format", "json", home=published)
        assert (result.returncode, json.loads(result.stdout)) == (0, [{"n": known}])


def test_the_home_may_stand_before_or_after_the_command(published: Path) -> None:
    select = ("sql", "select count(*) from marts.figures", "--format", "csv")
    for arguments in (["--home", str(published), *select], [*select, "--home", str(published)]):
        assert run_munimon(*arguments).stdout == "count_star()\n2\n"


def test_init_makes_a_home_with_its_own_reference_data_and_never_overwrites_one(tmp_path: Path) -> None:
    home = tmp_path / "new" / "home"
    assert run_munimon("init", home).returncode == 0
    shipped = {
        path.relative_to(ROOT / "data" / "reference"): path.read_bytes() for path in (ROOT / "data" / "reference").rglob("*") if path.is_file()
    }
    own = {path.relative_to(home / "reference"): path.read_bytes() for path in (home / "reference").rglob("*") if path.is_file()}
    assert own == shipped
    (home / "reference" / "programmes.csv").write_text("mine")

    again = run_munimon("init", home)
    assert (again.returncode, again.stderr) == (1, f"munimon: {home}/reference: is already there and was left as it is; choose another folder\n")
    assert (home / "reference" / "programmes.csv").read_text() == "mine"


def test_a_home_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = run_munimon("init", tmp_path / "file")
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert str(tmp_path / "file") in result.stderr


def test_status_of_a_new_home_says_so_and_makes_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    result = run_munimon("status", home=home)
    assert (result.returncode, result.stdout) == (
        0,
        f"home: {home}\nsubmissions: none\nfindings: none\nwarnings of the build: 0\nopen questions: 0\nlast entry: none\n"
        "published: nothing yet; run `munimon build`\n",
    )
    assert json.loads(run_munimon("status", "--json", home=home).stdout) == {
        "home": str(home),
        "submissions": {},
        "findings": {},
        "build_warnings": 0,
        "open_questions": 0,
        "last_entry_at": None,
        "published_build": None,
        "out_of_date": [],
    }
    assert not home.exists()


def test_the_readme_names_every_command_and_none_that_is_not_there() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = {" ".join(match.split()) for match in re.findall(r"^munimon ((?:questions |layout |allow )?[a-z-]+)", readme, re.MULTILINE)}
    assert shown == COMMANDS - {"questions", "layout", "allow"}


def test_the_readmes_commands_use_options_that_exist() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = list_commands()
    for line in re.findall(r"^munimon .*", readme, re.MULTILINE):
        words = line.split("#")[0].split()[1:]
        name = " ".join(words[:2]) if " ".join(words[:2]) in commands else words[0]
        options = {option for parameter in commands[name].params for option in (*parameter.opts, *parameter.secondary_opts)}
        assert set(re.findall(r"(?<= )--[a-z-]+", line)) <= options, line


def test_the_readmes_make_targets_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for name in ("README.md", "CONTRIBUTING.md"):
        assert set(re.findall(r"(?:^|`)make ([a-z-]+)", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE)) <= targets
