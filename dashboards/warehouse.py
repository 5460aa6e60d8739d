"""The only SQL of the dashboard: questions to the published file, each answered as a data frame.

Every answer is cached under the build it came from; when `published/CURRENT` names another build, the new file is opened and old
answers are no longer used. Unless said otherwise an answer holds what is current (`recorded_to is null`) and whole figures
(all of every dimension). Frames keep DuckDB's types: whole numbers stay whole, money stays decimal, null stays null.
"""

import duckdb
import pandas
import pyarrow
import streamlit as st

from munimon.settings import Home, find_home
from publish.connections import connect
from publish.pointer import NothingPublished, Published

ALL = "all"
SECTIONS = (
    "engagements",
    "trainings",
    "equipment",
    "grants",
    "services",
    "local_plans",
    "household_support",
    "participations",
    "events",
    "observations",
)
WHOLE = "sex = 'all' and community = 'all' and age_group = 'all' and target_group = 'all'"
# Peers are municipalities of the same country and one of these classes of size: under 20, 50, 100 thousand inhabitants, and larger.
SIZE_CLASS = "case when population < 20000 then 1 when population < 50000 then 2 when population < 100000 then 3 when population >= 100000 then 4 end"


def find_build() -> str | None:
    """The name of the build being served; None where nothing has been published."""
    try:
        return Published(find_home().published).current_build()
    except NothingPublished:
        return None


@st.cache_resource(max_entries=2, show_spinner=False)
def _open(home: Home, build: str) -> duckdb.DuckDBPyConnection:
    return connect(home)


@st.cache_data(max_entries=512, show_spinner=False)
def _answer(_home: Home, folder: str, build: str, sql: str, values: tuple[object, ...]) -> pandas.DataFrame:
    with _open(_home, build).cursor() as cursor:
        cursor.execute("use published")
        answer: pyarrow.Table = cursor.execute(sql, [list(value) if isinstance(value, tuple) else value for value in values]).to_arrow_table()
    return answer.to_pandas(types_mapper=pandas.ArrowDtype)


def ask(sql: str, *values: object) -> pandas.DataFrame:
    """The answer of the build being served to one parametrised query; a tuple becomes a list."""
    home = find_home()
    return _answer(home, str(home.folder), Published(home.published).current_build(), sql, values)


def read_programmes() -> pandas.DataFrame:
    """All programmes: titles by language, country (null: several), municipalities stated, and whether it is synthetic."""
    return ask("select * from marts.dim_programmes order by is_synthetic, programme_id")


def read_countries() -> tuple[str, ...]:
    """The country codes that have municipalities."""
    return tuple(ask("select distinct country_code from marts.dim_municipalities order by country_code desc")["country_code"])


def read_municipalities() -> pandas.DataFrame:
    """All municipalities with names in both scripts, place on the map, population and class of size (1 to 4, null where unknown)."""
    return ask(f"select *, {SIZE_CLASS} as size_class from marts.dim_municipalities order by municipality_code")


def read_indicators() -> pandas.DataFrame:
    """The definitions in force, one row per indicator, in the order of the reference table where it has one."""
    return ask("""
        select * from marts.dim_indicators
        qualify row_number() over (partition by indicator_code order by valid_from desc nulls last, definition_version desc) = 1
    """)


def read_periods(programmes: tuple[str, ...]) -> tuple[str, ...]:
    """Years, then their parts, latest first, for which any of the programmes has figures."""
    periods = ask(
        """
        select period_id from marts.indicator_totals
        where list_contains(?, programme_id) and recorded_to is null and period_start is not null and period_id <> 'to-date'
        group by period_id
        order by length(period_id) > 4, max(period_start) desc, period_id
        """,
        programmes,
    )
    return tuple(periods["period_id"])


