"""Approvals: which figures the coordinating body has released to donors, since when, and until when."""

from dataclasses import dataclass, replace
from pathlib import Path

from ingest.entries import Entry, stamp
from ingest.ledger import Ledger
from ingest.periods import Period, parse_period
from ingest.registry import Match, Registry
from munimon.settings import MunimonError


class ApprovalUnusable(MunimonError):
    """What is to be approved or revoked is not known, or no such approval stands."""


@dataclass(frozen=True)
class Scope:
    """Figures of a programme: of one municipality or, if None, of all; of one period or, if None, of all."""

    programme_id: str
    municipality_code: str | None
    period_id: str | None

    def holds(self, other: "Scope") -> bool:
        """Whether all of another scope lies within this one."""
        return (
            self.programme_id == other.programme_id
            and self.municipality_code in (None, other.municipality_code)
            and self.period_id in (None, other.period_id)
        )


@dataclass(frozen=True)
class Approval:
    """Moments are stamps of the ledger; ``approved_to`` is None while it stands."""

    scope: Scope
    approved_at: str
    approved_to: str | None
    actor: str


def read_scope(reference: Path, programme: str, municipality: str | None, period: str | None) -> Scope:
    """What the options of the command name.

    Raises:
        ApprovalUnusable: If one of them is not known.
    """
    registry = Registry.load(reference)
    meant = registry.resolve_programme(programme)
    if not isinstance(meant, Match):
        raise ApprovalUnusable(f"--programme '{programme}': not in programmes.csv of {reference}; one of {', '.join(registry.programmes)}")
    place = registry.resolve(municipality) if municipality else None
    if municipality and not isinstance(place, Match):
        raise ApprovalUnusable(f"--municipality '{municipality}': no municipality has this code or full name; see municipalities.csv in {reference}")
    stated = parse_period(period, None) if period else None
    if period and not isinstance(stated, Period):
        raise ApprovalUnusable(f"--period '{period}': no period; write it like 2024-Q1, 2024-03, 2024-H1, 2024 or 2022-06/2022-09")
    return Scope(meant.code, place.code if isinstance(place, Match) else None, stated.period_id if isinstance(stated, Period) else None)


def approve(ledger: Ledger, scope: Scope, entry: Entry) -> None:
    """Enter that the figures that stand now are approved; what changes later is not, until it is approved in its turn."""
    _record(ledger, scope, "approved", entry)


def revoke(ledger: Ledger, scope: Scope, entry: Entry) -> None:
    """Enter that all approvals within a scope are taken back.

    Raises:
        ApprovalUnusable: If none stands within it.
    """
    standing = [each.scope for each in read_approvals(ledger) if each.approved_to is None and each.scope.programme_id == scope.programme_id]
    if not any(scope.holds(each) for each in standing):
        wider = "; a wider approval stands: revoke that one" if standing else ""
        raise ApprovalUnusable(f"programme {scope.programme_id}: no approval of exactly this, or of a part of it, stands{wider}")
    _record(ledger, scope, "revoked", entry)


def read_approvals(ledger: Ledger) -> list[Approval]:
    """All approvals ever given, in the order of their entry."""
    approvals: list[Approval] = []
    for row in ledger.select("select * from approval_events order by event_id"):
        scope = Scope(row["programme_id"], row["municipality_code"], row["period_id"])
        if row["event"] == "approved":
            approvals.append(Approval(scope, row["recorded_at"], None, row["actor"]))
        else:
            approvals = [
                replace(each, approved_to=max(each.approved_at, row["recorded_at"])) if each.approved_to is None and scope.holds(each.scope) else each
                for each in approvals
            ]
    return approvals


def _record(ledger: Ledger, scope: Scope, event: str, entry: Entry) -> None:
    with ledger.write() as connection:
        connection.execute(
            """
            insert into approval_events (programme_id, municipality_code, period_id, event, recorded_at, actor, is_back_filled)
            values (?, ?, ?, ?, ?, ?, ?)
            """,
            [scope.programme_id, scope.municipality_code, scope.period_id, event, stamp(entry.recorded_at), entry.actor, entry.is_back_filled],
        )
