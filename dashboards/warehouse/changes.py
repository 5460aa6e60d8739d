"""What changed between two moments, why, and by which statements. Moments are UTC; the later may be None: whatever came since."""

from datetime import datetime, timedelta

import pandas

from dashboards.warehouse.published import WHOLE, ask
from publish.changes import CHANGES

_STILL = datetime(9999, 12, 31)


def read_first_look_back() -> datetime:
    """Three months before the ledger's last report: what a reader looks back to who has not chosen."""
    last = ask("select max(recorded_at) as last from marts.fct_submissions")["last"].iloc[0]
    moment = last.to_pydatetime() if pandas.notna(last) else datetime(2000, 1, 1)
    return datetime.combine(moment.date() - timedelta(days=90), datetime.min.time())


def read_changes(place: str, programme: str, period: str, since: datetime, until: datetime | None) -> pandas.DataFrame:
    """One row per indicator that changed and cause, then one with the cause `all`: the whole difference, with the values before and after."""
    return ask(
        CHANGES,
        indicator="all",
        place=place,
        programme=programme,
        period=period,
        sex="all",
        community="all",
        since=since,
        until=until or _STILL,
    )


def read_changed_statements(country: str, programmes: tuple[str, ...], period: str, since: datetime, until: datetime | None) -> pandas.DataFrame:
    """The figures of statements that came to stand or ceased to, latest first, with cause, file, sheet, row and cell; at most 500 rows."""
    return ask(
        f"""
        with

        told as (

            select true as has_come, recorded_from as changed_at, * from marts.fct_measures
            where recorded_from > $since and recorded_from <= $until and (recorded_to is null or recorded_to > recorded_from) and {WHOLE}
            union all
            select false as has_come, recorded_to as changed_at, * from marts.fct_measures
            where recorded_to > $since and recorded_to <= $until and recorded_to > recorded_from and {WHOLE}

        ),

        causes as (

            select submission_id, changed_at, min(cause) as cause from marts.indicator_changes
            where changed_at > $since and changed_at <= $until
            group by submission_id, changed_at

        ),

        columns_of_sections as (

            select submission_id, section, any_value(columns) as columns from marts.fct_submission_sections group by submission_id, section

        )

        select
            told.has_come, told.changed_at, causes.cause, told.measure_code, told.value, told.municipality_code, told.programme_id, told.period_id,
            submissions.file_name, told.submission_id, told.source_sheet, told.source_row,
            (sections.columns::json ->> regexp_replace(definitions.field, '_eur$', '')) || told.source_row as cell
        from told
        inner join marts.dim_measures as definitions using (measure_code)
        left join causes on told.submission_id = causes.submission_id and told.changed_at = causes.changed_at
        left join marts.fct_submissions as submissions on told.submission_id = submissions.submission_id
        left join columns_of_sections as sections on told.submission_id = sections.submission_id and definitions.section = sections.section
        left join marts.dim_municipalities as municipalities on told.municipality_code = municipalities.municipality_code
        where
            list_contains($programmes, told.programme_id) and ($country = 'all' or municipalities.country_code = $country)
            and ($period = 'to-date' or starts_with(told.period_id, $period))
        order by told.changed_at desc, told.municipality_code, told.measure_code, told.has_come, told.submission_id, told.source_row
        limit 500
        """,  # noqa: S608 (our own words)
        country=country,
        programmes=programmes,
        period=period,
        since=since,
        until=until or _STILL,
    )
