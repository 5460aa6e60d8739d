"""What changed between two reports, as text: a page to read, CSV for a spreadsheet, JSON for a program."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

from ingest.differences import Comparison, Difference, Spot, count_changes
from ingest.findings import Finding, full_message
from ingest.sections import LANGUAGES, load_report_sheet, load_sections, read_strict_yaml
from munimon.settings import MunimonError
from publish.formats import Format, write_answer
from publish.queries import Answer

_COLUMNS = (
    "change", "section", "thing", "field", "sheet", "row", "cell", "sheet_before", "row_before", "cell_before", "before", "now", "rule", "message",
)  # fmt: skip
_SHOWN = ("change", "thing", "field", "where_before", "where", "before", "now")


def write_comparison(comparison: Comparison, form: Format, language: str | None = None) -> str:
    """Lay a comparison out; the text ends with a line break.

    Args:
        form: A table is for a reader, and says all in one language. CSV and JSON hold one record a difference and a finding, with the codes of
            sections, fields and kinds of change (findings: finding_mended, finding_still_open, finding_new); messages are in the language.
        language: One of the five; None for that of the later report.

    Raises:
        MunimonError: If the language is none of the five.
    """
    chosen = language or comparison.now.language or "en"
    if chosen not in LANGUAGES:
        raise MunimonError(f"--language '{chosen}': not known; use {', '.join(LANGUAGES)}")
    if form == "table":
        return _write_page(comparison, chosen)
    records = [*map(_record, comparison.differences), *_finding_records(comparison, chosen)]
    return write_answer(Answer(_COLUMNS, tuple(tuple(record.get(column) for column in _COLUMNS) for record in records)), form)


def _record(difference: Difference) -> Mapping[str, object]:
    was, now = difference.before, difference.now
    return {
        "change": difference.change,
        "section": difference.section,
        "thing": difference.thing or None,
        "field": difference.field,
        **({"sheet": now.sheet, "row": now.row, "cell": now.cell} if now else {}),
        **({"sheet_before": was.sheet, "row_before": was.row, "cell_before": was.cell} if was else {}),
        "before": _join_plain(difference.texts_before),
        "now": _join_plain(difference.texts_now),
    }


def _join_plain(texts: Mapping[str, str] | None) -> str | None:
    """One text as it is; those of a whole row by the names of their fields."""
    if texts is None:
        return None
    return next(iter(texts.values())) if len(texts) == 1 else "; ".join(f"{name}: {text}" for name, text in texts.items())


def _finding_records(comparison: Comparison, language: str) -> Iterator[Mapping[str, object]]:
    for kind, suffix in (("mended", "_before"), ("still_open", ""), ("new", "")):
        for finding in getattr(comparison, kind):
            where = {f"sheet{suffix}": finding.sheet, f"row{suffix}": finding.row, f"cell{suffix}": finding.cell}
            said = {"before" if suffix else "now": finding.value_as_reported, "rule": finding.rule, "message": full_message(finding, language)}
            yield {"change": f"finding_{kind}", "section": finding.section, "field": finding.field, **where, **said}


def _write_page(comparison: Comparison, language: str) -> str:
    words = {key: texts[language] for key, texts in _load_words().items()}
    before, now = comparison.before, comparison.now
    heading = words["compared"].format(now=now.submission_id, file_now=now.file_name, before=before.submission_id, file_before=before.file_name)
    counts = ", ".join(f"{words[kind]}: {count}" for kind, count in count_changes(comparison.differences).items())
    parts = [f"{heading}\n{counts or words['nothing']}\n"]
    if comparison.differences:
        columns = tuple(words[f"column_{name}"] for name in _SHOWN)
        rows = tuple(tuple(_shown(difference, words, language)) for difference in comparison.differences)
        parts.append(write_answer(Answer(columns, rows), "table"))
    parts += [
        "\n".join([words[kind].format(count=len(found)), *(f"  {_one_line(finding, language)}" for finding in found)]) + "\n"
        for kind in ("mended", "still_open", "new")
        if (found := getattr(comparison, kind))
    ]
    return "\n".join(parts)


def _shown(difference: Difference, words: Mapping[str, str], language: str) -> Iterator[str]:
    section = load_sections()[difference.section]
    labels = {field.name: field.labels[language] for field in section.fields} | {"said": ""}
    said = {code: texts[language] for code, texts in load_report_sheet().said.codes.items()} if difference.change == "said" else {}

    def join(texts: Mapping[str, str] | None) -> str:
        if texts is None:
            return ""
        shown = {name: said.get(text, text) for name, text in texts.items()}
        is_row = difference.change in ("added", "dropped")
        return "; ".join(f"{labels[name]}: {text}" if is_row else text for name, text in shown.items())

    yield words[difference.change]
    yield difference.thing or section.labels[language]
    yield labels[difference.field] if difference.field else ""
    yield from (_where(spot, words) for spot in (difference.before, difference.now))
    yield from (join(texts) for texts in (difference.texts_before, difference.texts_now))


def _where(spot: Spot | None, words: Mapping[str, str]) -> str:
    return f"{spot.sheet} {spot.cell or words['row'].format(row=spot.row)}" if spot else ""


def _one_line(finding: Finding, language: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in full_message(finding, language))


@cache
def _load_words() -> Mapping[str, Mapping[str, str]]:
    words: Mapping[str, Mapping[str, str]] = read_strict_yaml((files("munimon") / "differences.yml").read_text(encoding="utf-8"))
    return words