# How figures of several programmes become one: sums are added and a ratio is sum ÷ sum. What is no sum (inhabitants, distinct municipalities)
# is the same in each programme of one municipality; above it only the models can tell, and the figure stays null. One row passes as it is.
OVER_NUMERATORS = "case when any_value(numerator_over) = 'sum' then sum(numerator) when any_value(level) = 'municipality' then max(numerator) end"
OVER_DENOMINATORS = "case when any_value(denominator_over) = 'sum' then sum(denominator) when any_value(level) = 'municipality' then max(denominator) end"
SUMS = f"""
    case
        when count(*) = 1 then any_value(value)
        when any_value(denominator_measure) is null then any_value(scale) * {OVER_NUMERATORS}
        else
            any_value(scale) * {OVER_NUMERATORS}
            / nullif({OVER_DENOMINATORS}, 0)
    end as value,
    case when count(*) = 1 then any_value(value_low) else sum(value_low * whole) / nullif(sum(whole), 0) end as value_low,
    case when count(*) = 1 then any_value(value_high) else sum(value_high * whole) / nullif(sum(whole), 0) end as value_high,
    case when count(*) = 1 then any_value(interval_low) end as interval_low,
    case when count(*) = 1 then any_value(interval_high) end as interval_high,
    {OVER_NUMERATORS} as numerator,
    {OVER_DENOMINATORS} as denominator,
    sum(whole) as whole,
    case when count(*) = 1 then any_value(known_share) else sum(denominator) / nullif(sum(whole), 0) end as known_share,
    case
        when bool_and(qualifier is null) then null
        when count(distinct qualifier) filter (where qualifier <> 'exact') = 0 then 'exact'
        when count(distinct qualifier) filter (where qualifier <> 'exact') = 1 then max(qualifier) filter (where qualifier <> 'exact')
        else 'about'
    end as qualifier,
    bool_and(is_complete) as is_complete
"""
TOTALS = f"""
    select
        totals.*, indicators.scale, indicators.denominator_measure, numerators.over_programmes as numerator_over,
        denominators.over_programmes as denominator_over
    from marts.indicator_totals as totals
    inner join marts.dim_indicators as indicators using (indicator_code, definition_version)
    inner join marts.dim_measures as numerators on indicators.numerator_measure = numerators.measure_code
    left join marts.dim_measures as denominators on indicators.denominator_measure = denominators.measure_code
    where totals.recorded_to is null and {WHOLE}
"""


def read_totals(level: str, place: str, programmes: tuple[str, ...], period: str) -> pandas.DataFrame:
    """One row per indicator for a place: value, bounds, interval, parts of the ratio, known share, qualifier, completeness.

    `programmes` is `('all',)`, one programme, or several; see `SUMS` for how several become one.
    """
    return ask(
        f"""
        with totals as ({TOTALS})

        select indicator_code, {SUMS}
        from totals
        where level = ? and place_code = ? and list_contains(?, programme_id) and period_id = ?
        group by indicator_code
        order by indicator_code
        """,
        level,
        place,
        programmes,
        period,
    )


def read_places(indicator: str, country: str, programmes: tuple[str, ...], period: str) -> pandas.DataFrame:
    """One indicator by municipality, greatest first, columns as in `read_totals`; municipalities that have no row are left out."""
    return ask(
        f"""
        with

        totals as ({TOTALS}),

        places as (

            select place_code as municipality_code, {SUMS}
            from totals
            where level = 'municipality' and indicator_code = ? and list_contains(?, programme_id) and period_id = ?
            group by place_code

        )

        select places.*, municipalities.country_code, municipalities.name_latn, municipalities.name_cyrl
        from places
        inner join marts.dim_municipalities as municipalities using (municipality_code)
        where ? = 'all' or municipalities.country_code = ?
        order by places.value desc nulls last, municipality_code
        """,
        indicator,
        programmes,
        period,
        country,
        country,
    )


def read_history(municipality: str, indicator: str, programmes: tuple[str, ...]) -> pandas.DataFrame:
    """One indicator of one municipality by period (all but to date), columns as in `read_totals`, beside the quartiles of its peers.

    Peers are the other municipalities of the same country and class of size with a known value; `peers` says how many.
    """
    return ask(
        f"""
        with

        totals as ({TOTALS}),

        classes as (

            select municipality_code, country_code, {SIZE_CLASS} as size_class from marts.dim_municipalities

        ),

        peers as (

            select other.municipality_code
            from classes as other
            inner join classes as own using (country_code, size_class)
            where own.municipality_code = ? and other.municipality_code <> ?

        ),

        sums as (

            select place_code, period_id, min(period_start) as period_start, max(period_end) as period_end, {SUMS}
            from totals
            where level = 'municipality' and indicator_code = ? and list_contains(?, programme_id)
            group by place_code, period_id

        ),

        medians as (

            select
                sums.period_id,
                quantile_cont(sums.value, 0.25) as peers_low,
                median(sums.value) as peers_median,
                quantile_cont(sums.value, 0.75) as peers_high,
                count(sums.value) as peers
            from sums
            inner join peers on sums.place_code = peers.municipality_code
            group by sums.period_id

        )

        select sums.*, medians.peers_low, medians.peers_median, medians.peers_high, coalesce(medians.peers, 0) as peers
        from sums
        left join medians using (period_id)
        where sums.place_code = ?
        order by sums.period_start nulls first, sums.period_id
        """,
        municipality,
        municipality,
        indicator,
        programmes,
        municipality,
    )


