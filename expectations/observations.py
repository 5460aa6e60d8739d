"""Observations: figures that their own unit makes possible."""

from __future__ import annotations

from typing import TYPE_CHECKING

from expectations.rules import Between, Rule

if TYPE_CHECKING:
    import pandas as pd

_COUNTED = ("persons", "households", "employers", "municipalities", "institutions", "organisations", "items", "trainings", "plans", "events")

_BELOW = "Fewer than none cannot be counted; a change is given in percent or per mille."
_FRACTION = "Persons and things are counted whole; a fraction is a mean or a share."
_SHARE = "A share of a whole is at most 100 %; more is a growth, or per mille."


def _take_counts(frame: pd.DataFrame) -> pd.Series[float]:
    """The values that count something whole; the others are none."""
    return frame["value"].astype(float).where(frame["unit"].isin(_COUNTED))


def _take_fractions(frame: pd.DataFrame) -> pd.Series[float]:
    """What stands after the decimal point of a value that counts something whole."""
    return _take_counts(frame) % 1


SUITE: tuple[Rule, ...] = (
    Between("value", 0, None, _BELOW, "count_below_zero", measure=_take_counts),
    Between("value", 0, 0, _FRACTION, "count_not_whole", measure=_take_fractions),
    Between("value", None, 100, _SHARE, "share_above_hundred", only=("unit", "percent")),
)
