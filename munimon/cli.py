"""The commands: what they take, what they print, how they end. The work itself is elsewhere, and is imported only by the command that does it."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

from munimon import __version__
from munimon.allow_cli import allow_app
from munimon.approval_cli import approve
from munimon.changes_cli import show_changes
from munimon.checks_cli import checks
from munimon.feedback_cli import diff, feedback
from munimon.layout_cli import layout_app
from munimon.locks import work_in
from munimon.printing import print_json, print_outcome
from munimon.progress import show_progress
from munimon.questions_cli import questions_app
from munimon.rates_cli import rates
from munimon.results import IngestOptions, Status, as_plain
from munimon.round_cli import outbox, template
from munimon.settings import Home, MunimonError, find_home, parse_moment

DONE, FAILED, SOME_REFUSED = 0, 1, 3

app = typer.Typer(
    name="munimon",
    help="Collect what municipalities report and turn it into indicators that lead back to a cell.",
    invoke_without_command=True,
    add_completion=False,
    rich_markup_mode=None,
    epilog="Ends with 0: all well; 1: an error of the command; 3: done, but some input was refused or quarantined, each named.",
)
app.add_typer(questions_app, name="questions")
app.add_typer(layout_app, name="layout")
app.command()(feedback)
app.command()(diff)
app.command()(checks)
app.command()(template)
app.command()(outbox)
app.command()(rates)
app.add_typer(allow_app, name="allow")
app.command()(approve)
app.command("changes")(show_changes)

HomeOption = Annotated[Path | None, typer.Option("--home", metavar="DIR", help="The home folder; else MUNIMON_HOME, else the default one.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
MunicipalityOption = Annotated[str | None, typer.Option(metavar="CODE|NAME", help="The municipality, where the file does not name it.")]
ProgrammeOption = Annotated[str | None, typer.Option(metavar="ID", help="The programme, where the file does not name it.")]
PeriodOption = Annotated[str | None, typer.Option(metavar="PERIOD", help="The period, where the file does not state it: 2024-Q1, 2024-03, 2024.")]


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit status; an error is one line on standard error."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
    try:
        return app(args=arguments, prog_name="munimon", standalone_mode=False) or DONE
    except MunimonError as error:
        return _fail(str(error))
    except TyperException as error:
        return _fail(f"{error.format_message()} See: munimon --help")
    except OSError as error:
        if error.filename is None:
            raise
        return _fail(f"{error.filename}: {error.strerror}; check the path, its permissions and the room on the disk")
    except (KeyboardInterrupt, typer.Abort):
        return _fail("stopped; what was acknowledged is kept, run the command again for the rest")


@app.callback()
def choose_home(
    context: typer.Context,
    home: HomeOption = None,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Collect what municipalities report and turn it into indicators that lead back to a cell."""
    if version:
        typer.echo(__version__)
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
    context.obj = home


