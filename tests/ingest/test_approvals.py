"""Approvals are entered and taken back, and the ledger keeps both."""

import pytest

from ingest.approvals import Approval, ApprovalUnusable, Scope, approve, read_approvals, read_scope, revoke
from ingest.entries import Entry
from ingest.ledger import Ledger
from munimon.settings import Home


def at(monkeypatch: pytest.MonkeyPatch, day: str) -> Entry:
    monkeypatch.setenv("MUNIMON_NOW", day)
    return Entry.now()


def test_a_revocation_ends_the_approvals_within_its_scope_and_no_other(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = Ledger(home.ledger)
    kicevo, krusevac = (Scope("SAMPLE", code, "2024-Q1") for code in ("603", "70670"))
    approve(ledger, kicevo, at(monkeypatch, "2024-05-01"))
    approve(ledger, krusevac, at(monkeypatch, "2024-05-02"))
    revoke(ledger, Scope("SAMPLE", "70670", None), at(monkeypatch, "2024-05-03"))
    approve(ledger, krusevac, at(monkeypatch, "2024-05-04"))

    assert read_approvals(ledger) == [
        Approval(kicevo, "2024-05-01T00:00:00.000000", None, "coordinator"),
        Approval(krusevac, "2024-05-02T00:00:00.000000", "2024-05-03T00:00:00.000000", "coordinator"),
        Approval(krusevac, "2024-05-04T00:00:00.000000", None, "coordinator"),
    ]
    assert [row["event"] for row in ledger.select("select event from approval_events order by event_id")] == [
        "approved",
        "approved",
        "revoked",
        "approved",
    ]


def test_what_is_not_approved_cannot_be_revoked_and_a_wider_approval_is_named(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = Ledger(home.ledger)
    one = Scope("SAMPLE", "70670", "2024-Q1")
    with pytest.raises(ApprovalUnusable, match=r"^programme SAMPLE: no approval of exactly this, or of a part of it, stands$"):
        revoke(ledger, one, at(monkeypatch, "2024-05-01"))
    approve(ledger, Scope("SAMPLE", None, None), at(monkeypatch, "2024-05-01"))
    with pytest.raises(ApprovalUnusable, match=r"stands; a wider approval stands: revoke that one$"):
        revoke(ledger, one, at(monkeypatch, "2024-05-02"))


def test_a_scope_is_read_from_names_and_codes_and_what_is_not_known_is_refused(home: Home) -> None:
    assert read_scope(home.reference, "SAMPLE", "Крушевац", "I kvartal 2024.") == Scope("SAMPLE", "70670", "2024-Q1")
    for programme, municipality, period, said in (
        ("NONE", None, None, "--programme 'NONE'"),
        ("SAMPLE", "Palilula", None, "--municipality 'Palilula'"),
        ("SAMPLE", None, "soon", "--period 'soon'"),
    ):
        with pytest.raises(ApprovalUnusable, match=said):
            read_scope(home.reference, programme, municipality, period)
