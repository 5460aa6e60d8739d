"""The data dictionary: what every published table, column, indicator and reported field means. `python -m munimon.dictionary` writes it."""

import csv
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ingest.sections import Field, load_code_lists, load_sections
from munimon.disk import write_whole
from munimon.settings import shipped

_HEAD = """# Data dictionary

Made from the models, the reference tables and the sections by `make dictionary`; change it there.

Terms that recur: *current* is `recorded_to is null`; `[recorded_from, recorded_to)` is when we held a row for true; an empty cell is unknown,
never zero.
"""
_SCHEMA = "marts"


def dictionary_path() -> Path:
    """Where the dictionary stands."""
    return shipped() / "data" / "DICTIONARY.md"


def write_dictionary() -> str:
    """The whole dictionary as Markdown. Parses the dbt project, which takes some seconds."""
    with tempfile.TemporaryDirectory() as folder:
        manifest = _parse_project(Path(folder))
    parts = [_HEAD, *_describe_models(manifest), *_describe_indicators(), *_describe_sections(), *_describe_codes()]
    return "\n".join(parts).rstrip() + "\n"


def _parse_project(folder: Path) -> dict[str, Any]:
    project = shipped() / "dbt_project"
    environment = os.environ | {
        "MUNIMON_RAW": str(folder / "raw"),
        "MUNIMON_LEDGER": str(folder / "ledger"),
        "MUNIMON_REFERENCE": str(shipped() / "data" / "reference"),
        "MUNIMON_BUILD_FILE": ":memory:",
        "DO_NOT_TRACK": "1",
    }
    command = [sys.executable, "-c", "from dbt.cli.main import cli; cli()", "--quiet", "--log-path", str(folder / "logs"), "parse"]
    command += ["--project-dir", str(project), "--profiles-dir", str(project), "--target-path", str(folder / "target")]
    subprocess.run(command, env=environment, cwd=folder, check=True)  # noqa: S603 (our own interpreter and project)
    manifest: dict[str, Any] = json.loads((folder / "target" / "manifest.json").read_text(encoding="utf-8"))
    return manifest


def _describe_models(manifest: Mapping[str, Any]) -> Iterator[str]:
    yield "## Published tables (schema `marts`)\n"
    models = [node for node in manifest["nodes"].values() if node["resource_type"] == "model" and node["schema"] == _SCHEMA]
    for model in sorted(models, key=lambda model: model["name"]):
        yield f"### {model['name']}\n\n{_in_line(model['description'])}\n"
        columns = model["columns"].values()
        yield _lay_table(("column", "type", "meaning"), ((f"`{each['name']}`", each["data_type"], each["description"]) for each in columns))


def _describe_indicators() -> Iterator[str]:
    yield "## Indicators\n"
    yield _lay_table(
        ("indicator", "title", "unit", "sum of", "divided by", "of a whole of", "definition"),
        (
            (
                f"`{row['indicator_code']}` ({row['definition_version']})",
                row["title"],
                row["unit"],
                _name_side(row, "numerator"),
                _name_side(row, "denominator"),
                row["whole_measure"],
                row["definition"],
            )
            for row in _read_reference("indicators.csv")
        ),
    )
    yield "## Measures\n"
    headings = ("measure_code", "title", "unit", "kind", "counted_by", "over_periods", "over_municipalities", "over_programmes")
    yield _lay_table(headings, ([row[name] for name in headings] for row in _read_reference("measures.csv")))


def _name_side(row: Mapping[str, str], side: str) -> str:
    margins = [row[f"{side}_{margin}"] for margin in ("sex", "community") if row[f"{side}_{margin}"] not in ("", "all")]
    return ", ".join([row[f"{side}_measure"], *margins])


def _describe_sections() -> Iterator[str]:
    yield "## Sections of a report\n"
    for section in load_sections().values():
        yield f"### {section.name}: {section.labels['en']}\n\n{_in_line(section.description['en'])}\n"
        rows = ((f"`{field.name}`", field.labels["en"], field.type, _limits(field), field.help["en"]) for field in section.fields)
        yield _lay_table(("field", "heading", "type", "unit, codes, marks", "meaning"), rows)


def _limits(field: Field) -> str:
    marks = [field.unit, f"codes: {field.codes}" if field.codes else None, "names the thing" if field.is_identity else None]
    return ", ".join(mark for mark in [*marks, "can name a person" if field.is_personal else None] if mark)


def _describe_codes() -> Iterator[str]:
    yield "## Code lists\n"
    lists = load_code_lists().values()
    yield _lay_table(
        ("list", "codes"), ((codes.name, "; ".join(f"`{code}` {texts['en']}" for code, texts in codes.codes.items())) for codes in lists)
    )


def _read_reference(name: str) -> list[dict[str, str]]:
    with (shipped() / "data" / "reference" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _lay_table(headings: Iterable[str], rows: Iterable[Iterable[str | None]]) -> str:
    lines = [list(headings)]
    lines += [["---"] * len(lines[0])]
    lines += [[_in_line(cell or "").replace("|", "\\|") for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _in_line(text: str) -> str:
    return " ".join(text.split())


if __name__ == "__main__":
    write_whole(dictionary_path(), write_dictionary().encode())
