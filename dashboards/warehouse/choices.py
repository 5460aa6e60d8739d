"""What the filters and headings name: programmes, countries, municipalities, indicators, measures, periods."""

import pandas

from dashboards.warehouse.published import ask


def read_programmes() -> pandas.DataFrame:
    """All programmes: titles by language, country (null: several), municipalities stated, and whether it is synthetic."""
    return ask("select * from marts.dim_programmes order by is_synthetic, country_code desc nulls last, programme_id")


def read_countries() -> tuple[str, ...]:
    """The country codes that have municipalities."""
    return tuple(ask("select distinct country_code from marts.dim_municipalities order by country_code desc")["country_code"])


def read_municipalities() -> pandas.DataFrame:
    """All municipalities with names in both scripts, place on the map and population."""
    return ask("select * from marts.dim_municipalities order by municipality_code")


def read_indicators() -> pandas.DataFrame:
    """The definitions in force, one row per indicator."""
    return ask("""
        select * from marts.dim_indicators
        qualify row_number() over (partition by indicator_code order by valid_from desc nulls last, definition_version desc) = 1
        order by title
    """)


def read_measures() -> pandas.DataFrame:
    """All measures: the section and field that give them, title and unit."""
    return ask("select * from marts.dim_measures order by measure_code")


def read_periods(programmes: tuple[str, ...]) -> tuple[str, ...]:
    """Years, then their parts, latest first, for which any of the programmes has a known figure."""
    periods = ask(
        """
        select period_id from marts.indicator_totals
        where
            list_contains($programmes, programme_id) and recorded_to is null and period_start is not null and period_id <> 'to-date'
            and value is not null
        group by period_id
        order by length(period_id) > 4, max(period_start) desc, period_id
        """,
        programmes=programmes,
    )
    return tuple(periods["period_id"])
