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


def diff(
    context: typer.Context,
    submissions: Annotated[
        list[str], typer.Argument(metavar="[EARLIER] LATER", help="Reports by their ids; the earlier one is else the one sent before.")
    ],
    form: Annotated[str, typer.Option("--format", metavar="table|csv|json", help="How to print the answer.")] = "table",
    language: Annotated[str | None, typer.Option(metavar="LANGUAGE", help="en, sr-Latn, sr-Cyrl, mk or sq; else that of the report.")] = None,
    home: HomeOption = None,
) -> None:
    """Show what a report says differently from the one before it: cell by cell, rows added and left out, findings mended and new.

    \b
    Rows are matched by what they speak of, not by where they stand. With one id the report is compared with the last one sent before it on the same
    municipality, programme and period.
    Example: munimon diff 5f0c2a9b7e11 9c41d07e22b5
    """
    from ingest.differences import compare_reports
    from munimon.differences import write_comparison
    from publish.formats import format_named

    if len(submissions) > 2 or len(set(submissions)) < len(submissions):
        raise MunimonError("diff: give the report, or an earlier report and a later one")
    chosen, where = format_named(form), find_home(home or context.obj)
    typer.echo(write_comparison(compare_reports(where, *reversed(submissions)), chosen, language), nl=False)
