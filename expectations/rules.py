"""The kinds of rule a section's suite is made of.

A rule names the finding it leads to (severity and wording stand with the messages of ``ingest``), the field whose cell is marked, and why it exists.
What is missing is unknown and never breaks a rule.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from expectations.ranges import Range

Row: TypeAlias = Mapping[str, Any]
Only: TypeAlias = tuple[str, str]
"""A column and the code it must hold for the rule to apply."""
Pairs: TypeAlias = "list[tuple[NDArray[np.float64], NDArray[np.float64]]]"
"""Figures, one a row, and the most that each may be; dates as days. NaN is not known.

The figures of a column have at most twelve places before the point, so that as floats they are told apart to the last digit that reports have.
"""

ROUGH_UNITS_PER_EUR = {
    "EUR": Decimal(1),
    "RSD": Decimal(117),
    "MKD": Decimal("61.5"),
    "USD": Decimal("1.1"),
    "CHF": Decimal("0.95"),
    "GBP": Decimal("0.85"),
}
"""Enough to tell a slipped decimal point or a wrong currency from a plausible amount; converted figures use the dated rates of the reference data."""

_CURRENCIES = {"RS": "RSD", "MK": "MKD"}
# Ratios that the catalogue has a wording of its own for.
_UNUSUAL_RATIOS = {"days_worked/engaged_persons": "unusual_days_per_person", "hours_worked/households": "unusual_hours_per_household"}


class Rule(Protocol):
    """A rule about the rows of one section."""

    @property
    def name(self) -> str: ...

    @property
    def field(self) -> str: ...

    @property
    def other(self) -> str | None: ...

    @property
    def reason(self) -> str: ...

    def compare(self, frame: pd.DataFrame) -> Pairs:
        """What the rule compares in each row. Where one of the figures is not known, it has nothing to say about the row."""
        ...

    def derive(self, frame: pd.DataFrame) -> dict[str, Any]:
        """The columns that an explanation needs beyond the reported ones."""
        ...

    def explain(self, row: Row) -> tuple[str, dict[str, object]]:
        """The name of the finding for a row that breaks the rule, and what its message quotes; ``label`` and ``other_label`` are fields."""
        ...


@dataclass(frozen=True)
class AtMost:
    """``field`` is not more than ``other``.

    With a qualified figure on either side ("about 30" beside 32) nothing is certain, and the finding is ``name_if_qualified``.
    """

    field: str
    other: str
    reason: str
    name: str = "more_than_whole"
    name_if_qualified: str = "may_be_more_than_whole"
    only: Only | None = None

    def compare(self, frame: pd.DataFrame) -> Pairs:
        return [(_take_only(frame, _figures(frame[self.field]), self.only), _figures(frame[self.other]))]

    def derive(self, frame: pd.DataFrame) -> dict[str, Any]:
        return {}

    def explain(self, row: Row) -> tuple[str, dict[str, object]]:
        params = {"label": self.field, "value": row[self.field], "other_label": self.other, "other_value": row[self.other]}
        return self.name if _is_exact(row, self.field, self.other) else self.name_if_qualified, params


@dataclass(frozen=True)
class NotBefore:
    """``field`` is not certainly before ``other``: its latest possible day is not earlier than the other's earliest."""

    field: str
    other: str
    reason: str
    name: str = "ends_before_it_starts"

    def compare(self, frame: pd.DataFrame) -> Pairs:
        return [(_days(frame[f"{self.other}_earliest"]), _days(frame[f"{self.field}_latest"]))]

    def derive(self, frame: pd.DataFrame) -> dict[str, Any]:
        return {}

    def explain(self, row: Row) -> tuple[str, dict[str, object]]:
        dates = {"value": row[f"{self.field}_edtf"], "other_value": row[f"{self.other}_edtf"]}
        return self.name, {"label": self.field, "other_label": self.other, **dates}


@dataclass(frozen=True)
class Between:
    """``field``, or what ``measure`` makes of the frame, lies in a range, both ends included; None where there is no such end.

    ``parts`` are the figures that a measure is made of, where a qualified one among them leaves ``name_if_qualified``.
    """

    field: str
    low: Decimal | int | None
    high: Decimal | int | None
    reason: str
    name: str
    only: Only | None = None
    measure: Callable[[pd.DataFrame], pd.Series[float]] | None = None
    parts: tuple[str, ...] = ()
    name_if_qualified: str = ""
    other: str | None = None

    @property
    def column(self) -> str:
        return self.field if self.measure is None else f"{self.name} of {self.field}"

    def compare(self, frame: pd.DataFrame) -> Pairs:
        figures = _take_only(frame, _figures(frame[self.field] if self.measure is None else self.measure(frame)), self.only)
        return _within(figures, *(None if end is None else _everywhere(frame, float(end)) for end in (self.low, self.high)))

    def derive(self, frame: pd.DataFrame) -> dict[str, Any]:
        return {} if self.measure is None else {self.column: self.measure(frame)}

    def explain(self, row: Row) -> tuple[str, dict[str, object]]:
        value = row[self.column] if self.measure is None else _round(row[self.column])
        name = self.name if _is_exact(row, *self.parts) else self.name_if_qualified
        return name, {"label": self.field, "value": value, "low": self.low, "high": self.high}


