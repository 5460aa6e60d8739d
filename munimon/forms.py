"""The forms that municipalities are sent: one each, with what they reported before and is not over, and with refs for what is new."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ingest.contacts import Contact, contacts_of, load_contacts
from ingest.ledger import Ledger
from ingest.periods import Period, parse_period
from ingest.places import LANGUAGE_OF_COUNTRY
from ingest.refs import new_refs
from ingest.registry import Match, Registry
from ingest.sections import LANGUAGES, load_sections
from ingest.templates import Row, write_template
from munimon.results import Progress
from munimon.rounds import Things, open_things, participants, used_refs, write_again
from munimon.settings import Home, MunimonError
from publish.connections import connect
from publish.pointer import NothingPublished

# As many new things as most municipalities report in a period; a clerk who has more counts on.
_NEW_THINGS = 20


@dataclass(frozen=True)
class Form:
    """A written form, and how many rows of what was reported before stand in it."""

    municipality_code: str
    path: Path
    language: str
    rows: int


@dataclass(frozen=True)
class Forms:
    """What the forms of one programme and period are written from."""

    home: Home
    registry: Registry
    programme_id: str
    period: Period
    contacts: Sequence[Contact] = ()
    things: Things = field(default_factory=dict)
    refs: Mapping[tuple[str, str], set[str]] = field(default_factory=dict)
    languages: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def open(cls, home: Home, registry: Registry, programme_id: str, period: Period) -> "Forms":
        """Look up what is published of the programme.

        Raises:
            NothingPublished: If nothing is.
            ContactsInvalid: If the list of contacts cannot be used.
        """
        ledger = Ledger(home.ledger)
        with connect(home) as marts:
            things = open_things(marts, programme_id, period)
        contacts = load_contacts(home.reference, registry)
        return cls(home, registry, programme_id, period, contacts, things, used_refs(home, ledger, programme_id), _languages(ledger))

    def language_for(self, municipality_code: str) -> str:
        """The language of a municipality: that of its contact, else of its last report, else of its country."""
        told = next((contact.language for contact in contacts_of(self.contacts, municipality_code, self.programme_id) if contact.language), None)
        return told or self.languages.get(municipality_code) or LANGUAGE_OF_COUNTRY[self.registry.municipality(municipality_code).country_code]

    def write(self, municipality_code: str, out: Path, language: str | None = None) -> Form:
        """Write the form of a municipality, in its language where no other is asked for."""
        spoken = language or self.language_for(municipality_code)
        things = self.things.get(municipality_code, {})
        rows: dict[str, list[Row]] = {name: [write_again(load_sections()[name], row, spoken) for row in found] for name, found in things.items()}
        write_template(
            out,
            language=spoken,
            municipality=_named(self.registry, municipality_code, spoken),
            programme=(self.programme_id, self.registry.programme(self.programme_id).title),
            period=self.period.period_id,
            things=rows,
            new_refs={
                name: new_refs(section, self.period, self.refs.get((municipality_code, name), ()), _NEW_THINGS)
                for name, section in load_sections().items()
                if section.ref_letter
            },
        )
        return Form(municipality_code, out, spoken, sum(map(len, rows.values())))


def write_form(
    home: Home, municipality: str | None, programme: str | None, period: str | None, language: str | None, out: Path, is_blank: bool = False
) -> Path:
    """Write the form of one municipality; prefilled where something is published, unless ``is_blank``.

    Raises:
        MunimonError: If the municipality, the programme, the period or the language is not known.
    """
    if language and language not in LANGUAGES:
        raise MunimonError(f"--language '{language}': no language of ours; one of {', '.join(LANGUAGES)}")
    registry = Registry.load(home.reference)
    code = _municipality(registry, municipality) if municipality else None
    programme_id = resolve_programme(home, registry, programme) if programme else None
    asked = read_period(period) if period else None
    if code and programme_id and asked and not is_blank:
        try:
            return Forms.open(home, registry, programme_id, asked).write(code, out, language).path
        except NothingPublished:
            # nothing to prefill from
            pass
    spoken = language or (
        Forms(home, registry, "", asked or Period("", None, None), load_contacts(home.reference, registry)).language_for(code) if code else "en"
    )
    named = (programme_id, registry.programme(programme_id).title) if programme_id else None
    return write_template(out, language=spoken, municipality=_named(registry, code, spoken) if code else None, programme=named, period=period)


def write_forms(home: Home, programme: str, period: str, language: str | None, folder: Path, progress: Progress) -> list[Form]:
    """Write the forms of all municipalities that a programme supports in a period.

    Returns:
        The forms, by the municipalities' codes.

    Raises:
        MunimonError: If the programme, the period or the language is not known, or nobody takes part.
        NothingPublished: If nothing is published.
    """
    if language and language not in LANGUAGES:
        raise MunimonError(f"--language '{language}': no language of ours; one of {', '.join(LANGUAGES)}")
    registry = Registry.load(home.reference)
    programme_id, asked = resolve_programme(home, registry, programme), read_period(period)
    with connect(home) as marts:
        codes = participants(marts, programme_id, asked)
    if not codes:
        raise MunimonError(
            f"--programme '{programme_id}': no municipality is known to take part in {asked.period_id}; ingest its list, then run `munimon build`"
        )
    forms = Forms.open(home, registry, programme_id, asked)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for done, code in enumerate(codes, start=1):
        progress("writing the forms", done, len(codes))
        written.append(forms.write(code, folder / file_name(registry, code, programme_id, asked.period_id, "xlsx"), language))
    return written


def file_name(registry: Registry, municipality_code: str | None, programme_id: str | None, period_id: str | None, ending: str) -> str:
    """A file's name that a person can read: Kičevo_SAMPLE_2024-Q1.xlsx; of places with one name, the code tells them apart."""
    name = registry.municipality(municipality_code).name_latn if municipality_code else ""
    is_shared = sum(place.name_latn == name for place in registry.municipalities.values()) > 1
    parts = [f"{name} {municipality_code}" if is_shared else name, programme_id, period_id]
    return "_".join(part.replace("/", "--") for part in parts if part) + f".{ending}"


