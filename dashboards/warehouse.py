"""The only SQL of the dashboard: questions to the published file, each answered as a data frame.

Every answer is cached under the build it came from; when `published/CURRENT` names another build, the new file is opened and old
answers are no longer used. Unless said otherwise an answer holds what is current (`recorded_to is null`) and whole figures
(all of every dimension). Frames keep DuckDB's types: whole numbers stay whole, money stays decimal, null stays null.

In all questions `country` is a code or `all`; `period` is `to-date`, a year or a part of one; `programmes` are ids; `programme` is an id, or
`all` for all but the synthetic ones: what is invented is never added to what was reported.
"""

import duckdb
import pandas
import pyarrow
import streamlit as st

from munimon.settings import Home, find_home
from publish.connections import connect
from publish.pointer import NothingPublished, Published

SECTIONS = (
    "engagements", "trainings", "equipment", "grants", "services", "local_plans", "household_support", "participations", "events", "observations",
)  # fmt: skip
WHOLE = "sex = 'all' and community = 'all' and age_group = 'all' and target_group = 'all'"
TOTALS = f"select * from marts.indicator_totals where recorded_to is null and {WHOLE}"  # noqa: S608 (our own words)
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
def _answer(_home: Home, folder: str, build: str, sql: str, values: dict[str, object]) -> pandas.DataFrame:
    with _open(_home, build).cursor() as cursor:
        # A cursor starts in the connection's first database, not in the one it uses.
        cursor.execute("use published")
        answer: pyarrow.Table = cursor.execute(sql, values).to_arrow_table()
    frame: pandas.DataFrame = answer.to_pandas(types_mapper=pandas.ArrowDtype)
    return frame


