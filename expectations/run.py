"""Judge the rows of one section with Great Expectations, before they are written to raw."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from expectations import engagements, equipment, events, grants, household_support, local_plans, observations, participations, services, trainings
from expectations.ranges import Range
from expectations.rules import Rule, Usual
from ingest.sections import load_sections

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from great_expectations.data_context.data_context.ephemeral_data_context import EphemeralDataContext
    from numpy.typing import NDArray

SUITES: Mapping[str, tuple[Rule, ...]] = {
    "engagements": engagements.SUITE,
    "equipment": equipment.SUITE,
    "events": events.SUITE,
    "grants": grants.SUITE,
    "household_support": household_support.SUITE,
    "local_plans": local_plans.SUITE,
    "observations": observations.SUITE,
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


@dataclass(frozen=True)
class Judgement:
    """What a suite found: broken rules by row and then in the suite's order, and what its rules looked at, also where nothing was broken.

    ``rules`` are the rules, each with the field it is on and the other field that it compares that with. ``counts`` are, by the number of the report,
    how many rows each of them had something to say about, and how many of these broke it.
    """

    broken: tuple[Broken, ...]
    rules: tuple[tuple[str, str, str | None], ...]
    counts: Mapping[int, tuple[tuple[int, ...], tuple[int, ...]]]


def suite_of(section: str, ranges: Iterable[Range]) -> tuple[Rule, ...]:
    """The rules of a section: those of its module, and a plausible range for each figure that the reference data give one for."""
    of_section: dict[str, list[Range]] = {}
    for each in ranges:
        if each.section == section:
            of_section.setdefault(each.field, []).append(each)
    return SUITES[section] + tuple(Usual(key, tuple(found), _is_amount(section, key)) for key, found in of_section.items())


def judge(section: str, frame: pd.DataFrame, ranges: Iterable[Range]) -> Judgement:
    """Judge the rows of a section by its suite.

    Args:
        section: A section's name.
        frame: The section's rows with the columns of raw; counts nullable, amounts as decimals, dates as dates. Beside them what the report says as
            a whole: ``submission`` (its number), ``programme_id``, ``country_code``, ``period_end``, ``amounts`` (flow or to_date), and what
            ``expectations.sheets`` found. It is not changed.
        ranges: The plausible ranges of the reference data.

    Raises:
        RuntimeError: If Great Expectations could not evaluate a rule: nothing passes unjudged.
    """
    rules = suite_of(section, ranges)
    if frame.empty:
        return Judgement((), (), {})
    judged = frame.reset_index(drop=True)
    judged = judged.assign(**{column: values for rule in rules for column, values in rule.derive(judged).items()})

    rows = _find_broken_rows(section, rules, judged)
    found = sorted((row, place) for place, broken in rows.items() for row in broken)
    # Taken at once as records of plain Python values: row by row takes 3 ms each, and gives numpy's numbers.
    positions = sorted({row for row, _ in found})
    records = dict(zip(positions, judged.iloc[positions].to_dict("records"), strict=True))
    broken = tuple(_explain(section, rules[place], row, {str(column): value for column, value in records[row].items()}) for row, place in found)
    named = tuple((rule.name, rule.field, rule.other) for rule in rules)
    return Judgement(broken, named, _count(rules, judged, rows))


def _count(rules: tuple[Rule, ...], frame: pd.DataFrame, broken: Mapping[int, list[int]]) -> dict[int, tuple[tuple[int, ...], tuple[int, ...]]]:
    import numpy as np

    submissions = frame["submission"].to_numpy(int)
    numbers = submissions.max() + 1
    judged = [np.bincount(submissions[_find_known(frame, rule.compared)], minlength=numbers) for rule in rules]
    failed = [np.bincount(submissions[broken.get(place, [])], minlength=numbers) for place in range(len(rules))]
    by_report = zip(np.array(judged).T.tolist(), np.array(failed).T.tolist(), strict=True)
    return {number: (tuple(looked_at), tuple(broke)) for number, (looked_at, broke) in enumerate(by_report) if any(looked_at)}


def _find_known(frame: pd.DataFrame, columns: Iterable[str]) -> NDArray[np.bool_]:
    """Which rows a rule has something to say about: those in which all that it compares is known."""
    import numpy as np

    known: NDArray[np.bool_] = np.logical_and.reduce([frame[column].notna().to_numpy(bool) for column in columns])
    return known


def _is_amount(section: str, key: str) -> bool:
    numerator, _, denominator = key.partition("/")
    return load_sections()[section].field(numerator).type == "amount" and not denominator


def _find_broken_rows(section: str, rules: tuple[Rule, ...], frame: pd.DataFrame) -> dict[int, list[int]]:
    """By the rule's place in the suite, the positions of the rows that break it."""
    from great_expectations import ExpectationSuite

    context = _open_context()
    suite = ExpectationSuite(name=section)
    looked_at: set[str] = set()
    for place, rule in enumerate(rules):
        expectation = rule.expect()
        expectation.meta = {"place": place}
        suite.add_expectation(expectation)
        looked_at |= {getattr(expectation, name) for name in ("column", "column_A", "column_B") if hasattr(expectation, name)}
    # it copies the whole frame for each expectation: the columns that none is about stay outside
    judged = frame[[column for column in frame.columns if column in looked_at]]
    asset = context.data_sources.add_pandas(section).add_dataframe_asset(section)
    batch = asset.add_batch_definition_whole_dataframe(section).get_batch({"dataframe": judged})

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
