"""The rows of a section as people read them: headings and codes in their language, dates as stated, qualifiers said."""

from collections.abc import Callable

import pandas

from dashboards.components.language import Locale, is_known
from ingest.sections import Field, Section, load_code_lists

Formats = dict[str, Callable[[object], str]]


def arrange_section(section: Section, frame: pandas.DataFrame, locale: Locale) -> tuple[pandas.DataFrame, dict[str, str], Formats]:
    """A table of statements: the frame to show, its headings by column, and how columns read. Columns in which nothing was stated are left out."""
    shown = pandas.DataFrame(index=frame.index)
    labels: dict[str, str] = {}
    formats: Formats = {"row": str}
    for field in section.fields:
        column = f"{field.name}_edtf" if field.type == "date" else field.name
        if column not in frame or not frame[column].notna().any():
            continue
        if field.type in ("count", "number", "amount"):
            formats[field.name] = lambda value: value if isinstance(value, str) else locale.number(value, 2)
        cells = zip(frame[column], _qualifiers(field, frame), strict=True)
        shown[field.name] = pandas.Series([say_value(field, value, qualifier, locale) for value, qualifier in cells], index=frame.index, dtype=object)
        labels[field.name] = locale.label(field.labels)
    for column, values in (
        ("programme_id", list(frame["programme_id"])),
        ("period", [locale.period(str(period)) for period in frame["period_id"]] if "period_id" in frame else None),
        ("file", list(frame["file_name"])),
        ("sheet", list(frame["source_sheet"])),
        ("row", list(frame["source_row"])),
        ("submission", list(frame["submission_id"])),
    ):
        if values is not None:
            shown[column] = values
            labels[column] = locale.say("column.programme" if column == "programme_id" else f"column.{column}")
    return shown, labels, formats


def _qualifiers(field: Field, frame: pandas.DataFrame) -> list[object]:
    name = f"{field.name}_qualifier"
    return list(frame[name]) if name in frame else [None] * len(frame)


def say_value(field: Field, value: object, qualifier: object, locale: Locale) -> object:
    """One reported value as text; numbers stay numbers where nothing qualifies them, so that a column can be sorted."""
    if not is_known(value):
        return None
    if field.type == "code" and field.codes:
        return locale.label(load_code_lists()[field.codes].codes[str(value)]) if str(value) in load_code_lists()[field.codes].codes else str(value)
    if field.type in ("count", "number", "amount"):
        return locale.figure(value, "amount", qualifier) if is_known(qualifier) and qualifier != "exact" else value
    if field.type == "date":
        return locale.edtf(str(value))
    return str(value)
