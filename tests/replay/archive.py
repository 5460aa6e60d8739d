"""A home that lives through histories day by day, publishes on the way, and keeps what it published."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import duckdb
import pytest
from openpyxl import Workbook

from ingest import approvals
from ingest.entries import USABLE, Entry, Receipt
from ingest.ledger import Ledger
from ingest.receiving import Handed, receive
from ingest.registry import Match, Registry
from ingest.templates import write_report
from munimon import pipeline
from munimon.reference import copy_reference
from munimon.results import keep_quiet
from munimon.settings import Home
from publish.connections import connect
from tests.replay.edits import EDITS, add_indicators, add_limits, add_measures, add_programmes, edit_table
from tests.replay.histories import DAYS, QUARTERLY, TABLE, Again, Decision, History, Report, TableChange, When

# Somebody's form that states what was awarded and paid in the quarter.
LAYOUT = """
title: Grants, quarter by quarter
language: sr-Latn
amounts: flow
municipality: Opština
programme: Program
period: Kvartal
tables:
- section: grants
  fields:
    grant_ref: Oznaka granta
    awarded_amount: Dodeljeno (EUR)
    disbursed_amount: Isplaćeno u kvartalu (EUR)
"""
HEADINGS = ("Opština", "Program", "Kvartal", "Oznaka granta", "Dodeljeno (EUR)", "Isplaćeno u kvartalu (EUR)")
# A table that can be shown as of a moment has one of these, or its whole history in a table beside it.
CLOCKS = {"recorded_from", "changed_at", "recorded_at"}

Table = tuple[tuple[str, ...], Counter[tuple[Any, ...]]]


@dataclass(frozen=True)
class Publication:
    """What was published at a moment: of each table its columns and rows."""

    moment: datetime
    tables: dict[str, Table]


@dataclass
class Archive:
    """The home, and each publication made of it."""

    home: Home
    clock: pytest.MonkeyPatch
    publications: list[Publication] = field(default_factory=list)
    _handed: dict[tuple[History, Report], Handed] = field(default_factory=dict)

    def live(self, histories: Sequence[History], changes: Sequence[TableChange], published_after: Mapping[int, int]) -> None:
        """Let everything happen in the order of the ledger's clock; publish after these days, and on the evening of the last.

        Args:
            published_after: Day → how many days later it is published: on its evening, or on a day on which nothing else is entered.
        """
        copy_reference(self.home)
        (self.home.reference / "layouts" / "quarterly.yml").write_text(LAYOUT, encoding="utf-8")
        edit_table(self.home.reference, "programmes", add_programmes)
        edit_table(self.home.reference, "measures", add_measures)
        edit_table(self.home.reference, "indicators", add_indicators)
        edit_table(self.home.reference, "plausible_changes", add_limits)
        for day in range(DAYS):
            for change in changes:
                if change.day == day:
                    table, edit = EDITS[change.kind]
                    edit_table(self.home.reference, table, edit, change.number)
            reports = [(each.when, number, each) for number, history in enumerate(histories) for each in history.reports if each.when.day == day]
            again = [(each.when, number, each) for number, history in enumerate(histories) for each in history.again if each.when.day == day]
            handed = [self._hand(histories[number], report) for _, number, report in sorted(reports, key=lambda each: each[:2])]
            handed += [self._hand_again(histories[number], each) for _, number, each in sorted(again, key=lambda each: each[:2])]
            if handed:
                receive(self.home, handed, keep_quiet)
            decisions = [(each.when, number, each) for number, history in enumerate(histories) for each in history.decisions if each.when.day == day]
            for when, number, decision in sorted(decisions, key=lambda each: each[:2]):
                self._set_clock(when.moment)
                self._decide(histories[number], decision)
            if day in published_after:
                self.publish(When(day, 9).moment + timedelta(days=published_after[day]))
        self.publish(When(DAYS - 1, 9).moment)

    def publish(self, moment: datetime) -> None:
        """Build at a moment of the ledger's clock, and keep what is published."""
        self._set_clock(moment)
        pipeline.build(self.home)
        self.publications.append(Publication(moment, self.read()))

    def read(self, as_of: datetime | None = None) -> dict[str, Table]:
        """All tables that carry a clock, as they are published now or shown as of a moment."""
        with connect(self.home, as_of=as_of) as connection:
            return {table: _read(connection, table) for table in _tables_with_a_clock(connection)}

    def read_whole(self) -> dict[str, Table]:
        """Every table that is published, with or without a clock."""
        with connect(self.home) as connection:
            tables = connection.execute("select table_name from information_schema.tables where table_schema = 'marts' order by 1").fetchall()
            return {table: _read(connection, table) for (table,) in tables}

    def is_built_anew(self) -> bool:
        """Whether the last build took nothing over."""
        results = json.loads((self.home.builds / "target" / "run_results.json").read_text(encoding="utf-8"))
        return bool(results["args"].get("full_refresh"))

    def _set_clock(self, moment: datetime) -> None:
        self.clock.setenv("MUNIMON_NOW", moment.isoformat())

    def _hand(self, history: History, report: Report) -> Handed:
        options: dict[str, str] = {}
        if report.form == QUARTERLY:
            name, content = "kvartal.xlsx", _write_quarterly(history, report)
        elif report.form == TABLE:
            name, content = f"{report.section}.csv", _write_table(report)
            options = {"municipality": history.place, "programme": history.programme, "period": report.period}
        else:
            name, content = "izveštaj.xlsx", self._write_workbook(history, report)
        sent_at = report.when.moment - timedelta(days=report.days_on_the_way)
        receipt = Receipt(hashlib.sha256(content).hexdigest(), name, sent_at, report.sender, **options)
        handed = Handed(content, receipt, Entry(report.when.moment, report.sender, is_back_filled=True))
        self._handed[history, report] = handed
        return handed

    def _hand_again(self, history: History, again: Again) -> Handed:
        report = history.reports[again.number]
        first = self._handed[history, report]
        sent_at = report.when.moment + timedelta(days=again.days_after)
        entry = Entry(max(again.when.moment, report.when.moment), report.sender, is_back_filled=True)
        return replace(first, receipt=replace(first.receipt, sent_at=sent_at), entry=entry)

    def _write_workbook(self, history: History, report: Report) -> bytes:
        path = write_report(
            self.home.folder / "report.xlsx",
            language="sr-Latn",
            municipality=history.place,
            programme=history.programme,
            period=report.period,
            statement=report.statement,
            rows={report.section: [dict(row) for row in report.rows]} if report.rows else {},
            said={report.section: report.said},
            sections=[report.section],
        )
        return path.read_bytes()

    def _decide(self, history: History, decision: Decision) -> None:
        ledger = Ledger(self.home.ledger)
        place = Registry.load(self.home.reference).resolve(history.place)
        code = place.code if isinstance(place, Match) else None
        match decision.kind:
            case "approve" | "revoke":
                period = (None, "2024-Q1", "2024", "to-date")[decision.number % 4]
                scope = approvals.Scope(history.programme, code if decision.number % 2 else None, period)
                if decision.kind == "approve":
                    approvals.approve(ledger, scope, Entry.now())
                elif any(scope.holds(each.scope) for each in approvals.read_approvals(ledger) if each.approved_to is None):
                    approvals.revoke(ledger, scope, Entry.now())
            case "withdraw":
                if own := self._submissions(ledger, history, code, USABLE):
                    pipeline.withdraw(self.home, own[decision.number % len(own)], "sent by mistake")
            case _:
                own = self._submissions(ledger, history, code, (*USABLE, "waiting_for_answer"))
                if asked := [question for question in pipeline.questions(self.home) if set(question.submission_ids) & set(own)]:
                    question = asked[decision.number % len(asked)]
                    answer = decision.answer if question.kind == "replace_or_add" else {"replaces": "70203", "adds": "71323"}[decision.answer]
                    pipeline.answer(self.home, question.question_id, None if decision.kind == "take the answer back" else answer)

    def _submissions(self, ledger: Ledger, history: History, code: str | None, statuses: Sequence[str]) -> list[str]:
        rows = ledger.select("select * from current_submissions where programme_id = ? order by submission_id", [history.programme])
        return [row["submission_id"] for row in rows if row["status"] in statuses and code in (None, row["municipality_code"])]


def _write_quarterly(history: History, report: Report) -> bytes:
    book = Workbook()
    book.active.append(HEADINGS)
    for row in map(dict, report.rows):
        amounts = (row.get(name) for name in ("grant_ref", "awarded_amount", "disbursed_amount"))
        book.active.append((history.place, history.programme, report.period, *amounts))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write_table(report: Report) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, sorted({name for row in report.rows for name, _ in row}), lineterminator="\n")
    writer.writeheader()
    writer.writerows(map(dict, report.rows))
    return out.getvalue().encode()


def _tables_with_a_clock(connection: duckdb.DuckDBPyConnection) -> list[str]:
    columns = connection.execute("select table_name, column_name from information_schema.columns where table_schema = 'marts'").fetchall()
    named = {table for table, _ in columns}
    return sorted({table for table, column in columns if column in CLOCKS or f"{table}_history" in named})


def _read(connection: duckdb.DuckDBPyConnection, table: str) -> Table:
    cursor = connection.execute(f"select * from marts.{table}")
    return tuple(column[0] for column in cursor.description or ()), Counter(cursor.fetchall())
