"""The command that takes exchange rates in."""

from pathlib import Path
from typing import Annotated

import typer

from munimon.locks import work_in
from munimon.settings import find_home


def rates(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file of rates, as published.")],
    layout: Annotated[str, typer.Option("--layout", metavar="NAME", help="Whose form it is in.")] = "inforeuro",
    month: Annotated[str | None, typer.Option("--month", metavar="YYYY-MM", help="The month, where the file does not say it.")] = None,
    home: Annotated[Path | None, typer.Option("--home", metavar="DIR", help="The home folder; else MUNIMON_HOME, else the default one.")] = None,
) -> None:
    """Take exchange rates into the home's own reference data; official ones come before indicative ones.

    \b
    InforEuro is the European Commission's monthly accounting rate, which its grant agreements ask for. Save what its service answers:
      https://ec.europa.eu/budg/inforeuro/api/public/monthly-rates?year=2024&month=11
      https://ec.europa.eu/budg/inforeuro/api/public/currencies/RSD
    \b
    Example: munimon rates inforeuro-2024-11.json --month 2024-11
    """
    from munimon.rates import load_rates

    found = find_home(home or context.obj)
    with work_in(found):
        loaded = load_rates(found, file, layout, month)
    typer.echo(f"{loaded.added} added, {loaded.changed} changed, {loaded.unchanged} as they were; run `munimon build` to reckon with them.")
