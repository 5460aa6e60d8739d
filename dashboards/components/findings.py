"""What was found, in the reader's language: the rule's title, and its message with the values filled in."""

import pandas

from dashboards.components.language import Locale, is_known
from ingest.findings import load_rules, message, read_params, title_of


def word_findings(findings: pandas.DataFrame, locale: Locale) -> pandas.DataFrame:
    """The findings with what is shown of them: ``level``, ``title`` and ``message``; cell and sheet have columns of their own."""
    rows = [{str(key): value for key, value in row.items()} for row in findings.to_dict("records")]
    return findings.assign(
        level=[locale.say(f"severity.{row['severity']}") for row in rows],
        title=[title_of(str(row["rule"]), locale.language) for row in rows],
        message=[_say(row, locale) for row in rows],
    )


def _say(row: dict[str, object], locale: Locale) -> str:
    rule, params = str(row["rule"]), row["params"]
    # a build may be older than the catalogue; what it published is in English
    if not is_known(params) or rule not in load_rules():
        return str(row["message_en"]) if is_known(row["message_en"]) else ""
    return message(rule, read_params(str(params)), locale.language)
