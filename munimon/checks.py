"""The report of the checks: what was judged, by which rules and why, what failed and in which cells. One page that needs nothing beside it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, StrictUndefined

from ingest.checks import read_checks
from ingest.entries import moment_of
from ingest.findings import Finding, load_rules, message, severity_of, title_of, why_of
from ingest.ledger import Ledger, finding_of
from ingest.sections import LANGUAGES, load_sections
from munimon.disk import write_whole
from munimon.settings import Home, MunimonError
from publish.build_warnings import read_all_build_warnings

# More would make a page that no browser scrolls; one batch or one report shows them all.
_SHOWN = 2000


class NothingChecked(MunimonError):
    """No report is in what was asked for."""


@dataclass(frozen=True)
class Scope:
    """Which reports a page is about: those of a batch, one submission, or all."""

    batch: str | None = None
    submission: str | None = None


@dataclass(frozen=True)
class Found:
    """A finding with the submission it was made about."""

    submission_id: str
    file: str
    finding: Finding


def write_checks_report(home: Home, scope: Scope, language: str, out: Path) -> Path:
    """Write the page; returns where it is.

    Raises:
        NothingChecked: If nothing is in the scope.
        MunimonError: If the language is none of the five.
    """
    if language not in LANGUAGES:
        raise MunimonError(f"--language '{language}': not known; one of {', '.join(LANGUAGES)}")
    submissions = _submissions(home, scope)
    found = list(_found(home, submissions))
    shown = sorted(found, key=lambda each: (each.finding.severity, each.file, each.finding.sheet or "", each.finding.row or 0))[:_SHOWN]
    words = _words(language)
    page = _template().render(
        language=language,
        words=words,
        scope=_say_scope(scope, submissions, words),
        facts=_facts(submissions, words),
        sections=list(_sections(home, submissions, found, language)),
        others=list(_other_rules(found, language)),
        cells=[_cell(each, language) for each in shown],
        more=words["more"].format(count=len(found) - len(shown)) if len(found) > len(shown) else "",
    )
    write_whole(out, page.encode())
    return out


def _submissions(home: Home, scope: Scope) -> list[dict[str, Any]]:
    ledger = Ledger(home.ledger)
    batch = scope.batch
    if batch == "last":
        newest = ledger.select("select batch_id from batches order by rowid desc limit 1")
        batch = newest[0]["batch_id"] if newest else ""
    rows = ledger.select(
        """
        select * from current_submissions
        where
            (? is null or batch_id = ?)
            and case when ? is null then status != 'withdrawn' else submission_id = ? end
        order by recorded_at, submission_id
        """,
        [batch, batch, scope.submission, scope.submission],
    )
    if not rows:
        asked = f"--submission '{scope.submission}'" if scope.submission else f"--batch '{scope.batch}'" if scope.batch else str(home.folder)
        raise NothingChecked(f"{asked}: no report is there; `munimon sql` on marts.fct_submissions lists batches and submissions")
    return rows


def _found(home: Home, submissions: Sequence[dict[str, Any]]) -> Iterator[Found]:
    files_of = {row["submission_id"]: row["file_name"] for row in submissions}
    for row in Ledger(home.ledger).select("select * from current_findings order by finding_id"):
        if row["submission_id"] in files_of and row["rule"] in load_rules():
            yield Found(row["submission_id"], files_of[row["submission_id"]], finding_of(row))
    for submission_id, warnings in read_all_build_warnings(home).items():
        if submission_id in files_of:
            yield from (Found(submission_id, files_of[submission_id], warning) for warning in warnings)


def _say_scope(scope: Scope, submissions: Sequence[dict[str, Any]], words: dict[str, str]) -> str:
    if scope.submission:
        return words["of_submission"].format(name=f"{submissions[0]['file_name']} ({scope.submission})")
    return words["of_batch"].format(name=submissions[0]["batch_id"]) if scope.batch else words["of_all"]


def _facts(submissions: Sequence[dict[str, Any]], words: dict[str, str]) -> list[tuple[str, str]]:
    moments = sorted({f"{moment_of(row['recorded_at']):%Y-%m-%d %H:%M} UTC" for row in submissions})
    return [
        (words["reports"], str(len(submissions))),
        (words["received"], moments[0] if len(moments) == 1 else f"{moments[0]} – {moments[-1]}"),
        (words["rows_accepted"], str(sum(row["accepted_rows"] for row in submissions))),
        (words["rows_quarantined"], str(sum(row["quarantined_rows"] for row in submissions))),
    ]


def _sections(home: Home, submissions: Sequence[dict[str, Any]], found: Sequence[Found], language: str) -> Iterator[dict[str, Any]]:
    ids = {row["submission_id"] for row in submissions}
    rows: Counter[str] = Counter()
    for part in Ledger(home.ledger).select("select submission_id, section, rows from submission_sections"):
        if part["submission_id"] in ids:
            rows[part["section"]] += part["rows"]
    counts: dict[tuple[str, str, str, str | None], list[int]] = {}
    for each in read_checks(home.raw).to_pylist():
        if each["submission_id"] in ids:
            sums = counts.setdefault((each["section"], each["rule"], each["field"], each["other"]), [0, 0])
            sums[0] += each["judged"]
            sums[1] += each["failed"]
    severities = Counter((each.finding.section, each.finding.severity) for each in found)
    for name in (None, *load_sections()):
        if rows[name or ""] or severities[name, "error"] or severities[name, "warning"]:
            yield {
                "label": load_sections()[name].labels[language] if name else _words(language)["whole"],
                "rows": str(rows[name]) if name else "",
                "errors": str(severities[name, "error"]),
                "warnings": str(severities[name, "warning"]),
                "rules": [
                    _rule(rule, language) | {"fields": _fields(name, field, other, language), "judged": str(judged), "failed": str(failed)}
                    for (section, rule, field, other), (judged, failed) in counts.items()
                    if section == name
                ],
            }


def _fields(section: str | None, field: str, other: str | None, language: str) -> str:
    labels = [load_sections()[section or ""].field(name).labels[language] for name in (field, other) if name]
    return " / ".join(labels)


def _other_rules(found: Sequence[Found], language: str) -> Iterator[dict[str, str]]:
    """The rules that judge whatever is read, and reports beside each other: those that found something first."""
    counts = Counter(each.finding.rule for each in found)
    names = [name for name, rule in load_rules().items() if not rule.is_counted]
    for name in sorted(names, key=lambda name: -counts[name]):
        yield _rule(name, language) | {"failed": str(counts[name])}


def _rule(name: str, language: str) -> dict[str, str]:
    return {"title": title_of(name, language), "why": why_of(name, language), "severity": severity_of(name)}


def _cell(found: Found, language: str) -> dict[str, str]:
    finding = found.finding
    return {
        "severity": finding.severity,
        "file": found.file,
        "submission_id": found.submission_id,
        "sheet": finding.sheet or "",
        "cell": finding.cell or (_words(language)["row"].format(row=finding.row) if finding.row else ""),
        "value": finding.value_as_reported or "",
        "message": message(finding.rule, finding.params, language),
    }


@cache
def _words(language: str) -> dict[str, str]:
    texts: dict[str, dict[str, str]] = yaml.safe_load((files("munimon") / "checks.yml").read_text(encoding="utf-8"))
    return texts[language]


@cache
def _template() -> Any:
    # whatever a report says is text: no markup, and no name that is not given
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    return environment.from_string((files("munimon") / "checks.html").read_text(encoding="utf-8"))
