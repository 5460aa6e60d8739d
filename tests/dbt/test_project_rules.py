"""The dbt project keeps its own rules: names, descriptions, documented columns and declared types, read from its manifest."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from ingest.raw import COMMON_COLUMNS
from ingest.sections import load_sections, raw_columns
from tests.dbt.warehouse import PROJECT, make_warehouse

Node = dict[str, Any]

NAMES = {
    "staging/reports": r"stg_reports__[a-z_]+s|stg_reports__(equipment|household_support)",
    "staging/reference": r"stg_reference__[a-z_]+s",
    "intermediate": r"int_[a-z_]+_([a-z]+ed|kept|chosen)",
    "marts": r"(dim|fct|bridge)_[a-z_]+",
}
LONG_TABLES = {"fct_measures", "fct_observations", "indicator_values", "indicator_totals"}


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Node:
    warehouse = make_warehouse(tmp_path_factory.mktemp("rules") / "warehouse")
    warehouse.run_dbt("parse")
    return json.loads((warehouse.folder / "target" / "manifest.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def models(manifest: Node) -> list[Node]:
    return [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]


@pytest.fixture(scope="module")
def published(models: list[Node]) -> list[Node]:
    return [model for model in models if model["schema"] == "marts"]


def test_every_model_is_named_for_its_layer(models: list[Node]) -> None:
    wrong = [
        model["original_file_path"]
        for model in models
        for folder, pattern in NAMES.items()
        if model["original_file_path"].startswith(f"models/{folder}/") and not re.fullmatch(pattern, model["name"])
    ]
    assert wrong == []


def test_every_model_says_what_a_row_is(models: list[Node]) -> None:
    assert [model["name"] for model in models if not model["description"].startswith("One row per ")] == []


def test_every_published_column_is_described_and_has_a_declared_type(published: list[Node]) -> None:
    wrong = [
        f"{model['name']}.{name}"
        for model in published
        for name, column in model["columns"].items()
        if not column["description"].strip() or not column["data_type"]
    ]
    assert wrong == []


def test_every_published_model_enforces_its_columns(published: list[Node]) -> None:
    assert [model["name"] for model in published if not model["contract"]["enforced"]] == []


def test_a_bare_value_stands_only_in_the_long_tables(published: list[Node]) -> None:
    assert {model["name"] for model in published if "value" in model["columns"]} <= LONG_TABLES


def test_dates_moments_and_truths_are_named_as_such(published: list[Node]) -> None:
    wrong = []
    for model in published:
        for name, column in model["columns"].items():
            if column["data_type"] == "boolean" and not name.startswith(("is_", "has_")):
                wrong.append(f"{model['name']}.{name}")
            if column["data_type"] == "timestamp" and not name.endswith(("_at", "recorded_from", "recorded_to")):
                wrong.append(f"{model['name']}.{name}")
            dated = ("_on", "_date", "_start", "_end", "_earliest", "_latest", "valid_from", "valid_to")
            if column["data_type"] == "date" and not name.endswith(dated):
                wrong.append(f"{model['name']}.{name}")
    assert wrong == []


def test_every_singular_test_states_what_it_asserts_and_why(manifest: Node) -> None:
    singular = [node for node in manifest["nodes"].values() if node["resource_type"] == "test" and not node.get("test_metadata")]
    assert [node["name"] for node in singular if not node["name"].startswith("assert_")] == []
    assert [node["name"] for node in singular if not node["raw_code"].lstrip().startswith(("--", "{#"))] == []


def test_every_page_of_the_dashboard_is_an_exposure(manifest: Node) -> None:
    assert sorted(exposure["name"] for exposure in manifest["exposures"].values()) == [
        "changes",
        "compare",
        "data_quality",
        "municipality",
        "overview",
    ]


def test_a_build_that_adds_makes_every_view_again_that_tells_what_was_gained(manifest: Node, tmp_path_factory: pytest.TempPathFactory) -> None:
    warehouse = make_warehouse(tmp_path_factory.mktemp("added") / "warehouse")
    listed = warehouse.run_dbt("ls", "--selector", "added", "--resource-type", "model", "--output", "name", "--quiet").split()
    assert {model["name"] for model in manifest["nodes"].values() if reads_known_until(model, manifest)} <= set(listed)


def reads_known_until(node: Node, manifest: Node) -> bool:
    macros, reached = set(node["depends_on"]["macros"]), 0
    while len(macros) > reached:
        reached = len(macros)
        macros |= {called for macro in macros for called in manifest["macros"][macro]["depends_on"]["macros"]}
    return "macro.munimon.known_until" in macros


@pytest.mark.parametrize("section", sorted(load_sections()))
def test_staging_holds_every_raw_column_of_the_section(section: str) -> None:
    model = Path(PROJECT / "models" / "staging" / "reports" / f"stg_reports__{section}.sql").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\s+([a-z_0-9]+),?$", model, flags=re.MULTILINE))
    wanted = {*COMMON_COLUMNS, *raw_columns(load_sections()[section])} - {"section", "batch_id"}
    assert wanted - listed == set()
