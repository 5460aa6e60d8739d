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
    import pandas as pd
    from great_expectations.expectations.expectation import Expectation

    from expectations.ranges import Range

Row: TypeAlias = Mapping[str, Any]
Only: TypeAlias = tuple[str, str]
"""A column and the code it must hold for the rule to apply."""

ROUGH_UNITS_PER_EUR = {"EUR": Decimal(1), "RSD": Decimal(117), "MKD": Decimal("61.5")}
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

    def derive(self, frame: pd.DataFrame) -> dict[str, Any]:
        """The columns the rule needs beyond the reported ones."""
        ...

    @property
    def compared(self) -> tuple[str, ...]:
        """The columns in which a row must say something for the rule to judge it."""
        ...

    def expect(self) -> Expectation:
        """The rule as Great Expectations judges it."""
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

    @property
    def compared(self) -> tuple[str, ...]:
        return (_column_of(self.field, self.only), self.other)

    def derive(self, frame: pd.DataFrame) -> dict[str, Any]:
        return _take_only(frame, frame[self.field], self.field, self.only) if self.only else {}

    def expect(self) -> Expectation:
        return _expect_pair(greater=self.other, smaller=_column_of(self.field, self.only))

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

    @property
    def compared(self) -> tuple[str, ...]:
        return (f"{self.field}_latest", f"{self.other}_earliest")

    def derive(self, frame: pd.DataFrame) -> dict[str, Any]:
        import pandas as pd

        return {column: pd.to_datetime(frame[column]) for column in self.compared}

    def expect(self) -> Expectation:
        return _expect_pair(greater=f"{self.field}_latest", smaller=f"{self.other}_earliest")

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

    @property
    def compared(self) -> tuple[str, ...]:
        return (_column_of(self.column, self.only),)

    def derive(self, frame: pd.DataFrame) -> dict[str, Any]:
        figures = frame[self.field] if self.measure is None else self.measure(frame)
        return {self.column: figures} | (_take_only(frame, figures, self.column, self.only) if self.only else {})

    def expect(self) -> Expectation:
        return _expect_between(_column_of(self.column, self.only), self.low, self.high)

    def explain(self, row: Row) -> tuple[str, dict[str, object]]:
        value = row[self.column] if self.measure is None else _round(row[self.column])
        name = self.name if _is_exact(row, *self.parts) else self.name_if_qualified
        return name, {"label": self.field, "value": value, "low": self.low, "high": self.high}


