"""Text that a spreadsheet would run as a formula, whoever wrote the report it came from."""

_STARTS = ("=", "+", "-", "@", "\t", "\r")


def is_like_formula(text: str) -> bool:
    """Whether a spreadsheet takes a text for a formula, in a CSV file or once somebody edits its cell."""
    return text.startswith(_STARTS)


def keep_text(text: str) -> str:
    """A text as it may stand in a CSV file: a single quote before what is like a formula keeps it text."""
    return f"'{text}" if is_like_formula(text) else text


def read_text(kept: str) -> str:
    """The text that ``keep_text`` was given."""
    return kept[1:] if kept.startswith("'") and is_like_formula(kept[1:]) else kept
