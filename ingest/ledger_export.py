"""The ledger as Parquet, one file a table, for dbt: what stands now and when each submission was usable."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ingest.approvals import read_approvals
from ingest.closing import follow_findings
from ingest.entries import USABLE
from ingest.findings import full_message
from ingest.ledger import Ledger, finding_of
from ingest.reference_history import export_reference_history
from ingest.reports import Sending, read_sendings
from munimon.disk import whole_file

_MOMENT = pa.timestamp("us")
_TEXT = pa.string()
_COUNT = pa.int64()

_Sendings = Mapping[str, Sequence[Sending]]

_SCHEMAS: dict[str, pa.Schema] = {
    "submissions": pa.schema(
        {
            "submission_id": _TEXT,
            "batch_id": _TEXT,
            "file_name": _TEXT,
            "file_sha256": _TEXT,
            "layout": _TEXT,
            "language": _TEXT,
            "municipality_code": _TEXT,
            "programme_id": _TEXT,
            "period_id": _TEXT,
            "period_start": pa.date32(),
            "period_end": pa.date32(),
            "period_as_reported": _TEXT,
            "statement": _TEXT,
            "amounts": _TEXT,
            "sent_at": _MOMENT,
            "sent_by": _TEXT,
            "recorded_at": _MOMENT,
            "actor": _TEXT,
            "status": _TEXT,
            "accepted_rows": _COUNT,
            "quarantined_rows": _COUNT,
            "is_back_filled": pa.bool_(),
        }
    ),
    "submission_sections": pa.schema(
        {"submission_id": _TEXT, "section": _TEXT, "said": _TEXT, "source_sheet": _TEXT, "rows": _COUNT, "columns": _TEXT}
    ),
    "submission_states": pa.schema(
        {
            "submission_id": _TEXT,
            "replaces": pa.bool_(),
            "sent_at": _MOMENT,
            "recorded_from": _MOMENT,
            "recorded_to": _MOMENT,
            "from_cause": _TEXT,
            "to_cause": _TEXT,
        }
    ),
    "submission_statuses": pa.schema(
        {
            "submission_id": _TEXT,
            "batch_id": _TEXT,
            "municipality_code": _TEXT,
            "status": _TEXT,
            "sent_at": _MOMENT,
            "sent_by": _TEXT,
            "accepted_rows": _COUNT,
            "quarantined_rows": _COUNT,
            "recorded_from": _MOMENT,
            "recorded_to": _MOMENT,
        }
    ),
    "findings": pa.schema(
        {
            "finding_id": _TEXT,
            "submission_id": _TEXT,
            "recorded_at": _MOMENT,
            "severity": _TEXT,
            "rule": _TEXT,
            "section": _TEXT,
            "sheet": _TEXT,
            "cell": _TEXT,
            "field": _TEXT,
            "source_row": _COUNT,
            "value_as_reported": _TEXT,
            "message_en": _TEXT,
            "params": _TEXT,
            "is_open": pa.bool_(),
            "closed_by_submission_id": _TEXT,
            "closed_at": _MOMENT,
            "recorded_from": _MOMENT,
            "recorded_to": _MOMENT,
        }
    ),
    "approvals": pa.schema(
        {
            "programme_id": _TEXT,
            "municipality_code": _TEXT,
            "period_id": _TEXT,
            "approved_at": _MOMENT,
            "approved_to": _MOMENT,
            "actor": _TEXT,
        }
    ),
    # what of raw is read, and up to when a last build that is taken over knew everything: of a whole export all, and none
    "rows_read": pa.schema({"submission_id": _TEXT, "batch_id": _TEXT}),
    "last_build": pa.schema({"known_until": _MOMENT}),
    "reference_changes": pa.schema({"name": _TEXT, "content_sha256": _TEXT, "recorded_at": _MOMENT, "actor": _TEXT}),
    "build_days": pa.schema({"recorded_at": _MOMENT}),
}


def export_ledger(ledger: Ledger, raw: Path, folder: Path) -> None:
    """Write every table of the ledger that dbt reads to ``folder/<table>.parquet``; by the rows in ``raw``, findings know whether they are mended."""
    export_reference_history(ledger, folder / "reference")
    submissions = list(_submissions(ledger))
    sendings = read_sendings(ledger)
    rows = {
        "submissions": submissions,
        "rows_read": submissions,
        "last_build": [{"known_until": None}],
        "submission_sections": ledger.select("select * from submission_sections order by submission_id, section"),
        "submission_states": list(_states(ledger, sendings)),
        "submission_statuses": list(_statuses(ledger, sendings)),
        "findings": list(_findings(ledger, raw)),
        "approvals": [asdict(each.scope) | asdict(each) for each in read_approvals(ledger)],
        "reference_changes": list(_reference_changes(ledger)),
        "build_days": ledger.select("select recorded_at from build_days order by day"),
    }
    for table, schema in _SCHEMAS.items():
        columns = {name: [_typed(row[name], kind) for row in rows[table]] for name, kind in zip(schema.names, schema.types, strict=True)}
        with whole_file(folder / f"{table}.parquet") as aside:
            pq.write_table(pa.table(columns, schema=schema), aside)


def _submissions(ledger: Ledger) -> Iterator[dict[str, Any]]:
    """Every submission as it stands, with the layout that read it, chosen or recognised, and what its amounts are; those of our form are to date."""
    layouts = {row["submission_id"]: row for row in ledger.select("select * from submission_layouts")}
    for row in ledger.select("select * from current_submissions order by submission_id"):
        yield row | {"amounts": "to_date"} | layouts.get(row["submission_id"], {})


def _dated(row: dict[str, Any], sendings: _Sendings, told: Sequence[str]) -> list[dict[str, Any]]:
    """An interval of a submission, divided where it became known that it was sent earlier: ``told`` in each part is what was known of it then."""
    said = sendings[row["submission_id"]]
    begin, end = row["recorded_from"], row["recorded_to"]
    entered = {each.since for each in said if begin < each.since and (end is None or each.since < end)}
    parts: list[dict[str, Any]] = []
    for moment in sorted({begin, *entered}):
        known = Sending.known_at(moment, said)
        part = row | {name: getattr(known, name) for name in told} | {"recorded_from": moment}
        if parts and all(parts[-1][name] == part[name] for name in told):
            continue
        if parts:
            parts[-1]["recorded_to"] = moment
        parts.append(part)
    return parts


def _states(ledger: Ledger, sendings: _Sendings) -> Iterator[dict[str, Any]]:
    """The intervals in which each submission was usable, when it was known to be sent, and whether it then replaced what its sender reported before.

    What becomes known of an earlier sending corrects what was known: it holds from its entry on, so that all moments before stay as they were.
    """
    events = ledger.select(
        """
        select events.submission_id, events.event, events.recorded_at, submissions.statement
        from events
        inner join submissions on events.submission_id = submissions.submission_id
        order by events.submission_id, events.event_id
        """
    )
    for _, history in groupby(events, key=lambda event: event["submission_id"]):
        for state in _states_of(list(history)):
            for part in _dated(state, sendings, ("sent_at",)):
                begins, ends = (part[end] == state[end] for end in ("recorded_from", "recorded_to"))
                yield part | ({} if begins else {"from_cause": "corrected"}) | ({} if ends else {"to_cause": "corrected"})


def _states_of(history: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    replaces = history[0]["statement"] == "replaces"
    state: dict[str, Any] | None = None
    waited = False
    for event in history:
        match event["event"]:
            case "waiting_for_answer":
                waited = True
            case kind if kind in USABLE:
                state = _state(event, replaces, "question_answered" if waited else "received")
            case "replaces" | "adds" as answer if state and replaces != (answer == "replaces"):
                yield state | {"recorded_to": event["recorded_at"], "to_cause": "question_answered"}
                replaces = answer == "replaces"
                state = _state(event, replaces, "question_answered")
            case "withdrawn" if state:
                yield state | {"recorded_to": event["recorded_at"], "to_cause": "withdrawn"}
                state = None
    if state:
        yield state


def _state(event: dict[str, Any], replaces: bool, cause: str) -> dict[str, Any]:
    return {
        "submission_id": event["submission_id"],
        "replaces": replaces,
        "recorded_from": event["recorded_at"],
        "recorded_to": None,
        "from_cause": cause,
        "to_cause": None,
    }


def _statuses(ledger: Ledger, sendings: _Sendings) -> Iterator[dict[str, Any]]:
    """What each submission was, and when, and what was known of its sending.

    One that waited for an answer has its municipality, and the rows that went in, from the answer on.
    """
    statuses = ledger.select(
        """
        select
            events.submission_id,
            events.event as status,
            events.recorded_at as recorded_from,
            lead(events.recorded_at) over by_submission as recorded_to,
            iif(is_resolved, resolutions.batch_id, submissions.batch_id) as batch_id,
            iif(is_resolved, resolutions.municipality_code, submissions.municipality_code) as municipality_code,
            iif(is_resolved, resolutions.accepted_rows, submissions.accepted_rows) as accepted_rows,
            iif(is_resolved, resolutions.quarantined_rows, submissions.quarantined_rows) as quarantined_rows
        from (
            select
                events.*,
                resolutions.submission_id is not null
                and row_number() over (partition by events.submission_id order by events.event_id) > 1 as is_resolved
            from events
            left join resolutions on events.submission_id = resolutions.submission_id
            where events.event not in ('replaces', 'adds')
        ) as events
        inner join submissions on events.submission_id = submissions.submission_id
        left join resolutions on events.submission_id = resolutions.submission_id
        window by_submission as (partition by events.submission_id order by events.event_id)
        order by events.submission_id, events.event_id
        """
    )
    for status in statuses:
        yield from _dated(status, sendings, ("sent_at", "sent_by"))


def _findings(ledger: Ledger, raw: Path) -> Iterator[dict[str, Any]]:
    """Every finding, once for each interval in which it stood so: open, mended by one report, gone with its own, or shown by the reports no more."""
    findings = {row["finding_id"]: row for row in ledger.select("select * from findings")}
    messages = {finding_id: full_message(finding_of(row), "en") for finding_id, row in findings.items()}
    for case in follow_findings(ledger, raw):
        yield findings[case.finding_id] | {
            "finding_id": str(case.finding_id),
            "message_en": messages[case.finding_id],
            "is_open": case.is_open,
            "closed_by_submission_id": case.closed_by,
            "closed_at": case.closed_at,
            "recorded_from": case.recorded_from,
            "recorded_to": case.recorded_to,
        }


def _reference_changes(ledger: Ledger) -> Iterator[dict[str, Any]]:
    known: dict[str, str] = {}
    changes = ledger.select(
        """
        select reference_changes.recorded_at, reference_changes.actor, reference_versions.files
        from reference_changes
        inner join reference_versions on reference_changes.reference_version = reference_versions.reference_version
        order by reference_changes.change_id
        """
    )
    for version in changes:
        for name, sha256 in json.loads(version["files"]).items():
            if known.get(name) != sha256:
                known[name] = sha256
                yield {"name": name, "content_sha256": sha256, "recorded_at": version["recorded_at"], "actor": version["actor"]}


def _typed(value: Any, kind: pa.DataType) -> Any:
    if value is None:
        return None
    if kind == _MOMENT:
        return datetime.fromisoformat(value)
    if pa.types.is_date(kind):
        return date.fromisoformat(value)
    if pa.types.is_boolean(kind):
        return bool(value)
    return value