def ask(sql: str, **values: object) -> pandas.DataFrame:
    """The answer of the build being served to one query; `values` fill its $parameters, a tuple as a list."""
    home = find_home()
    filled = {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
    return _answer(home, str(home.folder), Published(home.published).current_build(), sql, filled)


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
    """One indicator by municipality, greatest first, columns as in `read_totals`; municipalities that have no row are left out."""
    return ask(
        f"""
        with totals as ({TOTALS})

        select totals.*, municipalities.* exclude (level)
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
    """One indicator by dated period: a municipality's value, null where it is not known, and the quartiles of its peers."""
    return ask(
        f"""
        {PEERS}

        select
            period_id, own.value, medians.peers_low, medians.peers_median, medians.peers_high,
            coalesce(own.period_start, medians.period_start) as first_day
        from own
        full join medians using (indicator_code, period_id)
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


def read_reporting(country: str, programmes: tuple[str, ...], period: str) -> pandas.DataFrame:
    """Reports that were expected: due, sent, received, on time."""
    return ask(
        """
        select reporting.*
        from marts.fct_reporting as reporting
        inner join marts.dim_municipalities as municipalities using (municipality_code)
        where
            list_contains($programmes, reporting.programme_id) and ($country = 'all' or municipalities.country_code = $country)
            and ($period = 'to-date' or starts_with(reporting.period_id, $period))
        order by reporting.period_start, reporting.municipality_code
        """,
        country=country,
        programmes=programmes,
        period=period,
    )


def read_involved(country: str, programmes: tuple[str, ...], counted: tuple[str, ...]) -> pandas.DataFrame:
    """Municipalities that take part in any of the programmes or reported to it, with the number of their reports to those `counted`."""
    return ask(
        """
        with

        sent as (

            select municipality_code, count(*) filter (where list_contains($counted, programme_id)) as submissions
            from marts.fct_submissions
            where list_contains($programmes, programme_id) and municipality_code is not null
            group by municipality_code

        ),

        involved as (

            select municipality_code from marts.fct_participations where recorded_to is null and list_contains($programmes, programme_id)
            union
            select municipality_code from sent

        )

        select municipalities.*, coalesce(sent.submissions, 0) as submissions
        from marts.dim_municipalities as municipalities
        inner join involved using (municipality_code)
        left join sent using (municipality_code)
        where $country = 'all' or municipalities.country_code = $country
        order by municipalities.municipality_code
        """,
        country=country,
        programmes=programmes,
        counted=counted,
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
        where facts.municipality_code = $municipality and list_contains($programmes, facts.programme_id) and facts.recorded_to is null
        order by facts.programme_id, submissions.sent_at, facts.source_sheet, facts.source_row
        """,  # noqa: S608 (one of our own names)
        municipality=municipality,
        programmes=programmes,
    )


def read_submissions(municipality: str, programmes: tuple[str, ...]) -> pandas.DataFrame:
    """What one municipality sent, latest first, with the number of findings."""
    return ask(
        """
        with findings as (select submission_id, count(*) as findings from marts.fct_findings group by submission_id)

        select submissions.*, coalesce(findings.findings, 0) as findings
        from marts.fct_submissions as submissions
        left join findings using (submission_id)
        where submissions.municipality_code = $municipality and list_contains($programmes, submissions.programme_id)
        order by submissions.sent_at desc, submissions.submission_id
        """,
        municipality=municipality,
        programmes=programmes,
    )


def read_statements(measures: tuple[str, ...], country: str, municipality: str, programmes: tuple[str, ...], period: str) -> pandas.DataFrame:
    """The statements that give measures their values, with file, sheet, row and cell; `municipality` a code or `all`; at most 500 rows."""
    return ask(
        f"""
        with columns_of_sections as (

            select submission_id, section, any_value(columns) as columns from marts.fct_submission_sections group by submission_id, section

        )

        select
            measures.measure_code, measures.value, measures.municipality_code, measures.programme_id, measures.period_id,
            submissions.file_name, measures.submission_id, measures.source_sheet, measures.source_row,
            -- an amount in euros stands in the report in its own currency
            (sections.columns::json ->> regexp_replace(definitions.field, '_eur$', '')) || measures.source_row as cell
        from marts.fct_measures as measures
        inner join marts.dim_measures as definitions using (measure_code)
        left join marts.fct_submissions as submissions using (submission_id)
        left join columns_of_sections as sections on measures.submission_id = sections.submission_id and definitions.section = sections.section
        left join marts.dim_municipalities as municipalities on measures.municipality_code = municipalities.municipality_code
        where
            list_contains($measures, measures.measure_code) and list_contains($programmes, measures.programme_id) and measures.recorded_to is null
            and ($country = 'all' or municipalities.country_code = $country) and ($municipality = 'all' or measures.municipality_code = $municipality)
            and ($period = 'to-date' or starts_with(measures.period_id, $period)) and measures.value is not null and {WHOLE}
        order by measures.municipality_code, measures.period_id, measures.measure_code, measures.source_row
        limit 500
        """,  # noqa: S608 (our own words)
        measures=measures,
        country=country,
        municipality=municipality,
        programmes=programmes,
        period=period,
    )


# The message without the sheet and cell it begins with: they have columns of their own.
PLAIN_MESSAGE = "regexp_replace(message_en, '^Sheet “[^”]*”(, cell [A-Z]+[0-9]+)?: ', '')"
# Submissions in view; those whose municipality or programme is unclear always are.
SUBMISSIONS_IN_VIEW = """
    submissions_in_view as (

        select submissions.*
        from marts.fct_submissions as submissions
        left join marts.dim_municipalities as municipalities using (municipality_code)
        where
            (submissions.programme_id is null or list_contains($programmes, submissions.programme_id))
            and ($country = 'all' or municipalities.country_code is null or municipalities.country_code = $country)
            and ($period = 'to-date' or submissions.period_id is null or starts_with(submissions.period_id, $period))

    )
"""


def read_findings(country: str, programmes: tuple[str, ...], period: str) -> pandas.DataFrame:
    """Findings with their submission's file, municipality and period, errors first."""
    return ask(
        f"""
        with {SUBMISSIONS_IN_VIEW}

        select
            findings.*, {PLAIN_MESSAGE} as message, submissions.file_name, submissions.municipality_code, submissions.programme_id,
            submissions.period_id, submissions.sent_at
        from marts.fct_findings as findings
        inner join submissions_in_view as submissions using (submission_id)
        order by findings.severity, submissions.sent_at desc, submissions.file_name, findings.sheet, findings.source_row, findings.cell
        """,  # noqa: S608 (our own words)
        country=country,
        programmes=programmes,
        period=period,
    )


def read_quarantined_rows(country: str, programmes: tuple[str, ...], period: str) -> pandas.DataFrame:
    """Rows that stand outside all figures, with file, sheet, row and the rules they broke."""
    return ask(
        f"""
        with

        {SUBMISSIONS_IN_VIEW},

        broken as (

            select submission_id, sheet as source_sheet, source_row, string_agg(distinct coalesce(cell || ': ', '') || {PLAIN_MESSAGE}, ' ') as why
            from marts.fct_findings
            where severity = 'error' and source_row is not null
            group by submission_id, sheet, source_row

        )

        select quarantined.*, submissions.file_name, broken.why
        from marts.fct_quarantined_rows as quarantined
        inner join submissions_in_view as submissions using (submission_id)
        left join broken using (submission_id, source_sheet, source_row)
        where quarantined.recorded_to is null
        order by submissions.file_name, quarantined.source_sheet, quarantined.source_row
        """,  # noqa: S608 (our own words)
        country=country,
        programmes=programmes,
        period=period,
    )
