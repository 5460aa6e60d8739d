"""The refs that we give to things not yet reported, so that nobody invents them: E-24Q1-07 is the seventh engagement first reported for 2024-Q1.

The period stands in them, so that forms sent out for two periods never give the same ref, whatever has come back in between. The letters are such
that typed on a Cyrillic keyboard they are still understood.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import count

from ingest.periods import Period
from ingest.readers import CellValue, is_blank
from ingest.sections import Section, fold
from ingest.tables import Table
from ingest.values import text_as_reported

# What stands between letter and number: 24, 24Q1, 24H2, 2403 (March 2024), or x where the period has no year.
_PERIOD = r"(?:\d\d(?:q[1-4]|h[12]|\d\d)?|x)"
_WITHIN_YEAR = re.compile(r"\d\d(\d\d)(?:-(Q[1-4]|H[12]|\d\d))?")


def new_refs(section: Section, period: Period, used: Collection[str], wanted: int) -> tuple[str, ...]:
    """The next refs of a section for one municipality in one programme.

    Args:
        used: Those that the municipality has used there already, ours or its own.
        wanted: How many.

    Returns:
        As many refs, none of which is used; none for a section without refs.
    """
    if section.ref_letter is None:
        return ()
    taken = {fold(ref) for ref in used}
    refs: Iterator[str] = (f"{section.ref_letter}-{_short(period)}-{number:02d}" for number in count(1))
    free = (ref for ref in refs if fold(ref) not in taken)
    return tuple(next(free) for _ in range(wanted))


def is_unused_ref(table: Table, cells: Sequence[CellValue]) -> bool:
    """Whether a row holds a ref of ours and nothing else: it was offered for a new thing, and there was none."""
    first = None
    for place, cell in enumerate(cells):
        if not is_blank(cell):
            if first is not None:
                return False
            first = place
    if table.section.ref_letter is None or first is None or list(table.fields.values())[first] is not table.section.ref:
        return False
    return re.fullmatch(rf"{fold(table.section.ref_letter)} {_PERIOD} \d\d+", fold(text_as_reported(cells[first]))) is not None


def _short(period: Period) -> str:
    if within := _WITHIN_YEAR.fullmatch(period.period_id):
        return f"{within[1]}{within[2] or ''}"
    return f"{period.start:%y%m}" if period.start else "x"
