"""Indicators: of one place, of all places, over time and beside its peers."""

import pandas

from dashboards.warehouse.published import WHOLE, ask

TOTALS = f"select * from marts.indicator_totals where recorded_to is null and {WHOLE}"  # noqa: S608 (our own words)
# Peers are municipalities of the same country and one of these classes of size: under 20, 50, 100 thousand inhabitants, and larger.
SIZE_CLASS = "case when population < 20000 then 1 when population < 50000 then 2 when population < 100000 then 3 when population >= 100000 then 4 end"


def read_totals(level: str, place: str, programme: str, period: str) -> pandas.DataFrame:
    """One row per indicator for a place: value, bounds, interval, parts of the ratio, known share, qualifier, completeness."""
    return ask(
        f"""
        with totals as ({TOTALS})

        select * from totals
        where level = $level and place_code = $place and programme_id = $programme and period_id = $period
        order by indicator_code
        """,  # noqa: S608 (our own words)
        level=level,
        place=place,
        programme=programme,
        period=period,
    )


def read_places(indicator: str, country: str, programme: str, period: str) -> pandas.DataFrame:
    """One indicator by municipality, greatest first, columns as in `read_totals`; municipalities that have no row are left out.

    With each municipality's `size_class`, 1 to 4, null where its population is not known.
    """
    return ask(
        f"""
        with totals as ({TOTALS})

        select totals.*, municipalities.* exclude (level), {SIZE_CLASS} as size_class
        from totals
        inner join marts.dim_municipalities as municipalities on totals.place_code = municipalities.municipality_code
        where
            totals.level = 'municipality' and totals.indicator_code = $indicator and totals.programme_id = $programme
            and totals.period_id = $period and ($country = 'all' or municipalities.country_code = $country)
        order by totals.value desc nulls last, municipalities.municipality_code
        """,  # noqa: S608 (our own words)
        indicator=indicator,
        country=country,
        programme=programme,
        period=period,
    )


def count_places_known(country: str, programmes: tuple[str, ...], period: str) -> pandas.DataFrame:
    """Per indicator: municipalities of which a figure is known, and those that reported on it at all."""
    return ask(
        f"""
        select
            figures.indicator_code,
            count(distinct figures.municipality_code) filter (where figures.value is not null) as known_places,
            count(distinct figures.municipality_code) as places
        from marts.indicator_values as figures
        inner join marts.dim_municipalities as municipalities using (municipality_code)
        where
            list_contains($programmes, figures.programme_id) and ($period = 'to-date' or starts_with(figures.period_id, $period))
            and figures.recorded_to is null and {WHOLE} and ($country = 'all' or municipalities.country_code = $country)
        group by figures.indicator_code
        """,  # noqa: S608 (our own words)
        country=country,
        programmes=programmes,
        period=period,
    )


PEERS = f"""
    with

    totals as ({TOTALS}),

    classes as (

        select municipality_code, country_code, {SIZE_CLASS} as size_class from marts.dim_municipalities

    ),

    peers as (

        select other.municipality_code
        from classes as other
        inner join classes as own using (country_code, size_class)
        where own.municipality_code = $municipality and other.municipality_code <> own.municipality_code

    ),

    medians as (

        select
            totals.indicator_code,
            totals.period_id,
            min(totals.period_start) as period_start,
            quantile_cont(totals.value, 0.25) as peers_low,
            median(totals.value) as peers_median,
            quantile_cont(totals.value, 0.75) as peers_high,
            count(totals.value) as peers
        from totals
        inner join peers on totals.place_code = peers.municipality_code
        where totals.level = 'municipality' and totals.programme_id = $programme
        group by totals.indicator_code, totals.period_id

    ),

    own as (

        select * from totals
        where level = 'municipality' and place_code = $municipality and programme_id = $programme

    )
"""  # noqa: S608 (our own words)


def read_figures(municipality: str, programme: str, period: str) -> pandas.DataFrame:
    """One row per indicator of one municipality, columns as in `read_totals`, with the median of its peers and the number of those known."""
    return ask(
        f"""
        {PEERS}

        select own.*, medians.peers_median, coalesce(medians.peers, 0) as peers
        from own
        left join medians using (indicator_code, period_id)
        where own.period_id = $period
        order by own.indicator_code
        """,  # noqa: S608 (our own words)
        municipality=municipality,
        programme=programme,
        period=period,
    )


def read_history(municipality: str, indicator: str, programme: str) -> pandas.DataFrame:
    """One indicator by dated period: a municipality's value, null where it is not known, and the quartiles of its peers.

    With the version of the definition that the value follows, and the `restated` value where the table of indicators asks for a series that follows
    one definition throughout.
    """
    return ask(
        f"""
        {PEERS},

        restated as (

            select definitions.restates_indicator_code as indicator_code, own.period_id, any_value(own.value) as restated
            from own
            inner join marts.dim_indicators as definitions using (indicator_code)
            where definitions.restates_indicator_code is not null
            group by definitions.restates_indicator_code, own.period_id

        )

        select
            period_id, own.value, own.definition_version, restated.restated, medians.peers_low, medians.peers_median, medians.peers_high,
            coalesce(own.period_start, medians.period_start) as first_day
        from own
        full join medians using (indicator_code, period_id)
        left join restated using (indicator_code, period_id)
        where indicator_code = $indicator and coalesce(own.period_start, medians.period_start) is not null and period_id <> 'to-date'
        order by first_day, period_id
        """,  # noqa: S608 (our own words)
        municipality=municipality,
        indicator=indicator,
        programme=programme,
    )


def read_reached(country: str, programmes: tuple[str, ...]) -> pandas.DataFrame:
    """Municipalities supported, one row each, and by how many of the programmes."""
    return ask(
        """
        select participations.municipality_code, count(distinct participations.programme_id) as programmes
        from marts.fct_participations as participations
        inner join marts.dim_municipalities as municipalities using (municipality_code)
        where
            participations.role = 'supported' and participations.recorded_to is null
            and list_contains($programmes, participations.programme_id) and ($country = 'all' or municipalities.country_code = $country)
        group by participations.municipality_code
        """,
        country=country,
        programmes=programmes,
    )


def read_programme_summary(country: str, programmes: tuple[str, ...]) -> pandas.DataFrame:
    """The programmes: municipalities named and stated, who funds and implements, files in use from the country."""
    return ask(
        """
        with

        supported as (

            select programme_id, count(distinct municipality_code) as municipalities_named
            from marts.fct_participations
            where role = 'supported' and recorded_to is null
            group by programme_id

        ),

        organisations as (

            select
                programme_id,
                string_agg(distinct organisation_name, '; ') filter (where role = 'funding') as funding,
                string_agg(distinct organisation_name, '; ') filter (where role = 'implementing') as implementing
            from marts.bridge_programme_organisations
            group by programme_id

        ),

        received as (

            select programme_id, count(distinct file_sha256) as submissions
            from marts.fct_submissions
            left join marts.dim_municipalities as municipalities using (municipality_code)
            where
                status in ('accepted', 'partly_accepted')
                and ($country = 'all' or municipalities.country_code is null or municipalities.country_code = $country)
            group by programme_id

        )

        select
            programmes.*, supported.municipalities_named, organisations.funding, organisations.implementing,
            coalesce(received.submissions, 0) as submissions
        from marts.dim_programmes as programmes
        left join supported using (programme_id)
        left join organisations using (programme_id)
        left join received using (programme_id)
        where list_contains($programmes, programmes.programme_id)
        order by programmes.is_synthetic, programmes.country_code desc nulls last, programmes.programme_id
        """,
        country=country,
        programmes=programmes,
    )
