"""What changed in the figures between two moments, and why."""

from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb

from publish.queries import Answer

# The parts of a figure that add up: by cause they sum to the whole difference, which values of ratios do not.
PARTS = ("numerator", "denominator", "numerator_unpaired", "whole", "known_rows", "reported_rows")

# Each row of a figure is added with the cause that made it and taken away with the cause that ended it. What a figure lost and gained at one
# moment bears one cause, so the sums by cause are its whole difference. What was not known adds nothing; a change from unknown to unknown is unknown.
_SELECTED = f"""
    selected as (

        select
            indicator_code, definition_version, level, place_code, programme_id, period_id, sex, community, value, from_cause, to_cause,
            recorded_from, recorded_to, {", ".join(PARTS)}, cast(is_approved as integer) as approved
        from marts.indicator_totals
        where
            ($indicator = 'all' or indicator_code = $indicator) and place_code = $place and programme_id = $programme and period_id = $period
            and sex = $sex and community = $community

    ),

    told as (

        select indicator_code, from_cause as cause, {", ".join(PARTS)}, approved from selected
        where recorded_from > $since and recorded_from <= $until
        union all
        select indicator_code, to_cause as cause, {", ".join(f"-{part}" for part in PARTS)}, -approved from selected
        where recorded_to > $since and recorded_to <= $until

    )
"""  # noqa: S608 (our own words)

_CHANGE_UNLESS_UNKNOWN = (
    "case when parts.cause <> 'all' or coalesce(before.{part}, after.{part}) is not null then parts.{part}_change end as {part}_change"
)

# One row per indicator that changed and cause, then one with the cause `all`: the whole difference, with the values it led from and to.
CHANGES = f"""
    with

    {_SELECTED},

    parts as (

        select
            indicator_code,
            coalesce(cause, 'all') as cause,
            {", ".join(f"sum({part}) as {part}_change" for part in PARTS)},
            sum(approved) as approved_change
        from told
        group by grouping sets ((indicator_code, cause), (indicator_code))

    ),

    before as (

        select * from selected
        where recorded_from <= $since and (recorded_to is null or recorded_to > $since)

    ),

    after as (

        select * from selected
        where recorded_from <= $until and (recorded_to is null or recorded_to > $until)

    )

    select
        parts.indicator_code, $place as place_code, $programme as programme_id, $period as period_id, $sex as sex, $community as community,
        parts.cause,
        {", ".join(_CHANGE_UNLESS_UNKNOWN.format(part=part) for part in PARTS)},
        parts.approved_change,
        before.value as value_before, after.value as value_after,
        before.definition_version as definition_before, after.definition_version as definition_after
    from parts
    left join before on parts.indicator_code = before.indicator_code and parts.cause = 'all'
    left join after on parts.indicator_code = after.indicator_code and parts.cause = 'all'
    where
        parts.approved_change <> 0 or {" or ".join(f"parts.{part}_change <> 0" for part in PARTS)}
        or (parts.cause = 'all' and before.value is distinct from after.value)
    order by parts.indicator_code, parts.cause = 'all', parts.cause
"""  # noqa: S608 (our own words)


@dataclass(frozen=True)
class Selection:
    """Which figures: an indicator, a place's code, a programme's id, or ``all`` (of programmes: all but the synthetic); a period or ``to-date``."""

    indicator: str = "all"
    place: str = "all"
    programme: str = "all"
    period: str = "to-date"
    sex: str = "all"
    community: str = "all"


def read_changes(connection: duckdb.DuckDBPyConnection, selection: Selection, since: datetime, until: datetime) -> Answer:
    """What changed after one moment, up to another, by cause.

    Args:
        connection: Made by ``publish.connections.connect``.
        since: An aware moment; what was known then is what is compared with.
        until: An aware moment, not before ``since``.

    Returns:
        The rows of ``CHANGES``: none where nothing changed. A part is null where nothing was known of it, neither before nor after.
    """
    connection.execute(CHANGES, vars(selection) | {"since": _plain(since), "until": _plain(until)})
    return Answer(tuple(column[0] for column in connection.description or ()), tuple(connection.fetchall()))


def _plain(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)
