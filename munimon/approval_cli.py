"""The command by which figures are released to donors."""

from pathlib import Path
from typing import Annotated

import typer

from munimon.locks import work_in
from munimon.settings import find_home


def approve(
    context: typer.Context,
    programme: Annotated[str, typer.Option(metavar="ID", help="The programme whose figures are meant.")],
    municipality: Annotated[str | None, typer.Option(metavar="CODE|NAME", help="One municipality; else all.")] = None,
    period: Annotated[str | None, typer.Option(metavar="PERIOD", help="One period: 2024-Q1, 2024-03, 2024; else all.")] = None,
    revoke: Annotated[bool, typer.Option("--revoke", help="Take the approvals of this, and of its parts, back.")] = False,
    home: Annotated[Path | None, typer.Option("--home", metavar="DIR", help="The home folder; else MUNIMON_HOME, else the default one.")] = None,
) -> None:
    """Approve figures as they stand: donors see them, and see no later change until that is approved too.

    \b
    Example: munimon approve --programme RS-GIZ-ZZZ --period 2024-Q1
    """
    from ingest import approvals
    from ingest.entries import Entry
    from ingest.ledger import Ledger

    where = find_home(home or context.obj)
    scope = approvals.read_scope(where.reference, programme, municipality, period)
    with work_in(where):
        record = approvals.revoke if revoke else approvals.approve
        record(Ledger(where.ledger), scope, Entry.now())
    named = ", ".join(part for part in (scope.programme_id, scope.municipality_code, scope.period_id) if part)
    typer.echo(f"{named}: {'no longer approved' if revoke else 'approved as it stands'}; run `munimon build` to publish it.")