@dataclass(frozen=True)
class Usual:
    """A figure, or a ratio of two (``numerator/denominator``), is what it usually is: the range of the row's own programme, else of all.

    One rule whatever the number of programmes and currencies: a row has the range of its programme in its currency, and where it has no such end, one
    that nothing lies beyond.
    """

    key: str
    ranges: tuple[Range, ...]
    is_amount: bool

    @property
    def field(self) -> str:
        return self.key.partition("/")[0]

    @property
    def other(self) -> str | None:
        return self.key.partition("/")[2] or None

    @property
    def name(self) -> str:
        if self.other:
            return _UNUSUAL_RATIOS.get(self.key, "unusual_ratio")
        return "unusual_amount" if self.is_amount else "unusual_value"

    @property
    def reason(self) -> str:
        return self.ranges[0].why

    def compare(self, frame: pd.DataFrame) -> Pairs:
        return _within(_figures(self._figure(frame)), self._ends(frame, "low"), self._ends(frame, "high"))

    def derive(self, frame: pd.DataFrame) -> dict[str, Any]:
        ends = {f"{self.key} {end}": self._ends(frame, end) for end in ("low", "high")}
        return {f"{self.key} figure": self._figure(frame), **ends}

    def explain(self, row: Row) -> tuple[str, dict[str, object]]:
        value = _round(row[f"{self.key} figure"]) if self.other else row[self.field]
        ends = {end: _round(row[f"{self.key} {end}"]) if math.isfinite(row[f"{self.key} {end}"]) else None for end in ("low", "high")}
        return self.name, {"label": self.field, "value": value, **ends, **({"other_label": self.other} if self.other else {})}

    def _figure(self, frame: pd.DataFrame) -> pd.Series[float]:
        return divide(self.field, self.other)(frame) if self.other else frame[self.field].astype(float)

    def _ends(self, frame: pd.DataFrame, end: str) -> NDArray[np.float64]:
        import numpy as np
        import pandas as pd

        # what is not known has the number -1, and takes the last of the values
        of_programme, programmes = pd.factorize(frame["programme_id"])
        ends: NDArray[np.float64] = np.array([self._end(programme, end) for programme in (*programmes, "")])[of_programme]
        if not self.is_amount:
            return ends
        # an end in a currency that is not known is not known
        numbers, currencies = pd.factorize(frame["currency"])
        rates: NDArray[np.float64] = np.array([*(float(ROUGH_UNITS_PER_EUR.get(currency, "nan")) for currency in currencies), np.nan])
        return ends * rates[numbers]

    def _end(self, programme: str, end: str) -> float:
        ranges = {each.programme_id: each for each in self.ranges}
        own = ranges.get(programme, ranges.get(""))
        if own is None:
            return math.nan
        limit = getattr(own, end)
        return (-math.inf if end == "low" else math.inf) if limit is None else float(limit)


@dataclass(frozen=True)
class NoneOther:
    """What another row or sheet of the report holds does not contradict ``field``: ``column`` names the place of what does, and is else empty."""

    field: str
    column: str
    reason: str
    name: str
    other: str | None = None

    def compare(self, frame: pd.DataFrame) -> Pairs:
        return [_none_may_be(frame[self.column].notna(), frame[self.field].notna())]

    def derive(self, frame: pd.DataFrame) -> dict[str, Any]:
        return {}

    def explain(self, row: Row) -> tuple[str, dict[str, object]]:
        sheet, _, cell = row[self.column].rpartition("!")
        return self.name, {"label": self.field, "other_sheet": sheet, "other_cell": cell}


