"""Reports: which were expected, what they say, what was found in them, and the cell each figure comes from."""

import pandas

from dashboards.warehouse.published import SECTIONS, WHOLE, ask


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
    """The statements that give measures their values, with file, sheet, row and cell, and of an observation its source; at most 500 rows.

    `municipality` is a code or `all`.
    """
    return ask(
        f"""
        with columns_of_sections as (

            select submission_id, section, any_value(columns) as columns from marts.fct_submission_sections group by submission_id, section

        ),

        sources as (

            select submission_id, source_sheet, source_row, any_value(source_id) as source_id
            from marts.fct_observations
            where recorded_to is null
            group by submission_id, source_sheet, source_row

        )

        select
            measures.measure_code, measures.value, sources.source_id, measures.municipality_code, measures.programme_id, measures.period_id,
            submissions.file_name, measures.submission_id, measures.source_sheet, measures.source_row,
            -- an amount in euros stands in the report in its own currency
            (sections.columns::json ->> regexp_replace(definitions.field, '_eur$', '')) || measures.source_row as cell
        from marts.fct_measures as measures
        inner join marts.dim_measures as definitions using (measure_code)
        left join marts.fct_submissions as submissions using (submission_id)
        left join columns_of_sections as sections on measures.submission_id = sections.submission_id and definitions.section = sections.section
        left join sources on
            definitions.section = 'observations' and measures.submission_id = sources.submission_id
            and measures.source_sheet = sources.source_sheet and measures.source_row = sources.source_row
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
    """What was found in reports, and what only reports beside each other show, with file, municipality and period, errors first."""
    return ask(
        f"""
        with {SUBMISSIONS_IN_VIEW},

        findings as (

            select submission_id, severity, rule, section, sheet, cell, source_row, field, value_as_reported, params, message_en
            from marts.fct_findings

            union all

            select submission_id, severity, rule, section, sheet, cell, source_row, field, null as value_as_reported, params, null as message_en
            from marts.fct_build_warnings
            where recorded_to is null

        )

        select findings.*, submissions.file_name, submissions.municipality_code, submissions.programme_id, submissions.period_id, submissions.sent_at
        from findings
        inner join submissions_in_view as submissions using (submission_id)
        order by findings.severity, submissions.sent_at desc, submissions.file_name, findings.sheet, findings.source_row, findings.cell
        """,  # noqa: S608 (our own words)
        country=country,
        programmes=programmes,
        period=period,
    )


def read_quarantined_rows(country: str, programmes: tuple[str, ...], period: str) -> pandas.DataFrame:
    """Rows that stand outside all figures, with file, sheet and row."""
    return ask(
        f"""
        with {SUBMISSIONS_IN_VIEW}

        select quarantined.*, submissions.file_name
        from marts.fct_quarantined_rows as quarantined
        inner join submissions_in_view as submissions using (submission_id)
        where quarantined.recorded_to is null
        order by submissions.file_name, quarantined.source_sheet, quarantined.source_row
        """,  # noqa: S608 (our own words)
        country=country,
        programmes=programmes,
        period=period,
    )
