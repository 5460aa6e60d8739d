"""The command that says what changed between two moments, and why."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from munimon.settings import Home, MunimonError, find_home, parse_moment

if TYPE_CHECKING:
    import duckdb


def show_changes(
    context: typer.Context,
    since: Annotated[str, typer.Option("--from", metavar="TS", help="The earlier moment, ISO 8601: what was known then.")],
    until: Annotated[str, typer.Option("--to", metavar="TS", help="The later moment.")],
    indicator: Annotated[str, typer.Option(metavar="CODE", help="One indicator; else all.")] = "all",
    place: Annotated[str, typer.Option(metavar="CODE|NAME", help="A municipality, district or country; else all together.")] = "all",
    programme: Annotated[str, typer.Option(metavar="ID", help="One programme; else all but the synthetic ones together.")] = "all",
    period: Annotated[str, typer.Option(metavar="PERIOD", help="2024-Q1, 2024; else everything to date.")] = "to-date",
    sex: Annotated[str, typer.Option(metavar="SEX", help="all, female, male or unknown.")] = "all",
    community: Annotated[str, typer.Option(metavar="COMMUNITY", help="all, roma, other or unknown.")] = "all",
    audience: Annotated[str, typer.Option(metavar="coordinator|donor", help="Whose figures.")] = "coordinator",
    form: Annotated[str, typer.Option("--format", metavar="table|csv|json", help="How to print the answer.")] = "table",
    home: Annotated[Path | None, typer.Option("--home", metavar="DIR", help="The home folder; else MUNIMON_HOME, else the default one.")] = None,
) -> None:
    """Say what changed in the figures between two moments, and why: the parts by cause, and their sum with the values before and after.

    \b
    Example: munimon changes --from 2024-06-30 --to 2024-09-30 --indicator retention_rate --programme RS-GIZ-ZZZ
    """
    from publish.changes import Selection, read_changes
    from publish.connections import connect
    from publish.files import audience_named
    from publish.formats import format_named, write_answer

    chosen, reader = format_named(form), audience_named(audience)
    moments = parse_moment(since, "--from"), parse_moment(until, "--to")
    if moments[1] < moments[0]:
        raise MunimonError(f"--to: {until} is before --from {since}; give the earlier moment first")
    where = find_home(home or context.obj)
    with connect(where, reader) as connection:
        _check(connection, "--indicator", indicator, "indicator_code", "dim_indicators")
        selection = Selection(indicator, _place(where, connection, place), _programme(where, programme), _period(period), sex, community)
        typer.echo(write_answer(read_changes(connection, selection, *moments), chosen), nl=False)


def _check(connection: "duckdb.DuckDBPyConnection", option: str, text: str, column: str, table: str) -> None:
    known = [name for (name,) in connection.execute(f"select distinct {column} from marts.{table} order by 1").fetchall()]  # noqa: S608 (ours)
    if text not in ("all", *known):
        raise MunimonError(f"{option} '{text}': not known; one of {', '.join(known)}")


def _place(home: Home, connection: "duckdb.DuckDBPyConnection", text: str) -> str:
    from ingest.registry import Match, Registry

    districts = "select district_code from marts.dim_municipalities union select country_code from marts.dim_municipalities"
    if text == "all" or text in {code for (code,) in connection.execute(districts).fetchall()}:
        return text
    found = Registry.load(home.reference).resolve(text)
    if not isinstance(found, Match):
        raise MunimonError(f"--place '{text}': no municipality, district or country has this code, and no municipality this name")
    return found.code


def _programme(home: Home, text: str) -> str:
    from ingest.registry import Match, Registry

    found = Match(text, "code") if text == "all" else Registry.load(home.reference).resolve_programme(text)
    if not isinstance(found, Match):
        raise MunimonError(f"--programme '{text}': not in programmes.csv of {home.reference}")
    return found.code


def _period(text: str) -> str:
    from ingest.periods import Period, parse_period

    stated = parse_period(text, None)
    if text != "to-date" and not isinstance(stated, Period):
        raise MunimonError(f"--period '{text}': no period; write it like 2024-Q1, 2024-03, 2024-H1, 2024 or to-date")
    return stated.period_id if isinstance(stated, Period) else text
