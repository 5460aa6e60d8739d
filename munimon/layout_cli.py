"""The commands about other people's forms."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from munimon.results import as_plain
from munimon.settings import find_home

if TYPE_CHECKING:
    from ingest.layout_proposal import Proposal

layout_app = typer.Typer(rich_markup_mode=None)


@layout_app.callback()
def layout() -> None:
    """Somebody else's form: one YAML in the reference folder says how to read it.

    \b
    Example: munimon layout try register.xlsx
    """


@layout_app.command("try")
def try_layout(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The form, with some rows filled in.")],
    out: Annotated[Path | None, typer.Option(metavar="NAME.yml", help="Write the proposed layout here; else it is printed.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
    home: Annotated[Path | None, typer.Option("--home", metavar="DIR", help="The home folder; else MUNIMON_HOME, else the default one.")] = None,
) -> None:
    """Propose a layout for a form: which headings mean which fields, what is left over, and how the first rows would be loaded.

    \b
    Example: munimon layout try register.xlsx --out ~/monitoring/reference/layouts/register.yml
    """
    from munimon import pipeline

    proposal = pipeline.try_layout(find_home(home or context.obj), file, out)
    if as_json:
        typer.echo(json.dumps(as_plain(proposal), ensure_ascii=False, indent=1))
        return
    for title, headings, rows in _tables_of(proposal):
        _print_table(title, headings, rows)
    typer.echo(f"{out} is written: edit it, then run `munimon ingest {file} --layout {out.stem}`." if out else proposal.layout)


def _tables_of(proposal: "Proposal") -> Iterator[tuple[str, Sequence[str], Sequence[Sequence[str]]]]:
    if proposal.fitting:
        yield f"{proposal.file}: read already by layout {proposal.fitting}", (), ()
    for table in proposal.tables:
        rows = f"row {table.heading_row}" if table.heading_rows == 1 else f"rows {table.heading_row} to {table.heading_row + table.heading_rows - 1}"
        kind = "each figure an observation" if table.is_wide else table.section
        guesses = [(guess.column, guess.heading, guess.means or "-", str(guess.likeness)) for guess in table.guesses]
        yield f"Sheet {table.sheet}: {kind}, headings in {rows}", ("column", "heading", "means", "likeness"), guesses
    shown = [
        (f"{row.sheet} {row.row}", row.section, _listed(row.about), _listed(row.values), ", ".join(row.findings) or "-") for row in proposal.preview
    ]
    yield "First rows as they would be loaded", ("row", "section", "about", "values", "findings"), shown
    silent = [name for name in proposal.sheets if name not in {table.sheet for table in proposal.tables}]
    if silent:
        yield f"No table was found on: {', '.join(silent)}", (), ()


def _listed(pairs: Mapping[str, str]) -> str:
    return ", ".join(f"{name}={text}" for name, text in pairs.items() if text)


def _print_table(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table on a terminal; in a pipe its rows as lines of cells between tabs."""
    if not sys.stdout.isatty():
        typer.echo(title)
        for row in (headings, *rows) if headings else ():
            typer.echo("\t".join(row))
        typer.echo()
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*headings, title=Text(title), title_justify="left")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table if headings else Text(title))
