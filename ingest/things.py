"""What a person calls the thing that a row speaks of."""

from collections.abc import Mapping

from ingest.sections import OWN_PERIOD, Section


def name_thing(section: Section, as_reported: Mapping[str, str], sheet: str, row: int) -> str:
    """A thing as its sender knows it: by its ref, else by what tells it from others where that names no person, else by sheet and row.

    Args:
        as_reported: Field → the text in its cell, none of personal fields, as raw keeps it.
    """
    if section.ref and (ref := as_reported.get(section.ref.name)):
        return ref
    names = [name for name in section.natural_key if name != OWN_PERIOD]
    known = [] if any(section.field(name).is_personal for name in names) else [as_reported[name] for name in names if name in as_reported]
    return ", ".join(known) or f"{sheet} A{row}"
