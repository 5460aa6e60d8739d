"""Judge the rows of all sections with Great Expectations, before they are written to raw."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from threading import Lock
from typing import TYPE_CHECKING, Any

from expectations import engagements, equipment, events, grants, household_support, local_plans, observations, participations, services, trainings
from expectations.ranges import Range
from expectations.rules import Pairs, Rule, Usual
from ingest.sections import load_sections

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from great_expectations.core.batch_definition import BatchDefinition
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

_judging = Lock()


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


def judge(frames: Mapping[str, pd.DataFrame], ranges: Iterable[Range]) -> dict[str, Judgement]:
    """Judge the rows of sections, those of each by its suite.

    Args:
        frames: By section, its rows with the columns of raw; counts nullable, amounts as decimals, dates as dates. Beside them what the report says
            as a whole: ``submission`` (its number), ``programme_id``, ``country_code``, ``period_end``, ``amounts`` (flow or to_date), and what
            ``expectations.sheets`` found. They are not changed.
        ranges: The plausible ranges of the reference data.

    Returns:
        A judgement a section.

    Raises:
        RuntimeError: If Great Expectations could not evaluate a rule: nothing passes unjudged.
    """
    suites = {section: suite_of(section, ranges) for section in frames}
    judged = {section: frame.reset_index(drop=True) for section, frame in frames.items()}
    compared = {section: _compare_all(section, suites[section], frame) for section, frame in judged.items() if not frame.empty}
    broken = iter(_find_broken_rows([each for of_section in compared.values() for each in of_section]))
    found = {section: list(islice(broken, len(of_section))) for section, of_section in compared.items()}
    return {
        section: _tell(section, suites[section], frame, compared[section], found[section]) if section in found else Judgement((), (), {})
        for section, frame in judged.items()
    }


def _tell(section: str, rules: Sequence[Rule], frame: pd.DataFrame, compared: Sequence[_Compared], rows: Sequence[Sequence[int]]) -> Judgement:
    """The judgement of a section, by the rows that break its rules."""
    found = sorted((row, place) for place, broken in enumerate(rows) for row in broken)
    # Taken at once as records of plain Python values: row by row takes 3 ms each, and gives numpy's numbers.
    positions = sorted({row for row, _ in found})
    records = dict(zip(positions, _with_derived(frame.iloc[positions], rules).to_dict("records"), strict=True)) if positions else {}
    told = tuple(_explain(section, rules[place], row, {str(column): value for column, value in records[row].items()}) for row, place in found)
    named = tuple((rule.name, rule.field, rule.other) for rule in rules)
    return Judgement(told, named, _count(frame["submission"].to_numpy(int), [each.rows for each in compared], rows))


def _with_derived(broken: pd.DataFrame, rules: Iterable[Rule]) -> pd.DataFrame:
    return broken.assign(**{column: values for rule in rules for column, values in rule.derive(broken).items()})


@dataclass(frozen=True)
class _Compared:
    """What a rule compares in the rows that it has something to say about: their positions, and of each pair the figures and the most they may be."""

    rows: NDArray[np.intp]
    pairs: Pairs


def _compare_all(section: str, rules: Iterable[Rule], frame: pd.DataFrame) -> list[_Compared]:
    """What the rules of a section compare. Nearly every rule looks at figures that others look at too: they are made numbers once."""
    known = [field.name for field in load_sections()[section].fields if field.type in ("count", "number", "amount") and field.name in frame]
    figures = frame.assign(**frame[known].astype(float))
    return [_compare(section, rule, figures) for rule in rules]


def _compare(section: str, rule: Rule, frame: pd.DataFrame) -> _Compared:
    import numpy as np

    try:
        pairs = rule.compare(frame)
    except (KeyError, TypeError, ValueError) as error:
        raise RuntimeError(f"{section}: rule {rule.name} of {rule.field}: {error}") from error
    rows = np.flatnonzero(~np.logical_or.reduce([np.isnan(figures) for pair in pairs for figures in pair]))
    return _Compared(rows, [(figures[rows], most[rows]) for figures, most in pairs])


def _count(
    submissions: NDArray[np.intp], judged: Sequence[NDArray[np.intp]], broken: Sequence[Sequence[int]]
) -> dict[int, tuple[tuple[int, ...], tuple[int, ...]]]:
    import numpy as np

    numbers = submissions.max() + 1
    counted = [np.array([np.bincount(submissions[rows], minlength=numbers) for rows in of_rules]).T.tolist() for of_rules in (judged, broken)]
    by_report = enumerate(zip(*counted, strict=True))
    return {number: (tuple(looked_at), tuple(broke)) for number, (looked_at, broke) in by_report if any(looked_at)}


def _is_amount(section: str, key: str) -> bool:
    numerator, _, denominator = key.partition("/")
    return load_sections()[section].field(numerator).type == "amount" and not denominator


def _find_broken_rows(compared: Sequence[_Compared]) -> list[list[int]]:
    """By the rule's place among all, the positions of the rows that break it.

    Great Expectations judges the pairs of all rules at once, one below the other: an expectation costs it 15 ms, whatever the number of rows.
    """
    import numpy as np
    import pandas as pd
    from great_expectations.expectations.core.expect_column_pair_values_a_to_be_greater_than_b import ExpectColumnPairValuesAToBeGreaterThanB

    broken: list[list[int]] = [[] for _ in compared]
    pairs = [(place, each.rows, *pair) for place, each in enumerate(compared) for pair in each.pairs]
    if not any(len(rows) for _, rows, _, _ in pairs):
        return broken
    places = np.concatenate([np.full(len(rows), place) for place, rows, _, _ in pairs])
    positions = np.concatenate([rows for _, rows, _, _ in pairs])
    frame = pd.DataFrame({"figure": np.concatenate([figures for _, _, figures, _ in pairs]), "most": np.concatenate([most for *_, most in pairs])})
    expectation = ExpectColumnPairValuesAToBeGreaterThanB(column_A="most", column_B="figure", or_equal=True, ignore_row_if="neither")
    # its engine has one batch at a time
    with _judging:
        batch = _pairs().get_batch({"dataframe": frame})
        result = batch.validate(expectation, result_format={"result_format": "COMPLETE", "return_unexpected_index_query": False})
    if result.exception_info.get("raised_exception", True):
        raise RuntimeError(f"the rules of all sections: {result.exception_info}")
    for found in result.result.get("unexpected_index_list") or []:
        broken[places[found]].append(int(positions[found]))
    return [sorted(set(rows)) for rows in broken]


def _explain(section: str, rule: Rule, row: int, values: Mapping[str, object]) -> Broken:
    name, params = rule.explain(values)
    # A field is worded in the reader's language, which needs its section.
    labels = {key: f"{section}.{params[key]}" for key in ("label", "other_label") if key in params}
    return Broken(row=row, rule=name, field=rule.field, params={**params, **labels})


@cache
def _pairs() -> BatchDefinition[Any]:
    """Where Great Expectations takes pairs from, in a context that lives in memory, writes no file, draws no progress bar and reports to nobody."""
    import great_expectations as gx
    from great_expectations.data_context.types.base import DataContextConfig, InMemoryStoreBackendDefaults, ProgressBarsConfig

    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        progress_bars=ProgressBarsConfig(globally=False),
        analytics_enabled=False,
    )
    source = gx.get_context(mode="ephemeral", project_config=config).data_sources.add_pandas("rows")
    return source.add_dataframe_asset("pairs").add_batch_definition_whole_dataframe("all")
