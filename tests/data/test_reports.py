"""The shipped reports are what their generator makes, and every one of them is read without a finding of error."""

import subprocess
import sys
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

CHECKOUT = Path(__file__).resolve().parents[2]
SHIPPED = CHECKOUT / "data" / "reports"


def make_reports(folder: Path) -> Path:
    folder.mkdir()
    subprocess.run([sys.executable, SHIPPED / "make_reports.py", folder], check=True, cwd=CHECKOUT, env={"PYTHONPATH": str(CHECKOUT)})
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_reports(tmp_path_factory.mktemp("made") / "reports")


def read_cells(path: Path) -> dict[str, list[list[object]]]:
    workbook = CalamineWorkbook.from_path(path)
    return {name: workbook.get_sheet_by_name(name).to_python() for name in workbook.sheet_names}


def test_the_shipped_reports_are_what_the_generator_makes(made: Path) -> None:
    workbooks = {path.name: read_cells(path) for path in SHIPPED.glob("*.xlsx")}

    assert {path.name: read_cells(path) for path in made.glob("*.xlsx")} == workbooks
    assert {path.name: path.read_text(encoding="utf-8") for path in made.glob("*.md")} == {
        path.name: path.read_text(encoding="utf-8") for path in SHIPPED.glob("*.md")
    }


def test_every_report_has_a_note_of_its_public_source() -> None:
    for workbook in SHIPPED.glob("*.xlsx"):
        assert "Public source:\n\n- news item on " in workbook.with_suffix(".md").read_text(encoding="utf-8")


def test_reports_made_twice_are_the_same_files(made: Path, tmp_path: Path) -> None:
    again = make_reports(tmp_path / "again")

    assert {path.name: path.read_bytes() for path in again.iterdir()} == {path.name: path.read_bytes() for path in made.iterdir()}
