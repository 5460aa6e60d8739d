"""The command that says what was checked."""

from pathlib import Path
from typing import Annotated

import typer

from munimon.settings import MunimonError, find_home


def checks(
    context: typer.Context,
    out: Annotated[Path, typer.Option(metavar="FILE.html", help="The page to write; it needs no network, and prints.")],
    batch: Annotated[str | None, typer.Option(metavar="BATCH", help="Only the reports that came in together; `last` for the newest.")] = None,
    submission: Annotated[str | None, typer.Option(metavar="SUBMISSION", help="Only this report.")] = None,
    language: Annotated[str, typer.Option(metavar="LANGUAGE", help="en, sr-Latn, sr-Cyrl, mk or sq.")] = "en",
    home: Annotated[Path | None, typer.Option("--home", metavar="DIR", help="The home folder; else MUNIMON_HOME, else the default one.")] = None,
) -> None:
    """Write what was checked: each rule with its reason, how many rows it judged, how many failed, and the cells.

    \b
    Example: munimon checks --batch last --out checks.html --language mk
    """
    from munimon.checks import Scope, write_checks_report

    if batch and submission:
        raise MunimonError("checks: give --batch or --submission, not both")
    typer.echo(f"{write_checks_report(find_home(home or context.obj), Scope(batch, submission), language, out)} is written.")
