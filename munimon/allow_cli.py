"""The commands about what only a coordinator may let in."""

import json
from pathlib import Path
from typing import Annotated

import typer

from munimon.settings import find_home

allow_app = typer.Typer(rich_markup_mode=None)

HomeOption = Annotated[Path | None, typer.Option("--home", metavar="DIR", help="The home folder; else MUNIMON_HOME, else the default one.")]
ProgrammeOption = Annotated[str, typer.Option(metavar="ID", help="The programme whose reports it is about.")]
ReasonOption = Annotated[str, typer.Option(help="Why; it is kept in the ledger.")]


@allow_app.callback()
def allow() -> None:
    """What comes in only where a coordinator allows it, on record: personal data.

    \b
    Example: munimon allow list
    """


@allow_app.command("personal-data")
def allow_personal_data(context: typer.Context, programme: ProgrammeOption, reason: ReasonOption, home: HomeOption = None) -> None:
    """Let reports on a programme hold names, identity numbers and contacts of persons; a refused file can then be handed in again.

    \b
    Example: munimon allow personal-data --programme SAMPLE --reason "agreement 12/2024 with the commissioner"
    """
    from ingest import allowances
    from ingest.entries import Entry

    allowances.allow_personal_data(find_home(home or context.obj), programme, reason, Entry.now())
    typer.echo(f"Reports on {programme} may hold personal data; hand refused ones in again. Take it back with `munimon allow revoke`.")


@allow_app.command("revoke")
def revoke_personal_data(context: typer.Context, programme: ProgrammeOption, reason: ReasonOption, home: HomeOption = None) -> None:
    """Take it back: from now on reports on the programme may not hold personal data. What was let in stays.

    \b
    Example: munimon allow revoke --programme SAMPLE --reason "the agreement has ended"
    """
    from ingest import allowances
    from ingest.entries import Entry

    allowances.revoke_personal_data(find_home(home or context.obj), programme, reason, Entry.now())
    typer.echo(f"Reports on {programme} may no longer hold personal data.")


@allow_app.command("list")
def list_allowances(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
    home: HomeOption = None,
) -> None:
    """List what was allowed and taken back: of which programme, when, by whom and why.

    \b
    Example: munimon allow list --json
    """
    from ingest.allowances import list_allowances
    from ingest.ledger import Ledger

    entries = list_allowances(Ledger(find_home(home or context.obj).ledger))
    if as_json:
        typer.echo(json.dumps({"allowances": entries}, ensure_ascii=False, indent=1))
        return
    for entry in entries:
        typer.echo(f"{entry['recorded_at'][:19]}  {entry['programme_id']}: personal data {entry['event']} by {entry['actor']}: {entry['reason']}")
    if not entries:
        typer.echo("Nothing was allowed.")
