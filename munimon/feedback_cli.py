"""The commands that answer the sender of a report, and that show what a corrected report changed."""

from pathlib import Path
from typing import Annotated

import typer

from munimon.settings import MunimonError, find_home

HomeOption = Annotated[Path | None, typer.Option("--home", metavar="DIR", help="The home folder; else MUNIMON_HOME, else the default one.")]


def feedback(
    context: typer.Context,
    submission: Annotated[str, typer.Argument(metavar="SUBMISSION", help="Its id, as `munimon ingest` printed it.")],
    out: Annotated[Path | None, typer.Option(metavar="FILE.xlsx", help="The workbook to write; one with macros gets the ending .xlsm.")] = None,
    text: Annotated[bool, typer.Option("--text", help="Print the answer as plain text, for an e-mail.")] = False,
    language: Annotated[str | None, typer.Option(metavar="LANGUAGE", help="en, sr-Latn, sr-Cyrl, mk or sq; else that of the report.")] = None,
    home: HomeOption = None,
) -> None:
    """Answer a report: the municipality's own workbook with the failing cells marked and explained, or the same as plain text.

    \b
    Example: munimon feedback 5f0c2a9b7e11 --out answer.xlsx --language mk
    """
    from ingest.feedback import feedback_text, write_feedback

    if not (out or text):
        raise MunimonError("feedback: nothing is asked for; give --out FILE.xlsx, or --text")
    where = find_home(home or context.obj)
    if out:
        typer.echo(f"{write_feedback(where, submission, out, language)} is written.")
    if text:
        typer.echo(feedback_text(where, submission, language), nl=False)