@dataclass(frozen=True)
class Usual:
    """A figure, or a ratio of two (``numerator/denominator``), is what it usually is: the range of the row's own programme, else of all.

    One expectation whatever the number of programmes and currencies: how far the figure lies outside its row's range is never more than nothing.
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

    @property
    def column(self) -> str:
        return f"{self.key} beyond its range"

    def derive(self, frame: pd.DataFrame) -> dict[str, Any]:
        import numpy as np
        import pandas as pd

        low, high = (self._ends(frame, end) for end in ("low", "high"))
        figure = divide(self.field, self.other)(frame) if self.other else frame[self.field].astype(float)
        # an end that is not given is none, one in a currency that is not known is not known
        beyond = np.maximum(low - figure.to_numpy(float, na_value=np.nan), figure.to_numpy(float, na_value=np.nan) - high)
        columns = {self.column: beyond, f"{self.key} low": low, f"{self.key} high": high, f"{self.key} figure": figure}
        return {name: pd.Series(values, index=frame.index) for name, values in columns.items()}

    @property
    def compared(self) -> tuple[str, ...]:
        return (self.column,)

    def expect(self) -> Expectation:
        return _expect_between(self.column, None, 0)

    def explain(self, row: Row) -> tuple[str, dict[str, object]]:
        value = _round(row[f"{self.key} figure"]) if self.other else row[self.field]
        ends = {end: _round(row[f"{self.key} {end}"]) if math.isfinite(row[f"{self.key} {end}"]) else None for end in ("low", "high")}
        return self.name, {"label": self.field, "value": value, **ends, **({"other_label": self.other} if self.other else {})}

    def _ends(self, frame: pd.DataFrame, end: str) -> Any:
        import numpy as np

        rate = frame["currency"].map(ROUGH_UNITS_PER_EUR).astype(float).to_numpy() if self.is_amount else 1.0
        ends = np.full(len(frame), np.nan)
        programmes = frame["programme_id"].to_numpy(object, na_value="")
        for each in sorted(self.ranges, key=lambda each: each.programme_id):
            limit = getattr(each, end)
            limits = (-np.inf if end == "low" else np.inf) if limit is None else float(limit)
            ends = np.where((each.programme_id == "") | (programmes == each.programme_id), limits, ends)
        return ends * rate


@dataclass(frozen=True)
class NoneOther:
    """What another row or sheet of the report holds does not contradict ``field``: ``column`` names the place of what does, and is else empty."""

    field: str
    column: str
    reason: str
    name: str
    other: str | None = None

    @property
    def compared(self) -> tuple[str, ...]:
        return (self.field,)

    def derive(self, frame: pd.DataFrame) -> dict[str, Any]:
        return {}

    def expect(self) -> Expectation:
        from great_expectations.expectations.core.expect_column_values_to_be_null import ExpectColumnValuesToBeNull

        return ExpectColumnValuesToBeNull(column=self.column)

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

    @property
    def compared(self) -> tuple[str, ...]:
        return (f"{self.field}_earliest", "period_end")

    def derive(self, frame: pd.DataFrame) -> dict[str, Any]:
        import pandas as pd

        return {column: pd.to_datetime(frame[column]) for column in self.compared}

    def expect(self) -> Expectation:
        return _expect_pair(greater="period_end", smaller=f"{self.field}_earliest")

    def explain(self, row: Row) -> tuple[str, dict[str, object]]:
        return self.name, {"label": self.field, "value": row[f"{self.field}_edtf"], "period": row["period_end"].date()}


@dataclass(frozen=True)
class OwnCurrency:
    """The currency is that of the country of the municipality on the first sheet, or the euro."""

    field: str = "currency"
    reason: str = "Municipalities account in their country's currency or in euro; another is usually a slip, and changes the sum sixtyfold."
    name: str = "currency_of_another_country"
    other: str | None = None

    @property
    def compared(self) -> tuple[str, ...]:
        return ("currency of country",)

    def derive(self, frame: pd.DataFrame) -> dict[str, Any]:
        return {"currency of country": frame["country_code"] + " " + frame["currency"]}

    def expect(self) -> Expectation:
        from great_expectations.expectations.core.expect_column_values_to_be_in_set import ExpectColumnValuesToBeInSet

        usual = [f"{country} {currency}" for country, own in _CURRENCIES.items() for currency in (own, "EUR")]
        return ExpectColumnValuesToBeInSet(column="currency of country", value_set=usual)

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
    return lambda frame: frame[numerator].astype(float) / frame[denominator].astype(float)


def _is_exact(row: Row, *fields: str) -> bool:
    qualifiers = (row.get(f"{field}_qualifier") for field in fields)
    return not any(isinstance(qualifier, str) and qualifier != "exact" for qualifier in qualifiers)


def _round(value: float) -> int | Decimal:
    """A computed figure as a person would quote it: whole, or with two places."""
    return int(value) if value == int(value) else Decimal(f"{value:.2f}")


def _column_of(column: str, only: Only | None) -> str:
    """The column that a rule looks at: where it applies to some rows only, one that says nothing in the others."""
    return f"{column} where {only[0]} is {only[1]}" if only else column


def _take_only(frame: pd.DataFrame, figures: pd.Series[Any], column: str, only: Only) -> dict[str, Any]:
    # a condition of Great Expectations would be a query over all columns, once an expectation
    return {_column_of(column, only): figures.where(frame[only[0]].eq(only[1]).fillna(False).astype(bool))}


def _expect_between(column: str, low: Decimal | int | None, high: Decimal | int | None) -> Expectation:
    from great_expectations.expectations.core.expect_column_values_to_be_between import ExpectColumnValuesToBeBetween

    least, most = (None if end is None else float(end) for end in (low, high))
    return ExpectColumnValuesToBeBetween(column=column, min_value=least, max_value=most)


def _expect_pair(greater: str, smaller: str) -> Expectation:
    from great_expectations.expectations.core.expect_column_pair_values_a_to_be_greater_than_b import ExpectColumnPairValuesAToBeGreaterThanB

    return ExpectColumnPairValuesAToBeGreaterThanB(column_A=greater, column_B=smaller, or_equal=True, ignore_row_if="either_value_is_missing")
