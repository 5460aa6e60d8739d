"""The commands of a round of reporting: the forms that go out, and the mails that answer what came back."""

from pathlib import Path
from typing import Annotated

import typer

from munimon.locks import work_in
from munimon.progress import show_progress
from munimon.settings import MunimonError, find_home, parse_moment

HomeOption = Annotated[Path | None, typer.Option("--home", metavar="DIR", help="The home folder; else MUNIMON_HOME, else the default one.")]


def template(
    context: typer.Context,
    programme: Annotated[str, typer.Option(metavar="ID", help="The programme that is reported on.")],
    period: Annotated[str, typer.Option(metavar="PERIOD", help="The period that is reported on: 2024-Q1, 2024-03, 2024-H1, 2024.")],
    out: Annotated[Path, typer.Option(metavar="FILE.xlsx|DIR", help="The workbook to write; with --all the folder for them.")],
    municipality: Annotated[str | None, typer.Option(metavar="CODE|NAME", help="The municipality that is to report.")] = None,
    everybody: Annotated[bool, typer.Option("--all", help="One workbook for each municipality that the programme supports.")] = False,
    language: Annotated[
        str | None,
        typer.Option(metavar="LANGUAGE", help="en, sr-Latn, sr-Cyrl, mk or sq; else that of the contact, of the last report, or of the country."),
    ] = None,
    blank: Annotated[bool, typer.Option("--blank", help="Fill in nothing of what was reported before, and give no refs.")] = False,
    home: HomeOption = None,
) -> None:
    """Write the workbook in which a municipality reports, in its language, with what it reported before and is not over filled in.

    \b
    Example: munimon template --municipality Kruševac --programme RS-GIZ-ZZZ --period 2024-Q1 --language sr-Latn --out report.xlsx
    """
    from munimon import pipeline
    from munimon.forms import write_forms

    where = find_home(home or context.obj)
    if everybody == bool(municipality) or (everybody and blank):
        raise MunimonError("template: give --municipality CODE|NAME for one workbook (--blank for an empty one), or --all for those of all")
    if municipality:
        pipeline.template(where, municipality, programme, period, language, out, blank)
        typer.echo(f"{out} is written.")
        return
    with show_progress() as progress:
        forms = write_forms(where, programme, period, language, out, progress)
    rows = [form.rows for form in forms if form.rows]
    typer.echo(f"{len(forms)} workbooks are written to {out}; {len(rows)} of them hold what was reported before, in {sum(rows)} rows.")


def outbox(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder for the drafts.")],
    programme: Annotated[str | None, typer.Option(metavar="ID", help="Only about this programme.")] = None,
    period: Annotated[str | None, typer.Option(metavar="PERIOD", help="Only about this period.")] = None,
    since: Annotated[
        str | None, typer.Option(metavar="TS", help="Everything received since this moment, ISO 8601, and all reminders, drafted before or not.")
    ] = None,
    home: HomeOption = None,
) -> None:
    """Write drafts of mails, one .eml each, and send nothing: an answer to each report, a reminder to those who have not reported.

    \b
    What was drafted is remembered, so that a second run drafts only what is new.
    Example: munimon outbox drafts --programme SAMPLE --period 2024-Q1
    """
    from munimon.outbox import write_drafts

    where = find_home(home or context.obj)
    with work_in(where), show_progress() as progress:
        drafts = write_drafts(where, folder, programme, period, parse_moment(since, "--since") if since else None, progress)
    for draft in drafts.written:
        typer.echo(f"{draft.file_name}: {draft.subject}")
    for sentence in drafts.left_out:
        typer.echo(f"no draft: {sentence}")
    typer.echo(f"{len(drafts.written)} drafts are written to {folder}; nothing is sent.")
