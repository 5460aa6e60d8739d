"""Of whom, of which programme and of what period a row speaks: what the file states, what the command states, what people have decided."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ingest.cover import Stated
from ingest.entries import Question, Receipt, digest
from ingest.findings import Finding, severity_of
from ingest.heading_words import PLACE_KEYS
from ingest.names import name_key
from ingest.periods import Period, parse_period
from ingest.registry import Match, Registry
from ingest.sections import fold, load_report_sheet

# The language whose writing of numbers and dates a form follows when nothing else in it tells.
LANGUAGE_OF_COUNTRY = {"RS": "sr-Latn", "MK": "mk"}
# By these a form is told whose labels are spelt alike in several languages ("Општина").
LANGUAGES_OF_COUNTRY = {"RS": ("sr-Latn", "sr-Cyrl"), "MK": ("mk", "sq")}


# So begins the part of a place's key that names the municipality, where the name was a question when it came.
ASKED = "asked: "


@dataclass(frozen=True)
class Place:
    """What a submission is about. ``key`` tells one submission of a file from another; a refused one lacks something that must be known."""

    key: tuple[str, ...]
    municipality_code: str | None = None
    programme_id: str | None = None
    period: Period | None = None
    period_as_reported: str | None = None
    language: str | None = None
    country_code: str | None = None
    is_refused: bool = False
    question: Question | None = None
    findings: tuple[Finding, ...] = ()


@dataclass
class Places:
    """Finds places by the registry and by the names that people have decided (key → code); what is stated alike is looked up once."""

    registry: Registry
    answers: Mapping[str, str]
    _found: dict[tuple[object, ...], Place] = field(default_factory=dict)

    def find(self, receipt: Receipt, stated: Mapping[str, Stated], own: Mapping[str, Stated], spoken: tuple[str, ...]) -> Place:
        """The place of a row.

        Args:
            receipt: Its options hold where the row does not say otherwise, and above what the report sheet says.
            stated: What the report sheet, or cells above the table, say.
            own: What the row's own columns say.
            spoken: The languages that the form may be in.
        """
        options = {"municipality": receipt.municipality, "programme": receipt.programme, "period": receipt.period}
        in_row = (own[key].text if key in own else None for key in PLACE_KEYS)
        asked = (spoken, *options.values(), *(stated.get(key) for key in PLACE_KEYS), *in_row)
        if known := self._found.get(asked):
            return known
        place = self._look_up(options, stated, own, spoken)
        # a finding names the cell it was made at, which is another one next time
        if not place.findings:
            self._found[asked] = place
        return place

    def _look_up(self, options: Mapping[str, str | None], stated: Mapping[str, Stated], own: Mapping[str, Stated], spoken: tuple[str, ...]) -> Place:
        said: dict[str, Stated] = {}
        findings: list[Finding] = []
        for key in PLACE_KEYS:
            option, there, here = options[key], stated.get(key, Stated(None)), own.get(key, Stated(None))
            # a blank cell of the row's own is the one to name where nothing is said at all
            said[key] = here if here.text else Stated(option) if option else here if here.cell and not there.text else there
            if option and not here.text and there.text and self._differ(key, option, there, spoken[0] if spoken else None):
                params = {"text": there.text, "stated": option}
                findings.append(
                    Finding(
                        severity_of("name_disagrees_with_options"), "name_disagrees_with_options", sheet=there.sheet, cell=there.cell, params=params
                    )
                )
        return self._find(said, findings, spoken)

    def _find(self, said: Mapping[str, Stated], findings: list[Finding], spoken: tuple[str, ...]) -> Place:
        programme_id = self._programme(said["programme"], findings)
        country = self.registry.programme(programme_id).country_code if programme_id else None
        code, question, name_key = self._municipality(said["municipality"], country or None, findings)
        country = self.registry.municipality(code).country_code if code else country
        language = _settle_language(spoken, country)
        period = self._period(said["period"], findings, language)
        if programme_id and period:
            findings.extend(self._outside_programme(programme_id, period, said["period"]))
        is_refused = (any(finding.severity == "error" for finding in findings) and not question) or programme_id is None or period is None
        period_key = period.period_id if period else said["period"].text
        return Place(
            key=(name_key, programme_id or said["programme"].text, period_key),
            municipality_code=code,
            programme_id=programme_id,
            period=period,
            period_as_reported=said["period"].text or None,
            language=language,
            country_code=country,
            is_refused=is_refused,
            question=question if not is_refused else None,
            findings=tuple(findings),
        )

    def _programme(self, said: Stated, findings: list[Finding]) -> str | None:
        if not said.text:
            findings.append(_finding("programme_missing", said))
            return None
        found = self.registry.resolve_programme(said.text)
        if isinstance(found, Match):
            return found.code
        nearest = found.candidates[0][0] if found.candidates else None
        findings.append(_finding("programme_unknown", said, text=said.text, nearest=nearest))
        return None

    def _municipality(self, said: Stated, country: str | None, findings: list[Finding]) -> tuple[str | None, Question | None, str]:
        """Code, question and the part of the submission's key that names the municipality."""
        if not said.text:
            findings.append(_finding("municipality_missing", said))
            return None, None, ""
        if fold(said.text) in _whole_programme_words():
            return None, None, "whole programme"
        # A name that was a question keeps its own submission, so that its answer finds the rows that waited for it.
        if answer := self.answers.get(name_key(said.text)):
            return answer, None, f"{ASKED}{said.text}"
        found = self.registry.resolve(said.text, country=country)
        if isinstance(found, Match):
            return found.code, None, found.code
        names = tuple(f"{code} {name}" for code, name, _ in found.candidates)
        findings.append(_finding("municipality_unclear", said, text=said.text, candidates=[name for _, name, _ in found.candidates]))
        return None, question_of_name(said.text, names), f"{ASKED}{said.text}"

    def _period(self, said: Stated, findings: list[Finding], language: str | None) -> Period | None:
        if not said.text:
            findings.append(_finding("period_missing", said))
            return None
        period = parse_period(said.value, language)
        if isinstance(period, Period):
            return period
        findings.append(_finding(period.rule, said, **period.params))
        return None

    def _outside_programme(self, programme_id: str, period: Period, said: Stated) -> list[Finding]:
        programme = self.registry.programme(programme_id)
        is_before = period.end is not None and programme.starts_on is not None and period.end < programme.starts_on
        is_after = period.start is not None and programme.ends_on is not None and period.start > programme.ends_on
        return [_finding("outside_programme_time", said, period=said.text)] if is_before or is_after else []

    def _differ(self, key: str, option: str, there: Stated, language: str | None) -> bool:
        if key == "period":
            return bool(parse_period(option, language) != parse_period(there.value, language))
        resolve = self.registry.resolve if key == "municipality" else self.registry.resolve_programme
        ours, theirs = resolve(option), resolve(there.text)
        return not (isinstance(ours, Match) and isinstance(theirs, Match) and ours.code == theirs.code)


def _settle_language(spoken: tuple[str, ...], country: str | None) -> str | None:
    """The language of a form: the one it speaks, of several that of the country, and the country's where it speaks none; None where nothing tells."""
    if len(spoken) == 1:
        return spoken[0]
    usual = LANGUAGE_OF_COUNTRY.get(country or "")
    return next((language for language in (usual, *LANGUAGES_OF_COUNTRY.get(country or "", ())) if language in spoken), None) if spoken else usual


def question_of_name(text: str, candidates: tuple[str, ...]) -> Question:
    """The question which municipality a name means; the same for every way of writing that name."""
    return Question(digest("municipality", name_key(text)), "municipality", text, candidates)


def _finding(rule: str, said: Stated, **params: object) -> Finding:
    return Finding(severity_of(rule), rule, sheet=said.sheet, cell=said.cell, value_as_reported=said.text or None, params=params)


def _whole_programme_words() -> set[str]:
    term = load_report_sheet().whole_programme
    return {fold(word) for word in ("whole_programme", *term.labels.values(), *term.synonyms)}
