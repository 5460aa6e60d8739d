"""Fair comparison: limits within which chance alone would leave a municipality, and how sure its rank is.

Counts are taken as binomial (a share of cases) or Poisson (a rate per inhabitants). People who are engaged or trained together are not
independent, so true limits are somewhat wider; the page says so.
"""

from typing import Literal, cast

import numpy as np
import numpy.typing as npt
import pandas
from scipy import stats

from dashboards.components.language import CURRENCIES, SHARES

Kind = Literal["share", "rate"]
Numbers = npt.NDArray[np.float64]
PER_1000 = "per 1,000 inhabitants"
COUNTED_BY_HEAD = frozenset({"persons", "households"})
# Funnel limits are drawn at two and at three standard errors of a normal distribution: Spiegelhalter (2005), Statistics in Medicine 24.
COVERAGES = {"95": 0.95, "998": 0.998}
DRAWS = 4000


def take_per_head(places: pandas.DataFrame, unit: str) -> pandas.DataFrame:
    """The same places with their value per 1,000 inhabitants (an amount: per inhabitant); null where value or population is not known."""
    population = places["population"].astype("Float64").where(lambda inhabitants: inhabitants > 0)
    value = places["value"].astype("Float64")
    taken = places.assign(numerator=value, denominator=population, value=value * scale_per_head(unit) / population)
    return taken.sort_values(["value", "municipality_code"], ascending=[False, True], na_position="last", ignore_index=True)


def scale_per_head(unit: str) -> int:
    """Amounts are compared per inhabitant, everything else per 1,000 of them."""
    return 1 if unit in CURRENCIES else 1000


def find_kind(places: pandas.DataFrame, unit: str, is_per_head: bool) -> Kind | None:
    """What chance does to the figure: to a share of cases, or to a rate of heads per inhabitants; None for amounts and plain counts."""
    if unit in SHARES and places["interval_low"].notna().any():
        return "share"
    return "rate" if unit == PER_1000 or (is_per_head and unit in COUNTED_BY_HEAD) else None


def compare_places(places: pandas.DataFrame, kind: Kind | None) -> pandas.DataFrame:
    """Add `rank` (1 is the greatest value, equal values share it), and for a `kind` what chance allows.

    Args:
        places: One row a municipality with its code, its city's (`parent_code`), value, numerator and denominator; null where not known.
        kind: See `find_kind`.

    Returns:
        The same rows with rank, rank_low, rank_high (95 % interval), low_95, high_95, low_998, high_998 (the limits around the group's
        own ratio, sum ÷ sum, a city municipality not again beside its city, in the value's scale) and chance: within, outside_95 or
        outside_998. Null where it cannot be said.
    """
    compared = places.assign(rank=places["value"].astype("Float64").rank(ascending=False, method="min").astype("Int64"))
    added = ("rank_low", "rank_high", *(f"{side}_{name}" for name in COVERAGES for side in ("low", "high")))
    compared = compared.assign(chance=None, **dict.fromkeys(added, np.nan))
    known = compared["value"].notna() & (compared["denominator"].astype("Float64") > 0).fillna(False)
    if kind is None or known.sum() < 2:
        return compared
    counts, sizes = (cast(Numbers, compared.loc[known, column].to_numpy(dtype=np.float64)) for column in ("numerator", "denominator"))
    scale = 1000.0 if kind == "rate" else 1.0
    compared.loc[known, "rank_low"], compared.loc[known, "rank_high"] = find_rank_intervals(counts, sizes, kind)
    stands_alone = ~compared.loc[known, "parent_code"].isin(compared.loc[known, "municipality_code"]).to_numpy(dtype=bool)
    overall = counts[stands_alone].sum() / sizes[stands_alone].sum()
    values, chance = counts / sizes, np.full(len(counts), "within", dtype=object)
    for name, coverage in COVERAGES.items():
        low, high = find_limits(overall, sizes, kind, coverage)
        compared.loc[known, f"low_{name}"], compared.loc[known, f"high_{name}"] = low * scale, high * scale
        chance[(values < low) | (values > high)] = f"outside_{name}"
    compared.loc[known, "chance"] = chance
    return compared


def find_limits(overall: float, sizes: Numbers, kind: Kind, coverage: float) -> tuple[Numbers, Numbers]:
    """The limits of a funnel: between them, ends included, a place of each size lies with at least probability `coverage` if its true
    ratio is `overall`.

    They are the quantiles themselves. Interpolated ones, as Spiegelhalter draws them, run below the greatest count that a small place can
    have, so that three of three would already stand out where three of five are usual.
    """
    expected = stats.binom(sizes.round(), min(overall, 1.0)) if kind == "share" else stats.poisson(overall * sizes)
    low, high = (np.maximum(expected.ppf(probability), 0) / sizes for probability in ((1 - coverage) / 2, (1 + coverage) / 2))
    return cast(Numbers, low), cast(Numbers, high)


def find_rank_intervals(counts: Numbers, sizes: Numbers, kind: Kind) -> tuple[Numbers, Numbers]:
    """The 95 % interval of each place's rank: ranks over draws of the true ratios given the counts, with Jeffreys' prior.

    After Goldstein and Spiegelhalter (1996), Journal of the Royal Statistical Society A 159. The draws are the same every time.
    """
    chance = np.random.default_rng(1996)
    shape = (DRAWS, len(counts))
    rest = np.maximum(sizes - counts, 0)
    draws = chance.beta(counts + 0.5, rest + 0.5, shape) if kind == "share" else chance.gamma(counts + 0.5, 1 / sizes, shape)
    ranks = stats.rankdata(-draws, method="min", axis=1)
    return np.floor(np.quantile(ranks, 0.025, axis=0)), np.ceil(np.quantile(ranks, 0.975, axis=0))
