"""Other people's forms: one YAML file each says how a form that we did not design expresses sections.

The files are reference data (``layouts/*.yml``), edited by hand or proposed by ``munimon layout try``. Texts of headings, sheets and cells are
compared folded (script, case, marks and punctuation do not matter); ``*`` in them stands for anything.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from ingest.sections import DefinitionError, fold, load_code_lists, load_sections, read_strict_yaml
from munimon.settings import MunimonError

_CELL = r"[A-Z]{1,3}[1-9]\d*"
Language = Literal["en", "sr-Latn", "sr-Cyrl", "mk", "sq"]


class LayoutInvalid(MunimonError):
    """A layout file says something that cannot be used; one line names file, key and fault."""


class LayoutUnknown(MunimonError):
    """No layout has this name."""


def _as_tuple(given: Any) -> Any:
    return (given,) if isinstance(given, str | Mapping) else given


def _as_source(given: Any) -> Any:
    """A text, or a list of texts, is a heading."""
    return {"heading": given} if isinstance(given, str) or (isinstance(given, list) and all(isinstance(text, str) for text in given)) else given


def _as_sources(given: Any) -> Any:
    several = isinstance(given, list) and not all(isinstance(text, str) for text in given)
    return given if several or isinstance(given, tuple) else (given,)


Texts = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], BeforeValidator(_as_tuple), Field(min_length=1)]
# YAML reads 70670 and 2024 as numbers; both are names here.
Written = Annotated[str, BeforeValidator(lambda given: str(given) if isinstance(given, int | float) and not isinstance(given, bool) else given)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(_Strict):
    """Where something stands: under a heading, in one cell, in the sheet's name, or in the layout itself (a constant).

    `fill_down`: a blank cell under the heading means what the filled one above it says.
    """

    heading: Texts | None = None
    cell: Annotated[str, Field(pattern=_CELL)] | None = None
    value: Written | None = None
    sheet_name: Literal[True] | None = None
    optional: bool = False
    fill_down: bool = False
    factor: Annotated[Decimal, Field(gt=0)] | None = None
    values: dict[Written, Written] = {}

    @model_validator(mode="after")
    def _stands_in_one_place(self) -> "Source":
        said = [name for name in ("heading", "cell", "value", "sheet_name") if getattr(self, name) is not None]
        if len(said) != 1:
            raise ValueError(f"needs exactly one of heading, cell, value, sheet_name; it has {' and '.join(said) or 'none'}")
        if self.fill_down and not self.heading:
            raise ValueError("fill_down goes with a heading: only a column can be blank below a filled cell")
        return self


Standing = Annotated[Source, BeforeValidator(_as_source)]


class Condition(_Strict):
    """A row's cell under a heading reads like one of these texts."""

    heading: Texts
    equals: Texts = Field(alias="is")


class Unpivoted(_Strict):
    """Columns of which each cell is an observation. Without a code the measure is called like its heading."""

    heading: Texts
    optional: bool = False
    measure_code: str | None = None
    unit: str | None = None
    factor: Annotated[Decimal, Field(gt=0)] | None = None

    @model_validator(mode="after")
    def _has_a_known_unit(self) -> "Unpivoted":
        if self.unit is not None:
            _require_code("units", self.unit)
        return self


class Unpivot(_Strict):
    """A wide table's columns, each cell an observation; the first entry that a heading fits holds.

    `headings_are` says what tells the columns apart: what is measured, or the period (the months of a year; `year` is put after them).
    `units` gives words that stand beside figures a unit.
    """

    columns: Annotated[tuple[Annotated[Unpivoted, BeforeValidator(_as_source)], ...], BeforeValidator(_as_sources), Field(min_length=1)]
    skip: Annotated[tuple[str, ...], BeforeValidator(_as_tuple)] = ()
    headings_are: Literal["measures", "periods"] = "measures"
    year: Standing | None = None
    units: dict[str, str] = {}

    @model_validator(mode="after")
    def _can_be_read(self) -> "Unpivot":
        for unit in self.units.values():
            _require_code("units", unit)
        if self.headings_are == "periods" and any(column.measure_code is None for column in self.columns):
            raise ValueError("where headings_are is periods, every column needs its measure_code")
        if self.year and self.headings_are == "measures":
            raise ValueError("year goes with headings_are: periods; else the period says it")
        return self