def resolve_programme(home: Home, registry: Registry, programme: str) -> str:
    """The id of the programme named by an option. Raises MunimonError if there is none."""
    meant = registry.resolve_programme(programme)
    if not isinstance(meant, Match):
        raise MunimonError(f"--programme '{programme}': not in programmes.csv of {home.reference}; one of {', '.join(registry.programmes)}")
    return meant.code


def read_period(period: str) -> Period:
    """The period given by an option. Raises MunimonError if it is none."""
    read = parse_period(period, None)
    if not isinstance(read, Period):
        raise MunimonError(f"--period '{period}': no period; write it like 2024-Q1, 2024-03, 2024-H1, 2024 or 2022-06/2022-09")
    return read


def _municipality(registry: Registry, text: str) -> str:
    found = registry.resolve(text)
    if not isinstance(found, Match):
        near = "; near it: " + ", ".join(f"{each.code} {each.name}" for each in found.candidates[:3]) if found.candidates else ""
        raise MunimonError(f"--municipality '{text}': it is not clear which one that is{near}; give its code or full name")
    return found.code


def _named(registry: Registry, code: str, language: str) -> tuple[str, str]:
    place = registry.municipality(code)
    return code, place.name_cyrl if language in ("sr-Cyrl", "mk") else place.name_latn


def _languages(ledger: Ledger) -> dict[str, str]:
    """Municipality → the language of its last report; a table of many municipalities is in the language of whoever drew it up."""
    rows = ledger.select(
        """
        select municipality_code, language
        from current_submissions
        where
            municipality_code is not null and language is not null and status in ('accepted', 'partly_accepted')
            and receipt_id in (select receipt_id from submissions group by receipt_id having count(*) = 1)
        order by sent_at, submission_id
        """
    )
    return {row["municipality_code"]: row["language"] for row in rows}
