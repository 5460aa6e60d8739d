"""The checks across fields, applied: rows that break an error rule are quarantined, and every broken rule becomes a finding with its cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from ingest.entries import RuleCounts
from ingest.findings import Finding, severity_of
from ingest.interpret import Draft
from ingest.rows import Rows
from ingest.sections import load_sections, raw_columns

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray


@dataclass(frozen=True)
class _Judged:
    """The rows of one section in all drafts, one after the other.

    ``parts`` are the numbers of the drafts with their rows; a row judged is a position in the part that ``part_of`` gives for it.
    """

    section: str
    parts: Sequence[tuple[int, Rows]]
    part_of: "NDArray[np.intp]"
    position_in_part: "NDArray[np.intp]"

    def place_of(self, row: int) -> tuple[int, Rows, int]:
        """Of a row judged: the number of its draft, the rows it is among, and its position there."""
        number, rows = self.parts[self.part_of[row]]
        return number, rows, int(self.position_in_part[row])

    def cell_of(self, row: int, field: str) -> str:
        """Where a field of a row judged stands, as sheet!cell."""
        _, rows, position = self.place_of(row)
        return f"{rows.sheet}!{rows.cell(position, field) or rows.number(position)}"


def judge_drafts(drafts: Sequence[Draft], reference: Path) -> None:
    """Judge all rows of the drafts at once, and enter in each draft what its rows break and how many each rule judged.

    Rows with a cell that could not be read are judged by what is known of them, so that the sender learns of all mistakes at once.

    Args:
        drafts: The drafts of a batch.
        reference: The folder of reference tables, for what is plausible.
    """
    sections = {section: judged for section in load_sections() if (judged := _rows_to_judge(section, drafts))}
    if not sections:
        return
    from expectations.ranges import load_ranges
    from expectations.run import judge
    from expectations.sheets import compare_rows

    frames = {section: _frame_of(judged, drafts) for section, judged in sections.items()}
    ranges = load_ranges(reference)
    compared = compare_rows(frames, lambda section, row, field: sections[section].cell_of(row, field))
    judgements = judge({section: _with_columns(frames[section], columns) for section, columns in compared.items()}, ranges)
    for section, judgement in judgements.items():
        for broken in judgement.broken:
            number, rows, position = sections[section].place_of(broken.row)
            _enter(drafts[number], rows, position, broken.rule, broken.field, broken.params)
        for number, counts in judgement.counts.items():
            drafts[number].checks.append(RuleCounts(section, judgement.rules, *counts))


def _rows_to_judge(section: str, drafts: Sequence[Draft]) -> _Judged | None:
    parts = [(number, rows) for number, draft in enumerate(drafts) if not draft.is_refused for rows in draft.rows if rows.section == section]
    lengths = [len(rows) for _, rows in parts]
    part_of = np.repeat(np.arange(len(parts)), lengths)
    starts = np.cumsum([0, *lengths])
    return _Judged(section, parts, part_of, np.arange(len(part_of)) - starts[part_of]) if len(part_of) else None


def _with_columns(frame: "pd.DataFrame", columns: Mapping[str, list[str | None]]) -> "pd.DataFrame":
    import pandas as pd

    return frame.assign(**{name: pd.Series(values, dtype="str") for name, values in columns.items()})


def _frame_of(judged: _Judged, drafts: Sequence[Draft]) -> "pd.DataFrame":
    import pandas as pd

    # in one piece, which pandas takes over in half the time
    whole = pa.Table.from_batches([rows.values for _, rows in judged.parts]).combine_chunks()
    table = whole.select(["thing_key", *raw_columns(load_sections()[judged.section])])
    nullable = {pa.int64(): pd.Int64Dtype(), pa.int32(): pd.Int32Dtype()}
    frame: pd.DataFrame = table.to_pandas(types_mapper=nullable.get, date_as_object=False)
    numbers = np.array([number for number, _ in judged.parts])[judged.part_of]
    places = [drafts[number].place for number, _ in judged.parts]
    of_parts: dict[str, tuple[Sequence[Any], Any]] = {
        "programme_id": ([place.programme_id for place in places], "category"),
        "country_code": ([place.country_code for place in places], "category"),
        "period_end": ([place.period.end if place.period else None for place in places], "datetime64[ms]"),
        "amounts": (["flow" if (layout := drafts[number].layout) and layout.amounts == "flow" else "to_date" for number, _ in judged.parts], "str"),
    }
    said = {name: pd.Series(values, dtype=dtype).take(judged.part_of).reset_index(drop=True) for name, (values, dtype) in of_parts.items()}
    if disputed := _rows_of_two_currencies(judged, drafts):
        frame.loc[disputed, "currency"] = None
    return frame.assign(submission=numbers, **said)


def _rows_of_two_currencies(judged: _Judged, drafts: Sequence[Draft]) -> list[int]:
    """The rows judged whose currencies disagree: of the two neither is known, and amounts cannot be judged by one of them."""
    of_draft = [{(each.sheet, each.row) for each in draft.findings if each.rule == "currency_disagrees"} for draft in drafts]
    if not any(of_draft):
        return []
    places = map(judged.place_of, range(len(judged.part_of)))
    return [row for row, (number, rows, position) in enumerate(places) if (rows.sheet, rows.number(position)) in of_draft[number]]


def _enter(draft: Draft, rows: Rows, position: int, rule: str, field: str, params: Mapping[str, object]) -> None:
    severity = severity_of(rule)
    if severity == "error":
        rows.quarantined.add(position)
    place = (rows.sheet, rows.cell(position, field), rows.number(position))
    draft.findings.append(Finding(severity, rule, rows.section, *place, field, rows.as_reported(position, field), params))
