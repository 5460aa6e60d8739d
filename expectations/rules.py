"""The kinds of rule a section's suite is made of.

A rule names the finding it leads to (severity and wording stand with the messages of ``ingest``), the field whose cell is marked, and why it exists.
What is missing is unknown and never breaks a rule.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

if TYPE_CHECKING:
    import pandas as pd
    from great_expectations.expectations.expectation import Expectation
    from great_expectations.expectations.row_conditions import ComparisonCondition

Row: TypeAlias = Mapping[str, Any]
Only: TypeAlias = tuple[str, str]
"""A column and the code it must hold for the rule to apply."""

ROUGH_UNITS_PER_EUR = {"EUR": Decimal(1), "RSD": Decimal(117), "MKD": Decimal("61.5")}
"""Enough to tell a slipped decimal point or a wrong currency from a plausible amount; converted figures use the dated rates of the reference data."""


class Rule(Protocol):
    """A rule about the rows of one section."""

    @property
    def name(self) -> str: ...

    @property
    def field(self) -> str: ...

    @property
    def reason(self) -> str: ...

    def derive(self, frame: pd.DataFrame) -> dict[str, Any]:
        """The columns the rule needs beyond the reported ones."""
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

    def derive(self, frame: pd.DataFrame) -> dict[str, Any]:
        return {}

    def expect(self) -> Expectation:
        return _expect_pair(greater=self.other, smaller=self.field, only=self.only)

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

    def derive(self, frame: pd.DataFrame) -> dict[str, Any]:
        import pandas as pd

        return {column: pd.to_datetime(frame[column]) for column in (f"{self.field}_latest", f"{self.other}_earliest")}

    def expect(self) -> Expectation:
        return _expect_pair(greater=f"{self.field}_latest", smaller=f"{self.other}_earliest")

    def explain(self, row: Row) -> tuple[str, dict[str, object]]:
        dates = {"value": row[f"{self.field}_edtf"], "other_value": row[f"{self.other}_edtf"]}
        return self.name, {"label": self.field, "other_label": self.other, **dates}


@dataclass(frozen=True)
class Between:
    """``field``, or what ``measure`` makes of the frame, lies in a plausible range, both ends included.

    ``parts`` are the figures that a measure is made of, where a qualified one among them leaves ``name_if_qualified``.
    """

    field: str
    low: Decimal | int
    high: Decimal | int
    reason: str
    name: str = "unusual_value"
    only: Only | None = None
    measure: Callable[[pd.DataFrame], pd.Series[float]] | None = None
    parts: tuple[str, ...] = ()
    name_if_qualified: str = ""

    @property
    def column(self) -> str:
        return self.field if self.measure is None else f"{self.name} of {self.field}"

    def derive(self, frame: pd.DataFrame) -> dict[str, Any]:
        return {} if self.measure is None else {self.column: self.measure(frame)}

    def expect(self) -> Expectation:
        from great_expectations.expectations.core.expect_column_values_to_be_between import ExpectColumnValuesToBeBetween

        return ExpectColumnValuesToBeBetween(
            column=self.column, min_value=float(self.low), max_value=float(self.high), row_condition=_when_code_is(self.only)
        )

    def explain(self, row: Row) -> tuple[str, dict[str, object]]:
        value = row[self.column] if self.measure is None else _round(row[self.column])
        name = self.name if _is_exact(row, *self.parts) else self.name_if_qualified
        return name, {"label": self.field, "value": value, "low": self.low, "high": self.high}


def judge_amount(field: str, low_eur: int, high_eur: int, reason: str) -> tuple[Rule, ...]:
    """An amount lies in a plausible range given in euros and translated roughly into each of the currencies."""
    return tuple(
        Between(field, low_eur * per_eur, high_eur * per_eur, reason, name="unusual_amount", only=("currency", currency))
        for currency, per_eur in ROUGH_UNITS_PER_EUR.items()
    )


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


def _expect_pair(greater: str, smaller: str, only: Only | None = None) -> Expectation:
    from great_expectations.expectations.core.expect_column_pair_values_a_to_be_greater_than_b import ExpectColumnPairValuesAToBeGreaterThanB

    return ExpectColumnPairValuesAToBeGreaterThanB(
        column_A=greater, column_B=smaller, or_equal=True, ignore_row_if="either_value_is_missing", row_condition=_when_code_is(only)
    )


def _when_code_is(only: Only | None) -> ComparisonCondition | None:
    from great_expectations.expectations.row_conditions import Column

    return None if only is None else Column(only[0]) == only[1]
