"""Limits and ranks against figures worked out by hand and against the distributions themselves."""

import numpy as np
import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from dashboards.components.comparison import compare_places, find_kind, find_limits, find_rank_intervals, take_per_head


def places(*rows: tuple[str, float | None, float | None]) -> pandas.DataFrame:
    """Places with numerator and denominator; a share of them."""
    frame = pandas.DataFrame(rows, columns=["municipality_code", "numerator", "denominator"])
    return frame.assign(
        value=frame["numerator"].astype(float) / frame["denominator"].astype(float), interval_low=0.0, population=1000, parent_code=None
    )


@given(st.floats(0.02, 0.98), st.integers(1, 5000))
def test_limits_of_a_share_hold_what_the_binomial_distribution_holds(overall: float, size: int) -> None:
    (low,), (high,) = find_limits(overall, np.array([float(size)]), "share", 0.95)
    expected, least, most = stats.binom(size, overall), round(low * size), round(high * size)
    assert 0 <= low <= high <= 1
    assert expected.cdf(most) - expected.cdf(least - 1) >= 0.95 - 1e-9
    assert expected.cdf(least - 1) <= 0.025 and expected.sf(most) <= 0.025
    # one case less on either side would leave out more than chance may
    assert expected.cdf(least) >= 0.025 - 1e-9 and expected.sf(most - 1) >= 0.025 - 1e-9


def test_limits_approach_those_of_the_normal_distribution_where_places_are_large() -> None:
    (low,), (high,) = find_limits(0.5, np.array([10_000.0]), "share", 0.95)
    assert (round(low, 4), round(high, 4)) == (0.4902, 0.5098)  # 0.5 ∓ 1.96 × √(0.25 / 10,000)
    (low,), (high,) = find_limits(0.01, np.array([1_000_000.0]), "rate", 0.998)
    assert (low, high) == pytest.approx((0.01 - 3.09 * 1e-4, 0.01 + 3.09 * 1e-4), abs=2e-6)


def test_the_outer_limits_hold_the_inner_ones_and_widen_as_places_grow_small() -> None:
    sizes = np.array([5.0, 50.0, 500.0])
    inner, outer = (find_limits(0.3, sizes, "share", coverage) for coverage in (0.95, 0.998))
    assert (outer[0] <= inner[0]).all() and (inner[1] <= outer[1]).all()
    assert (np.diff(inner[1] - inner[0]) < 0).all()


def test_a_small_place_is_not_ranked_by_luck_and_a_large_one_stands_out() -> None:
    compared = compare_places(places(("large", 160, 200), ("small", 3, 3), ("usual", 100, 200), ("other", 98, 200)), "share")
    by_code = compared.set_index("municipality_code")
    assert dict(by_code["rank"]) == {"small": 1, "large": 2, "usual": 3, "other": 4}
    assert dict(by_code["chance"]) == {"large": "outside_998", "small": "within", "usual": "outside_95", "other": "outside_95"}
    assert [tuple(by_code.loc[code, ["rank_low", "rank_high"]]) for code in ("large", "small", "usual")] == [(1, 2), (1, 4), (3, 4)]


def test_what_is_not_known_has_no_rank_and_no_part_in_the_groups_ratio() -> None:
    compared = compare_places(places(("a", 10, 20), ("b", 5, 10), ("unknown", None, 30), ("nobody", 0, 0)), "share").set_index("municipality_code")
    assert compared["rank"].isna().to_dict() == {"a": False, "b": False, "unknown": True, "nobody": True}
    assert compared["chance"].isna().to_dict() == {"a": False, "b": False, "unknown": True, "nobody": True}
    alone = compare_places(places(("a", 10, 20), ("b", 5, 10)), "share").set_index("municipality_code")
    assert (compared.loc[["a", "b"], "high_95"] == alone["high_95"]).all()


def test_a_city_municipality_counts_once_in_the_groups_ratio() -> None:
    """50 of 1,000 in the city, 40 of 200 of them in its part, 50 of 1,000 beside them: the group's ratio is 100 of 2,000, and not 140 of 2,200."""
    group = places(("city", 50, 1000), ("part", 40, 200), ("other", 50, 1000))
    nested = compare_places(group.assign(parent_code=[None, "city", None]), "share").set_index("municipality_code")
    (low,), (high,) = find_limits(0.05, np.array([1000.0]), "share", 0.95)
    assert tuple(nested.loc["other", ["low_95", "high_95"]]) == (low, high)
    alone = compare_places(group.iloc[1:].assign(parent_code=["city", None]), "share").set_index("municipality_code")
    (low,), (high,) = find_limits(90 / 1200, np.array([1000.0]), "share", 0.95)
    assert tuple(alone.loc["other", ["low_95", "high_95"]]) == (low, high)


def test_a_rate_per_1000_is_of_the_places_own_inhabitants_and_unknown_without_them() -> None:
    frame = pandas.DataFrame(
        {"municipality_code": ["a", "b", "c"], "value": [30.0, None, 5.0], "population": [15_000, 1000, None], "interval_low": None}
    )
    taken = take_per_head(frame, "persons")
    assert list(taken["municipality_code"]) == ["a", "b", "c"]
    assert taken["value"].isna().tolist() == [False, True, True] and taken["value"][0] == 2.0
    assert take_per_head(frame, "EUR")["value"][0] == 30 / 15_000


def test_chance_is_told_of_heads_only() -> None:
    shares = places(("a", 1, 2))
    assert find_kind(shares, "share", False) == "share"
    assert find_kind(shares.assign(interval_low=None), "share", False) is None  # a share of money
    assert (find_kind(shares, "persons", True), find_kind(shares, "persons", False), find_kind(shares, "EUR", True)) == ("rate", None, None)


def test_intervals_of_ranks_are_the_same_every_time_and_full_where_nothing_differs() -> None:
    counts, sizes = np.full(5, 10.0), np.full(5, 20.0)
    low, high = find_rank_intervals(counts, sizes, "share")
    assert (low == 1).all() and (high == 5).all()
    again = find_rank_intervals(counts, sizes, "share")
    assert (again[0] == low).all() and (again[1] == high).all()
