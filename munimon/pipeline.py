"""The order of the steps: what each command sets going, from files handed in to a build that is served."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.archives import NamedFile, files_in, list_files
from ingest.entries import USABLE, Entry, Receipt, moment_of
from ingest.findings import Finding, full_message, severity_of
from ingest.ledger import Ledger, reference_version_of
from munimon.results import FindingResult, IngestOptions, IngestOutcome, OpenQuestion, Progress, Status, SubmissionResult, keep_quiet
from munimon.settings import Home, MunimonError

if TYPE_CHECKING:
    from ingest.layout_proposal import Proposal
    from ingest.receiving import Handed


class NothingToIngest(MunimonError):
    """The paths given hold no file."""


def template(
    home: Home, municipality: str | None, programme: str | None, period: str | None, language: str | None, out: Path, is_blank: bool = False
) -> Path:
    """Write a report for a municipality to fill in, with what is known of it, and what it reported before and is not over, filled in.

    Raises:
        MunimonError: If the municipality, the programme, the period or the language is not known.
    """
    from munimon.forms import write_form

    return write_form(home, municipality, programme, period, language, out, is_blank)


def ingest(home: Home, paths: Sequence[Path], options: IngestOptions, progress: Progress = keep_quiet) -> IngestOutcome:
    """Take in files, all files below folders, in zips, and attached to mails; a mail's sender and date are those of what is attached to it.

    Raises:
        NothingToIngest: If a path does not exist or holds no file.
        LayoutInvalid, LayoutUnknown: If a layout cannot be read, or the one named does not exist.
        NameAnswersInvalid, AnswerUnusable: If the file of answered names cannot be used.
    """
    from ingest.answering import take_in_edits
    from ingest.layouts import load_layouts
    from ingest.receiving import receive

    layouts = load_layouts(home.reference)
    if options.layout:
        layouts.named(options.layout)
    entry = Entry.now()
    files = [file for path in paths for file in _files_at(path)]
    take_in_edits(home, entry, progress)
    arrivals = _Arrivals(files, options, entry)
    received = receive(home, arrivals, progress, arrivals.count)
    told = [(submission_id, submission_id in file.new_ids, file.file_name) for file in received for submission_id in file.submission_ids]
    return IngestOutcome(tuple(_submission_results(home, told)))


def try_layout(home: Home, file: Path, out: Path | None) -> "Proposal":
    """Propose a layout for a form, and write it to ``out`` where that is given.

    Raises:
        MunimonError: If the file cannot be used, or ``out`` is there already.
    """
    from ingest.findings import message
    from ingest.layout_proposal import propose_layout
    from ingest.layouts import load_layouts
    from ingest.preflight import FileRefused
    from munimon.disk import whole_file

    if out and out.exists():
        raise MunimonError(f"--out '{out}': is there already and was left as it is; choose another name")
    try:
        proposal = propose_layout(file.read_bytes(), file.name, load_layouts(home.reference))
    except FileRefused as refused:
        raise MunimonError(f"{file}: {message(refused.rule, refused.params, 'en')}") from refused
    if out:
        with whole_file(out) as aside:
            aside.write_text(proposal.layout, encoding="utf-8")
    return proposal


def withdraw(home: Home, submission_id: str, reason: str) -> SubmissionResult:
    """Take a submission back; what stood before it stands again, from now on, and what was asked because of it no longer is."""
    from ingest.predecessors import compare_with_earlier

    ledger, entry = Ledger(home.ledger), Entry.now()
    standing = ledger.select("select status from current_submissions where submission_id = ?", [submission_id])
    if standing and standing[0]["status"] == "withdrawn":
        raise MunimonError(f"submission '{submission_id}': withdrawn already")
    ledger.record_event(submission_id, "withdrawn", reason, entry)
    compare_with_earlier(home.raw, ledger, [submission_id], entry)
    return _submission_results(home, [(submission_id, True, None)])[0]


def status(home: Home) -> Status:
    """Where the home stands; reads the ledger and what is published."""
    from publish.build_warnings import count_build_warnings
    from publish.pointer import NothingPublished, Published

    if not home.ledger.exists():
        return Status(str(home.folder), {}, {}, 0, 0, None, None, ())
    ledger = Ledger(home.ledger)
    by_status = {row["status"]: row["n"] for row in ledger.select("select status, count(*) as n from current_submissions group by 1 order by 1")}
    by_severity = ledger.select(
        """
        select current_findings.severity, count(*) as n
        from current_findings
        inner join current_submissions on current_findings.submission_id = current_submissions.submission_id
        where current_submissions.status in ('accepted', 'partly_accepted', 'waiting_for_answer')
        group by 1
        order by 1
        """
    )
    try:
        published = Published(home.published).current_build()
    except NothingPublished:
        published = None
    return Status(
        home=str(home.folder),
        submissions=by_status,
        findings={row["severity"]: row["n"] for row in by_severity},
        build_warnings=count_build_warnings(home),
        open_questions=sum(row["is_open"] for row in ledger.questions()),
        last_entry_at=moment_of(last) if (last := ledger.last_entry()) else None,
        published_build=published,
        out_of_date=tuple(_what_is_out_of_date(home, ledger, published)),
    )


def build(home: Home, full_refresh: bool = False, progress: Progress = keep_quiet) -> Path:
    """Build everything from raw and ledger, check it, and publish it; returns the folder of the published build."""
    from munimon.building import run_build

    return run_build(home, full_refresh, progress)


def rebuild(home: Home, progress: Progress = keep_quiet) -> Path:
    """Make raw anew from the originals and the ledger alone, then build and publish."""
    from ingest.name_answers import write_name_answers
    from ingest.rebuilding import rebuild_raw

    rebuild_raw(home, progress)
    # what somebody wrote into it since the last command is kept
    if not home.name_answers.exists():
        write_name_answers(home)
    return build(home, full_refresh=True, progress=progress)


def questions(home: Home) -> list[OpenQuestion]:
    """The questions that are open, then those that were answered."""
    from ingest.questions import list_questions

    return list_questions(Ledger(home.ledger))


def answer(home: Home, question_id: str, answer: str | None, progress: Progress = keep_quiet, actor: str | None = None) -> list[SubmissionResult]:
    """Answer a question for good, or anew; the submissions that waited for it go in without being sent again.

    Args:
        answer: None takes the answer back: what it let in waits again.
        actor: Who answers; by default whoever acts in this process.

    Returns:
        The submissions that the answer concerned, as they stand now.
    """
    from ingest.answering import answer_question, take_in_edits

    entry = Entry.now()
    take_in_edits(home, entry, progress)
    changed = answer_question(home, question_id, answer, replace(entry, actor=actor) if actor else entry, progress)
    return _submission_results(home, [(submission_id, True, None) for submission_id in changed])


def demo(home: Home, progress: Progress = keep_quiet) -> Path:
    """Load the shipped public reports and the synthetic sample as they would have come over time, build and publish."""
    from munimon.demo import load_shipped_reports

    load_shipped_reports(home, progress)
    return build(home, progress=progress)


def _what_is_out_of_date(home: Home, ledger: Ledger, published: str | None) -> Iterator[str]:
    if published is None:
        yield "nothing is published yet: run `munimon build`"
        return
    built = ledger.build_of(published)
    newer = ledger.count_entries() - (built["entries"] if built else 0)
    if newer:
        yield f"{newer} entries of the ledger are newer than the published build: run `munimon build`"
    if built and built["reference_version"] != reference_version_of(home.reference):
        yield f"{home.reference}: tables have changed since the published build: run `munimon build`"


def _submission_results(home: Home, submissions: Sequence[tuple[str, bool, str | None]]) -> list[SubmissionResult]:
    """What became of submissions, each given by its id, whether it is new, and the name it was handed in with just now, if it was."""
    from ingest.languages import AnswerLanguages

    ledger, ids = Ledger(home.ledger), [submission_id for submission_id, _, _ in submissions]
    rows, findings, spoken = ledger.submissions(ids), ledger.findings_of_each(ids), AnswerLanguages(home)
    results = []
    for submission_id, is_new, name in submissions:
        languages = spoken.of(rows[submission_id])
        # to the coordinator in English where nothing tells which one the sender reads
        language = languages[0] if len(languages) == 1 else "en"
        results.append(_submission_result(rows[submission_id], findings[submission_id], is_new, name, language))
    return results


def _submission_result(row: Mapping[str, Any], findings: Sequence[Finding], is_new: bool, name: str | None, language: str) -> SubmissionResult:
    return SubmissionResult(
        submission_id=row["submission_id"],
        file=name or row["file_name"],
        received_as=row["file_name"] if name and name != row["file_name"] else None,
        status="already_received" if not is_new and row["status"] in USABLE else row["status"],
        municipality_code=row["municipality_code"],
        programme_id=row["programme_id"],
        period_start=date.fromisoformat(row["period_start"]) if row["period_start"] else None,
        period_end=date.fromisoformat(row["period_end"]) if row["period_end"] else None,
        accepted_rows=row["accepted_rows"],
        quarantined_rows=row["quarantined_rows"],
        findings=tuple(
            FindingResult(
                severity=finding.severity,
                rule=finding.rule,
                sheet=finding.sheet,
                cell=finding.cell,
                field=finding.field,
                value_as_reported=finding.value_as_reported,
                message=full_message(finding, language),
            )
            for finding in findings
        ),
    )


def _sent(file: NamedFile, options: IngestOptions, entry: Entry) -> tuple[datetime, str | None, tuple[Finding, ...]]:
    """When and by whom a file was sent, and what is to be said of the mail it came in; what the command states holds before the mail."""
    findings: tuple[Finding, ...] = ()
    sent_at = options.sent_at or entry.recorded_at
    if file.envelope and not options.sent_at:
        sent_at, findings = file.envelope.sent_by_clock(entry.recorded_at)
    left_out = tuple(Finding(severity_of("attachment_left_out"), "attachment_left_out", params={"name": name}) for name in file.left_out)
    return sent_at, options.sent_by or (file.envelope.sent_by if file.envelope else None), findings + left_out


def _files_at(path: Path) -> list[Path]:
    if not path.exists():
        raise NothingToIngest(f"{path}: there is no such file or folder")
    files = list_files(path)
    if not files:
        raise NothingToIngest(f"{path}: there is no file in this folder")
    return files


class _Arrivals:
    """The files handed in, opened one after the other as they are asked for: a folder may hold more than fits into memory."""

    def __init__(self, files: Sequence[Path], options: IngestOptions, entry: Entry) -> None:
        self._files, self._options, self._entry = files, options, entry
        self._given = self._opened = 0

    def count(self) -> int:
        """How many files there are, as far as it is known: what is in a zip, once it is opened."""
        return self._given + len(self._files) - self._opened

    def __iter__(self) -> "Iterator[Handed]":
        from ingest.receiving import Handed

        options = self._options
        for path in self._files:
            members = files_in(path)
            self._opened += 1
            for file in members:
                self._given += 1
                sent_at, sent_by, findings = _sent(file, options, self._entry)
                receipt = Receipt(
                    file_sha256=hashlib.sha256(file.content).hexdigest(),
                    file_name=file.name,
                    sent_at=sent_at,
                    sent_by=sent_by,
                    layout=options.layout,
                    municipality=options.municipality,
                    programme=options.programme,
                    period=options.period,
                )
                yield Handed(file.content, receipt, self._entry, findings)