@app.command()
def init(folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to make.")]) -> None:
    """Make a home folder with its own editable copy of the reference data.

    \b
    Example: munimon init ~/monitoring
    """
    from munimon.reference import copy_reference

    home = find_home(folder)
    copy_reference(home)
    typer.echo(f"{home.folder} is ready; its reference data is in {home.reference}. Use it with --home or MUNIMON_HOME.")


@app.command()
def demo(
    context: typer.Context,
    home: HomeOption = None,
    dashboard: Annotated[bool, typer.Option("--dashboard/--no-dashboard", help="Open the dashboard when all is loaded.")] = True,
    port: Annotated[int | None, typer.Option(help="The dashboard's port; else a free one.")] = None,
) -> None:
    """Load the shipped reports and the synthetic sample, build, publish and open the dashboard.

    \b
    Example: munimon demo --no-dashboard --home ~/demo
    """
    from munimon import pipeline

    where = _home(context, home)
    with work_in(where), show_progress() as progress:
        pipeline.demo(where, progress)
        status = pipeline.status(where)
    _print_status(status)
    if dashboard:
        _serve(where, port)


@app.command()
def ingest(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Workbooks, CSV files, mails; folders, zips and mailboxes of them.")],
    layout: Annotated[str | None, typer.Option(metavar="NAME", help="The layout of somebody else's form.")] = None,
    municipality: MunicipalityOption = None,
    programme: ProgrammeOption = None,
    period: PeriodOption = None,
    sent_at: Annotated[str | None, typer.Option(metavar="TS", help="When it was sent, ISO 8601; else now.")] = None,
    sent_by: Annotated[str | None, typer.Option(metavar="WHO", help="Who sent it.")] = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Take reports in: keep the files, read them, check them, and say what was wrong, cell by cell.

    \b
    Example: munimon ingest reports/krusevac.xlsx --sent-at 2024-04-12 --sent-by "Grad Kruševac"
    """
    from munimon import pipeline

    options = IngestOptions(layout, municipality, programme, period, parse_moment(sent_at, "--sent-at") if sent_at else None, sent_by)
    where = _home(context, home)
    with work_in(where), show_progress() as progress:
        outcome = pipeline.ingest(where, paths, options, progress)
    if as_json:
        print_json(outcome.as_json())
    else:
        print_outcome(outcome)
    raise typer.Exit(DONE if outcome.is_complete else SOME_REFUSED)


@app.command()
def withdraw(
    context: typer.Context,
    submission: Annotated[str, typer.Argument(metavar="SUBMISSION", help="Its id, as `munimon ingest` printed it.")],
    reason: Annotated[str, typer.Option(help="Why; it is kept in the ledger.")],
    home: HomeOption = None,
) -> None:
    """Take a submission back; what stood before it stands again after the next build.

    \b
    Example: munimon withdraw 5f0c2a9b7e11 --reason "sent for the wrong quarter"
    """
    from munimon import pipeline

    where = _home(context, home)
    with work_in(where):
        pipeline.withdraw(where, submission, reason)
    typer.echo(f"{submission} is withdrawn; run `munimon build` to publish without it.")


@app.command()
def build(
    context: typer.Context,
    full_refresh: Annotated[bool, typer.Option("--full-refresh", help="Build everything anew, and take nothing over from the last build.")] = False,
    home: HomeOption = None,
) -> None:
    """Build marts and indicators from what was received, test them, and publish.

    \b
    Example: munimon build
    """
    from munimon import pipeline

    where = _home(context, home)
    with work_in(where), show_progress() as progress:
        published = pipeline.build(where, full_refresh, progress)
    typer.echo(f"{published} is published.")


@app.command()
def rebuild(context: typer.Context, home: HomeOption = None) -> None:
    """Make raw rows, marts and publication again from the originals and the ledger alone.

    \b
    Example: munimon rebuild
    """
    from munimon import pipeline

    where = _home(context, home)
    with work_in(where), show_progress() as progress:
        pipeline.rebuild(where, progress)
    typer.echo(f"{where.folder} is rebuilt and published.")


@app.command()
def status(context: typer.Context, as_json: JsonOption = False, home: HomeOption = None) -> None:
    """Say what was received, what was found, what is published and what is out of date.

    \b
    Example: munimon status --json
    """
    from munimon import pipeline

    state = pipeline.status(_home(context, home))
    if as_json:
        print_json(as_plain(state))
    else:
        _print_status(state)


@app.command()
def sql(
    context: typer.Context,
    select: Annotated[str, typer.Argument(metavar="SELECT", help="One SELECT on the tables of schema marts.")],
    as_of: Annotated[str | None, typer.Option(metavar="TS", help="Show the marts as they were known at this moment, ISO 8601.")] = None,
    audience: Annotated[str, typer.Option(metavar="coordinator|donor", help="Whose file: a donor's holds approved figures alone.")] = "coordinator",
    form: Annotated[str, typer.Option("--format", metavar="table|csv|json", help="How to print the answer.")] = "table",
    home: HomeOption = None,
) -> None:
    """Ask the published marts; reads nothing else and changes nothing.

    \b
    In CSV, text that a spreadsheet would run as a formula (it begins with = + - @) is led by a single quote.
    Example: munimon sql "select title from marts.dim_programmes" --format csv
    """
    from publish.connections import connect
    from publish.files import audience_named
    from publish.formats import format_named, write_answer
    from publish.queries import query

    chosen, reader = format_named(form), audience_named(audience)
    with connect(_home(context, home), reader, parse_moment(as_of, "--as-of") if as_of else None) as connection:
        typer.echo(write_answer(query(connection, select), chosen), nl=False)


@app.command()
def dashboard(
    context: typer.Context,
    port: Annotated[int | None, typer.Option(help="The port on 127.0.0.1; else a free one.")] = None,
    read_only: Annotated[bool, typer.Option("--read-only", help="Questions are shown and cannot be answered.")] = False,
    home: HomeOption = None,
) -> None:
    """Show what is published in a browser, and let open questions be answered there, on this machine only.

    \b
    Example: munimon dashboard --port 8501
    """
    _serve(_home(context, home), port, read_only)


@app.command()
def doctor(context: typer.Context, as_json: JsonOption = False, home: HomeOption = None) -> None:
    """Check the installation and the home folder; clean what a killed run left behind, which is no fault.

    \b
    Example: munimon doctor
    """
    from munimon.doctor import examine

    checks = examine(_home(context, home))
    if as_json:
        print_json({"checks": [{"name": check.name, "is_well": check.is_well, "says": check.says} for check in checks]})
    else:
        for check in checks:
            typer.echo(f"{'well ' if check.is_well else 'FAULT'}  {check.name}: {check.says}")
    raise typer.Exit(DONE if all(check.is_well for check in checks) else FAILED)


def _home(context: typer.Context, option: Path | None) -> Home:
    """The home of a command: its own option, else that of `munimon` itself, else as ``find_home`` says."""
    return find_home(option or context.obj)


def _serve(home: Home, port: int | None, is_read_only: bool = False) -> None:
    from munimon.dashboard import serve

    serve(home, port, lambda address: typer.echo(f"The dashboard is at {address} (Ctrl-C stops it)."), is_read_only)


def _fail(message: str) -> int:
    typer.echo(f"munimon: {' '.join(message.split())}", err=True)
    return FAILED


def _print_status(state: Status) -> None:
    counts = {"submissions": state.submissions, "findings": state.findings}
    typer.echo(f"home: {state.home}")
    for name, by_kind in counts.items():
        typer.echo(f"{name}: {', '.join(f'{count} {kind}' for kind, count in by_kind.items()).replace('_', ' ') or 'none'}")
    typer.echo(f"warnings of the build: {state.build_warnings}")
    typer.echo(f"open questions: {state.open_questions}")
    typer.echo(f"last entry: {state.last_entry_at.isoformat(timespec='seconds') if state.last_entry_at else 'none'}")
    typer.echo(f"published: {state.published_build or 'nothing yet; run `munimon build`'}")
    for sentence in state.out_of_date:
        typer.echo(f"out of date: {sentence}")


if __name__ == "__main__":
    sys.exit(main())
