"""Programmes whose reports may hold personal data, on record: who allowed it, when, why, and until when."""

from typing import Any

from ingest.entries import Entry, stamp
from ingest.ledger import Ledger
from ingest.registry import Registry
from munimon.settings import Home, MunimonError


def allow_personal_data(home: Home, programme: str, reason: str, entry: Entry) -> str:
    """Enter that reports on a programme may hold personal data; returns the programme's id.

    Raises:
        MunimonError: If the programme is not known, or no reason is given.
    """
    return _record(home, programme, "allowed", reason, entry)


def revoke_personal_data(home: Home, programme: str, reason: str, entry: Entry) -> str:
    """Enter that reports on a programme may no longer hold personal data; what was let in stays.

    Raises:
        MunimonError: If it was not allowed, or no reason is given.
    """
    if programme not in programmes_allowed(Ledger(home.ledger)):
        raise MunimonError(f"--programme '{programme}': its reports may not hold personal data as it is; see `munimon allow list`")
    return _record(home, programme, "revoked", reason, entry)


def list_allowances(ledger: Ledger) -> list[dict[str, Any]]:
    """All that was entered: programme_id, event (allowed, revoked), reason, recorded_at, actor, is_back_filled; the oldest first."""
    return ledger.select("select programme_id, event, reason, recorded_at, actor, is_back_filled from personal_data_allowances order by allowance_id")


def programmes_allowed(ledger: Ledger) -> frozenset[str]:
    """The programmes whose reports may hold personal data now: the last entry of each holds."""
    last = {row["programme_id"]: row["event"] for row in list_allowances(ledger)}
    return frozenset(programme_id for programme_id, event in last.items() if event == "allowed")


def _record(home: Home, programme: str, event: str, reason: str, entry: Entry) -> str:
    if programme not in Registry.load(home.reference).programmes:
        raise MunimonError(f"--programme '{programme}': not in programmes.csv of {home.reference}; give its id")
    if not reason.strip():
        raise MunimonError("--reason: say why; it is kept in the ledger")
    with Ledger(home.ledger).write() as connection:
        connection.execute(
            """
            insert into personal_data_allowances (programme_id, event, reason, recorded_at, actor, is_back_filled)
            values (?, ?, ?, ?, ?, ?)
            """,
            [programme, event, reason.strip(), stamp(entry.recorded_at), entry.actor, entry.is_back_filled],
        )
    return programme
