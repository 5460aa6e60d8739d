"""What several commands print alike."""

import json
from typing import Any

import typer

from ingest.findings import as_line
from munimon.results import IngestOutcome, SubmissionResult


def print_json(result: dict[str, Any]) -> None:
    """One JSON object, readable."""
    typer.echo(json.dumps(result, ensure_ascii=False, indent=1))


def print_outcome(outcome: IngestOutcome) -> None:
    """Each submission on a line, what was found in it below."""
    for entry in outcome.submissions:
        typer.echo(f"{entry.file}: {_describe(entry)}")
        for finding in entry.findings:
            where = "!".join(as_line(part) for part in (finding.sheet, finding.cell) if part)
            typer.echo(f"    {finding.severity}  {where + ': ' if where else ''}{finding.message}")


def _describe(entry: SubmissionResult) -> str:
    place = ", ".join(part or "?" for part in (entry.municipality_code, entry.programme_id))
    period = f"{entry.period_start} to {entry.period_end}" if entry.period_start else "period without dates"
    rows = f"{entry.accepted_rows} rows in, {entry.quarantined_rows} quarantined"
    name = f", under the name {entry.received_as}" if entry.received_as else ""
    return f"{entry.status.replace('_', ' ')} as {entry.submission_id}{name} ({place}, {period}; {rows})"