class TableLayout(_Strict):
    """One section's rows on a form."""

    section: str
    sheet: Texts = ("*",)
    heading_rows: Literal[1, 2, 3] = 1
    fields: dict[str, Standing] = {}
    only_where: Condition | None = None
    unpivot: Unpivot | None = None

    @model_validator(mode="after")
    def _fits_the_section(self) -> "TableLayout":
        section = load_sections().get(self.section)
        if section is None:
            raise ValueError(f"there is no section '{self.section}'; one of {', '.join(load_sections())}")
        known = {field.name: field for field in section.fields}
        for name, source in self.fields.items():
            if name not in known:
                raise ValueError(f"section {self.section} has no field '{name}'; it has {', '.join(known)}")
            if source.factor is not None and known[name].type not in ("count", "number", "amount"):
                raise ValueError(f"{name} is no figure and takes no factor")
            for code in (source.value, *source.values.values()):
                if code is not None and (codes := known[name].codes):
                    _require_code(codes, code)
        if self.unpivot and self.section != "observations":
            raise ValueError("only section observations is unpivoted")
        if self.unpivot and (taken := {"measure_code", "value"} & set(self.fields)):
            raise ValueError(f"unpivot gives {', '.join(sorted(taken))}; leave it out of fields")
        if not self.unpivot and not any(source.heading for source in self.fields.values()):
            raise ValueError("names no heading, so that no form can be told by it")
        return self


class Layout(_Strict):
    """A form: where it says whom, what and when it is about, and its tables.

    `amounts` says whether money, days and hours are those of the period (flow) or to date. A row that `skip_where` fits is none of the form's data.
    """

    name: str
    title: str
    language: Language | None = None
    amounts: Literal["flow", "to_date"] = "to_date"
    municipality: Standing | None = None
    programme: Standing | None = None
    period: Annotated[tuple[Standing, ...], BeforeValidator(_as_sources)] = ()
    skip_where: Annotated[tuple[Condition, ...], BeforeValidator(_as_tuple)] = ()
    skip_sheets: Annotated[tuple[str, ...], BeforeValidator(_as_tuple)] = ()
    tables: Annotated[tuple[TableLayout, ...], Field(min_length=1)]

    def place_sources(self) -> Iterator[tuple[str, tuple[Source, ...]]]:
        """What the form says of municipality, programme and period, where the layout knows it."""
        for key, sources in (("municipality", (self.municipality,)), ("programme", (self.programme,)), ("period", self.period)):
            said = tuple(source for source in sources if source)
            if said:
                yield key, said

    def needed_headings(self, table: TableLayout) -> Iterator[Texts]:
        """The headings without which the table cannot be read, each with its alternatives."""
        places = (source for _, sources in self.place_sources() for source in sources)
        year = (table.unpivot.year,) if table.unpivot and table.unpivot.year else ()
        for source in (*places, *table.fields.values(), *year):
            if source.heading and not source.optional:
                yield source.heading
        yield from (condition.heading for condition in ((table.only_where,) if table.only_where else ()))
        yield from (column.heading for column in (table.unpivot.columns if table.unpivot else ()) if not column.optional)


@dataclass(frozen=True)
class Layouts:
    """The layouts of a reference folder, by name."""

    by_name: Mapping[str, Layout]

    def named(self, name: str) -> Layout:
        """The layout of that name.

        Raises:
            LayoutUnknown: If there is none.
        """
        if name not in self.by_name:
            raise LayoutUnknown(
                f"--layout '{name}': there is no such layout; {', '.join(self.by_name) or 'none'} in layouts/ of the reference folder"
            )
        return self.by_name[name]


def load_layouts(reference: Path) -> Layouts:
    """Read ``layouts/*.yml`` of a folder of reference data.

    Raises:
        LayoutInvalid: If one cannot be used.
    """
    return Layouts({path.stem: read_layout(path.read_text(encoding="utf-8"), path.stem) for path in sorted(reference.glob("layouts/*.yml"))})


def read_layout(text: str, name: str) -> Layout:
    """Read one layout; ``name`` is its file's, without the ending.

    Raises:
        LayoutInvalid: If it cannot be used.
    """
    where = f"layouts/{name}.yml"
    try:
        content = read_strict_yaml(text)
        if not isinstance(content, Mapping):
            raise LayoutInvalid(f"{where}: is no mapping of keys")
        return Layout.model_validate({**content, "name": name})
    except (yaml.YAMLError, DefinitionError) as error:
        raise LayoutInvalid(f"{where}: {' '.join(str(error).split())}") from error
    except ValidationError as error:
        fault = error.errors()[0]
        key = ".".join(str(part + 1) if isinstance(part, int) else part for part in fault["loc"])
        raise LayoutInvalid(f"{where}: {key + ': ' if key else ''}{fault['msg'].removeprefix('Value error, ')}") from error


def matches(patterns: Iterable[str], text: str) -> bool:
    """Whether a text reads like one of the patterns, both folded."""
    return any(_pattern(pattern).fullmatch(fold(text)) for pattern in patterns)


@lru_cache(maxsize=4096)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(fold(part)) for part in text.split("*")))


def _require_code(codes: str, code: str) -> None:
    if code not in load_code_lists()[codes].codes:
        raise ValueError(f"'{code}' is no code of {codes}; one of {', '.join(load_code_lists()[codes].codes)}")
