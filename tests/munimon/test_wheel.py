"""What is installed from the wheel works away from the checkout."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from tests.munimon.commands import ROOT


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of a new environment in which only the wheel is installed; its dependencies are lent by this environment."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "environment", with_pip=True)
    programs = folder / "environment" / "bin"
    install = [str(programs / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index", "--no-deps", str(wheel)]
    subprocess.run(install, check=True)
    site = next((folder / "environment" / "lib").glob("python*/site-packages"))
    # Only after the wheel's own packages on the path, and without the line by which this environment finds the checkout.
    (site / "lent.pth").write_text(sysconfig.get_path("purelib"))
    return programs


def run(installed: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MUNIMON_", "PYTHONPATH"))} | {"HOME": str(folder)}
    return subprocess.run([str(installed / "munimon"), *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_help_and_status_work_away_from_the_checkout(installed: Path, tmp_path: Path) -> None:
    assert run(installed, tmp_path, "--help").returncode == 0
    status = run(installed, tmp_path, "status", "--json")
    assert json.loads(status.stdout)["home"] == str(tmp_path / ".local" / "share" / "munimon")


def test_models_reference_data_and_reports_travel_with_it(installed: Path, tmp_path: Path) -> None:
    result = run(installed, tmp_path, "doctor", "--json")
    assert result.returncode == 0, result.stdout + result.stderr
    (site,) = (installed.parent / "lib").glob("python*/site-packages")
    says = {check["name"]: check["says"] for check in json.loads(result.stdout)["checks"]}
    assert says["shipped files"] == f"models, reference data and reports in {site / 'munimon' / '_shipped'}"
    for folder in ("dbt_project", "data/reference", "data/reports"):
        assert list_files(site / "munimon" / "_shipped" / folder) == list_own_files(folder)
    for package in ("munimon", "ingest", "expectations", "publish", "dashboards"):
        assert list_files(site / package) == list_own_files(package)


def list_files(folder: Path) -> set[str]:
    """The files below a folder, without what Python makes of them and without what the wheel carries inside its package."""
    names = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {str(name) for name in names if "__pycache__" not in name.parts and name.parts[0] != "_shipped"}


def list_own_files(folder: str) -> set[str]:
    """The files below a folder of the checkout that are, or are to be, part of the project."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "."]
    listed = subprocess.run(command, cwd=ROOT / folder, check=True, capture_output=True, text=True)
    return set(filter(None, listed.stdout.split("\0")))


@pytest.mark.slow
def test_the_demo_runs_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    result = run(installed, tmp_path, "demo", "--no-dashboard", "--home", str(tmp_path / "demo"))
    assert result.returncode == 0, result.stdout + result.stderr
    select = """
        select facts.engaged_persons from marts.fct_engagements as facts
        inner join marts.dim_municipalities as places on facts.municipality_code = places.municipality_code
        where places.name_latn = 'Kruševac' and facts.programme_id = 'RS-GIZ-ZZZ' and facts.recorded_to is null and facts.engaged_persons is not null
    """
    answer = run(installed, tmp_path, "sql", select, "--format", "json", "--home", str(tmp_path / "demo"))
    assert json.loads(answer.stdout) == [{"engaged_persons": 32}]