@dataclass(frozen=True)
class ByPeriodEnd:
    """``field``, a date, is not certainly after the end of the period that the report's first sheet states."""

    field: str
    reason: str = "What a report says has happened has happened by the end of its period; else the date or the period is wrong."
    name: str = "after_the_period"
    other: str | None = None

    def compare(self, frame: pd.DataFrame) -> Pairs:
        return [(_days(frame[f"{self.field}_earliest"]), _days(frame["period_end"]))]

    def derive(self, frame: pd.DataFrame) -> dict[str, Any]:
        import pandas as pd

        return {"period_end": pd.to_datetime(frame["period_end"])}

    def explain(self, row: Row) -> tuple[str, dict[str, object]]:
        return self.name, {"label": self.field, "value": row[f"{self.field}_edtf"], "period": row["period_end"].date()}


@dataclass(frozen=True)
class OwnCurrency:
    """The currency is not that of another country that reports: that of the municipality on the first sheet, the euro, or one that donors pay in."""

    field: str = "currency"
    reason: str = "Municipalities account in their country's currency or in euro; another is usually a slip, and changes the sum sixtyfold."
    name: str = "currency_of_another_country"
    other: str | None = None

    def compare(self, frame: pd.DataFrame) -> Pairs:
        usual = ~frame["currency"].isin(_CURRENCIES.values())
        for country, currency in _CURRENCIES.items():
            usual |= ((frame["country_code"] == country) & (frame["currency"] == currency)).fillna(False)
        return [_none_may_be(~usual.astype(bool), frame["currency"].notna() & frame["country_code"].notna())]

    def derive(self, frame: pd.DataFrame) -> dict[str, Any]:
        return {}

    def explain(self, row: Row) -> tuple[str, dict[str, object]]:
        return self.name, {"label": self.field, "value": row["currency"], "usual": _CURRENCIES.get(row["country_code"], "EUR")}


def count_union(whole: str, women: str, roma: str, both: str) -> Callable[[pd.DataFrame], pd.Series[float]]:
    """How many persons more than ``whole`` the women and the Roma make together, counting Roma women once."""

    def count(frame: pd.DataFrame) -> pd.Series[float]:
        numbers = {field: frame[field].astype(float) for field in (whole, women, roma, both)}
        return numbers[women] + numbers[roma] - numbers[both] - numbers[whole]

    return count


def divide(numerator: str, denominator: str) -> Callable[[pd.DataFrame], pd.Series[float]]:
    """A measure: one column per unit of another; unknown where either is, and where nothing is divided by zero."""

    def ratio(frame: pd.DataFrame) -> pd.Series[float]:
        parts = frame[denominator].astype(float)
        return frame[numerator].astype(float) / parts.where(parts != 0)

    return ratio


def _is_exact(row: Row, *fields: str) -> bool:
    qualifiers = (row.get(f"{field}_qualifier") for field in fields)
    return not any(isinstance(qualifier, str) and qualifier != "exact" for qualifier in qualifiers)


def _round(value: float) -> int | Decimal:
    """A computed figure as a person would quote it: whole, or with two places."""
    return int(value) if value == int(value) else Decimal(f"{value:.2f}")


def _figures(column: pd.Series[Any]) -> NDArray[np.float64]:
    import numpy as np

    return np.asarray(column.astype(float).to_numpy(float, na_value=np.nan), dtype=np.float64)


def _days(column: pd.Series[Any]) -> NDArray[np.float64]:
    """Dates as days; NaN where there is none."""
    import numpy as np
    import pandas as pd

    days = pd.to_datetime(column).to_numpy("datetime64[D]", na_value=np.datetime64("NaT"))
    return np.where(np.isnat(days), np.nan, days.astype(np.int64)).astype(np.float64)


def _take_only(frame: pd.DataFrame, figures: NDArray[np.float64], only: Only | None) -> NDArray[np.float64]:
    """The figures of the rows that a rule applies to."""
    import numpy as np

    return figures if only is None else np.where(frame[only[0]].eq(only[1]).fillna(False).to_numpy(bool), figures, np.nan).astype(np.float64)


def _within(figures: NDArray[np.float64], low: NDArray[np.float64] | None, high: NDArray[np.float64] | None) -> Pairs:
    """How far figures lie beyond either of two ends, each included, which may be by nothing at most; None where there is no such end."""
    import numpy as np

    beyond = [*([low - figures] if low is not None else ()), *([figures - high] if high is not None else ())]
    return [(np.maximum.reduce(beyond), np.zeros(len(figures)))]


def _everywhere(frame: pd.DataFrame, figure: float) -> NDArray[np.float64]:
    import numpy as np

    return np.full(len(frame), figure)


def _none_may_be(is_so: pd.Series[bool], is_known: pd.Series[bool]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Something that may be so in none of the rows in which it is known."""
    import numpy as np

    return np.where(is_known.to_numpy(bool), is_so.to_numpy(bool), np.nan).astype(np.float64), np.zeros(len(is_so))
