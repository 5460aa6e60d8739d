"""Judge the rows of one section with Great Expectations, before they are written to raw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from expectations import engagements, equipment, grants, household_support, local_plans, participations, services, trainings
from expectations.rules import Rule

if TYPE_CHECKING:
    import pandas as pd
    from great_expectations.data_context.data_context.ephemeral_data_context import EphemeralDataContext

SUITES: Mapping[str, tuple[Rule, ...]] = {
    "engagements": engagements.SUITE,
    "equipment": equipment.SUITE,
    "grants": grants.SUITE,
    "household_support": household_support.SUITE,
    "local_plans": local_plans.SUITE,
    "participations": participations.SUITE,
    "services": services.SUITE,
    "trainings": trainings.SUITE,
}


@dataclass(frozen=True)
class Broken:
    """A rule that a row breaks: the row's position in the frame, the finding's rule, the field to mark, and what its message quotes."""

    row: int
    rule: str
    field: str
    params: Mapping[str, object]


def judge(section: str, frame: pd.DataFrame) -> list[Broken]:
    """Every broken rule of the section's suite, by row and then in the suite's order; none for a section without a suite.

    Args:
        section: A section's name.
        frame: The section's rows with the columns of raw; counts nullable, amounts as decimals, dates as dates. It is not changed.

    Raises:
        RuntimeError: If Great Expectations could not evaluate a rule: nothing passes unjudged.
    """
    rules = SUITES.get(section, ())
    if not rules or frame.empty:
        return []
    judged = frame.reset_index(drop=True)
    judged = judged.assign(**{column: values for rule in rules for column, values in rule.derive(judged).items()})

    found = sorted((row, place) for place, rows in _find_broken_rows(section, rules, judged).items() for row in rows)
    # Taken at once as records of plain Python values: row by row takes 3 ms each, and gives numpy's numbers.
    positions = sorted({row for row, _ in found})
    records = dict(zip(positions, judged.iloc[positions].to_dict("records"), strict=True))
    return [_explain(section, rules[place], row, {str(column): value for column, value in records[row].items()}) for row, place in found]


def _find_broken_rows(section: str, rules: tuple[Rule, ...], frame: pd.DataFrame) -> dict[int, list[int]]:
    """By the rule's place in the suite, the positions of the rows that break it."""
    from great_expectations import ExpectationSuite

    context = _open_context()
    asset = context.data_sources.add_pandas(section).add_dataframe_asset(section)
    batch = asset.add_batch_definition_whole_dataframe(section).get_batch({"dataframe": frame})
    suite = ExpectationSuite(name=section)
    for place, rule in enumerate(rules):
        expectation = rule.expect()
        expectation.meta = {"place": place}
        suite.add_expectation(expectation)

    rows: dict[int, list[int]] = {}
    for result in batch.validate(suite, result_format={"result_format": "COMPLETE", "return_unexpected_index_query": False}).results:
        expected = result.expectation_config
        place = expected.meta["place"] if expected and expected.meta else -1
        if place < 0 or result.exception_info.get("raised_exception", True):
            raise RuntimeError(f"{section}: rule {rules[place].name} of {rules[place].field}: {result.exception_info}")
        rows[place] = result.result.get("unexpected_index_list") or []
    return rows


def _explain(section: str, rule: Rule, row: int, values: Mapping[str, object]) -> Broken:
    name, params = rule.explain(values)
    # A field is worded in the reader's language, which needs its section.
    labels = {key: f"{section}.{params[key]}" for key in ("label", "other_label") if key in params}
    return Broken(row=row, rule=name, field=rule.field, params={**params, **labels})


def _open_context() -> EphemeralDataContext:
    """A context that lives in memory, writes no file, draws no progress bar and reports to nobody."""
    import great_expectations as gx
    from great_expectations.data_context.types.base import DataContextConfig, InMemoryStoreBackendDefaults, ProgressBarsConfig

    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        progress_bars=ProgressBarsConfig(globally=False),
        analytics_enabled=False,
    )
    return gx.get_context(mode="ephemeral", project_config=config)