def count_places_known(country: str, programmes: tuple[str, ...], period: str) -> pandas.DataFrame:
    """Per indicator: in how many municipalities its value is known, and in how many it was reported at all."""
    return ask(
        f"""
        select
            totals.indicator_code,
            count(distinct totals.place_code) filter (where totals.value is not null) as known_places,
            count(distinct totals.place_code) as places
        from marts.indicator_totals as totals
        inner join marts.dim_municipalities as municipalities on totals.place_code = municipalities.municipality_code
        where
            totals.level = 'municipality' and list_contains(?, totals.programme_id) and totals.period_id = ? and totals.recorded_to is null
            and {WHOLE} and (? = 'all' or municipalities.country_code = ?)
        group by totals.indicator_code
        """,
        programmes,
        period,
        country,
        country,
    )


def read_peers(municipality: str, programmes: tuple[str, ...], period: str) -> pandas.DataFrame:
    """Per indicator the median of a municipality's peers and how many of them have a known value; peers as in `read_history`."""
    return ask(
        f"""
        with

        totals as ({TOTALS}),

        classes as (

            select municipality_code, country_code, {SIZE_CLASS} as size_class from marts.dim_municipalities

        ),

        sums as (

            select place_code, indicator_code, {SUMS}
            from totals
            where level = 'municipality' and list_contains(?, programme_id) and period_id = ?
            group by place_code, indicator_code

        )

        select sums.indicator_code, median(sums.value) as peers_median, count(sums.value) as peers
        from sums
        inner join classes as other on sums.place_code = other.municipality_code
        inner join classes as own using (country_code, size_class)
        where own.municipality_code = ? and other.municipality_code <> ?
        group by sums.indicator_code
        """,
        programmes,
        period,
        municipality,
        municipality,
    )


def read_reached(country: str, programmes: tuple[str, ...]) -> pandas.DataFrame:
    """Municipalities supported, one row each: in how many of the programmes, and in which."""
    return ask(
        """
        select
            participations.municipality_code,
            count(distinct participations.programme_id) as programmes,
            string_agg(distinct participations.programme_id, ', ' order by participations.programme_id) as programme_ids
        from marts.fct_participations as participations
        inner join marts.dim_municipalities as municipalities using (municipality_code)
        where
            participations.role = 'supported' and participations.recorded_to is null and list_contains(?, participations.programme_id)
            and (? = 'all' or municipalities.country_code = ?)
        group by participations.municipality_code
        """,
        programmes,
        country,
        country,
    )


def read_programme_summary(programmes: tuple[str, ...]) -> pandas.DataFrame:
    """The programmes in view: municipalities named and stated, who funds and implements, reports received."""
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

            select programme_id, count(*) as submissions
            from marts.fct_submissions
            where status in ('accepted', 'partly_accepted')
            group by programme_id

        )

        select programmes.*, supported.municipalities_named, organisations.funding, organisations.implementing, coalesce(received.submissions, 0) as submissions
        from marts.dim_programmes as programmes
        left join supported using (programme_id)
        left join organisations using (programme_id)
        left join received using (programme_id)
        where list_contains(?, programmes.programme_id)
        order by programmes.is_synthetic, programmes.programme_id
        """,
        programmes,
    )


def read_reporting(country: str, programmes: tuple[str, ...], period: str) -> pandas.DataFrame:
    """Expected reports: due, sent, received, on time; `period` a year, a part of one, or `to-date` for all."""
    return ask(
        """
        select reporting.*, municipalities.name_latn, municipalities.name_cyrl
        from marts.fct_reporting as reporting
        inner join marts.dim_municipalities as municipalities using (municipality_code)
        where
            list_contains(?, reporting.programme_id) and (? = 'all' or municipalities.country_code = ?)
            and (? = 'to-date' or starts_with(reporting.period_id, ?))
        order by reporting.period_start, reporting.municipality_code
        """,
        programmes,
        country,
        country,
        period,
        period,
    )


def read_involved(country: str, programmes: tuple[str, ...]) -> pandas.DataFrame:
    """Municipalities that take part in or sent something to any of the programmes."""
    return ask(
        """
        with

        involved as (

            select municipality_code from marts.fct_participations where recorded_to is null and list_contains(?, programme_id)
            union
            select municipality_code from marts.fct_submissions where list_contains(?, programme_id)

        )

        select municipalities.*
        from marts.dim_municipalities as municipalities
        inner join involved using (municipality_code)
        where ? = 'all' or municipalities.country_code = ?
        order by municipalities.name_latn, municipality_code
        """,
        programmes,
        programmes,
        country,
        country,
    )


def read_section(section: str, municipality: str, programmes: tuple[str, ...]) -> pandas.DataFrame:
    """All that stands in one section for one municipality, with the file, sheet and row each statement comes from."""
    if section not in SECTIONS:
        raise KeyError(section)
    return ask(
        f"""
        select facts.*, submissions.file_name
        from marts.fct_{section} as facts
        left join marts.fct_submissions as submissions using (submission_id)
        where facts.municipality_code = ? and list_contains(?, facts.programme_id) and facts.recorded_to is null
        order by facts.programme_id, submissions.sent_at, facts.source_sheet, facts.source_row
        """,
        municipality,
        programmes,
    )


def read_submissions(municipality: str, programmes: tuple[str, ...]) -> pandas.DataFrame:
    """What one municipality sent, latest first, with the number of findings."""
    return ask(
        """
        select submissions.*, count(findings.submission_id) as findings
        from marts.fct_submissions as submissions
        left join marts.fct_findings as findings using (submission_id)
        where submissions.municipality_code = ? and list_contains(?, submissions.programme_id)
        group by all
        order by submissions.sent_at desc, submissions.submission_id
        """,
        municipality,
        programmes,
    )


def read_statements(measures: tuple[str, ...], country: str, municipality: str, programmes: tuple[str, ...], period: str) -> pandas.DataFrame:
    """The statements that give measures their values: file, sheet, row; `municipality` a code or `all`, at most 500 rows."""
    return ask(
        f"""
        select
            measures.measure_code, measures.value, measures.municipality_code, measures.programme_id, measures.period_id,
            submissions.file_name, measures.submission_id, measures.source_sheet, measures.source_row
        from marts.fct_measures as measures
        left join marts.fct_submissions as submissions using (submission_id)
        left join marts.dim_municipalities as municipalities on measures.municipality_code = municipalities.municipality_code
        where
            list_contains(?, measures.measure_code) and list_contains(?, measures.programme_id) and measures.recorded_to is null
            and (? = 'all' or municipalities.country_code = ?) and (? = 'all' or measures.municipality_code = ?)
            and (? = 'to-date' or starts_with(measures.period_id, ?)) and measures.value is not null and {WHOLE}
        order by measures.municipality_code, measures.period_id, measures.measure_code, measures.source_row
        limit 500
        """,
        measures,
        programmes,
        country,
        country,
        municipality,
        municipality,
        period,
        period,
    )


def read_findings(country: str, programmes: tuple[str, ...], period: str) -> pandas.DataFrame:
    """Findings of submissions in view, errors first; those of submissions whose municipality or programme is unclear always belong."""
    return ask(
        """
        select
            findings.severity, findings.rule, findings.sheet, findings.cell, findings.field, findings.value_as_reported, findings.message_en,
            submissions.file_name, submissions.submission_id, submissions.status, submissions.programme_id, submissions.period_id,
            submissions.sent_at, submissions.municipality_code
        from marts.fct_findings as findings
        inner join marts.fct_submissions as submissions using (submission_id)
        left join marts.dim_municipalities as municipalities using (municipality_code)
        where
            (submissions.programme_id is null or list_contains(?, submissions.programme_id))
            and (? = 'all' or municipalities.country_code is null or municipalities.country_code = ?)
            and (? = 'to-date' or submissions.period_id is null or starts_with(submissions.period_id, ?))
        order by findings.severity, submissions.sent_at desc, submissions.file_name, findings.sheet, findings.cell
        """,
        programmes,
        country,
        country,
        period,
        period,
    )


def read_quarantined_rows(country: str, programmes: tuple[str, ...], period: str) -> pandas.DataFrame:
    """Rows that were kept out of all figures, each with its file, sheet and row."""
    return ask(
        """
        select quarantined.*, submissions.file_name
        from marts.fct_quarantined_rows as quarantined
        inner join marts.fct_submissions as submissions using (submission_id)
        left join marts.dim_municipalities as municipalities on submissions.municipality_code = municipalities.municipality_code
        where
            list_contains(?, submissions.programme_id)
            and (? = 'all' or municipalities.country_code is null or municipalities.country_code = ?)
            and (? = 'to-date' or starts_with(submissions.period_id, ?))
        order by submissions.file_name, quarantined.source_sheet, quarantined.source_row
        """,
        programmes,
        country,
        country,
        period,
        period,
    )
