"""Writes the reports of this folder: public facts as workbooks that municipalities and coordinating bodies would have sent.

    python data/reports/make_reports.py [FOLDER]

Every filled cell is said by the news item named in the note beside its file; what an item does not say is left empty.
Each run gives the same bytes.
"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ingest.registry import Registry
from ingest.sections import load_report_sheet
from ingest.templates import Row, write_report

FOLDER = Path(__file__).resolve().parent
REFERENCE = FOLDER.parent / "reference"

NOT_STATED = {"sr-Latn": "nije navedeno", "mk": "не е наведено"}

KICEVO_ITEM = "news item on the conference in Kičevo (K)"
SKGO_ITEM = "news item on the agreements signed by SKGO (S)"
PLANS_ITEM = "news item on local social plans (L)"
DIALOGUES_ITEM = "news item on social dialogues about local social plans (D)"
AWARD_ITEM = "news item on the award to Kruševac (Z)"

SOCIAL_PROTECTION = (
    "Ada", "Aleksinac", "Aranđelovac", "Babušnica", "Bela Palanka", "Beočin", "Blace", "Kragujevac", "Kruševac", "Odžaci",
    "Paraćin", "Petrovac na Mlavi", "Rača", "Raška", "Smederevska Palanka", "Svrljig", "Šid", "Tutin", "Užice", "Vrnjačka Banja",
)  # fmt: skip
ROMA_INCLUSION = (
    "Čačak", "Kanjiža", "Kikinda", "GO Novi Beograd", "GO Obrenovac", "Požega", "Sečanj", "Vrbas", "Vrnjačka Banja", "Žabalj",
)  # fmt: skip
PHASE_1 = (
    "Битола", "Велес", "Крива Паланка", "Штип", "Демир Капија", "Чучер Сандево", "Кавадарци", "Струмица", "Пробиштип", "Кочани", "Делчево",
)  # fmt: skip
PHASE_2 = ("Македонски Брод", "Куманово", "Прилеп", "Центар Жупа", "Кисела Вода", "Ѓорче Петров", "Центар", "Чаир")


@dataclass(frozen=True)
class Report:
    """A workbook: its name, who sends what, and which public items say so. No municipality: it speaks of the whole programme, or row by row."""

    name: str
    language: str
    programme_id: str
    municipality_code: str | None
    rows: Mapping[str, Sequence[Row]]
    sources: tuple[str, ...]
    says: str
    period: str = ""


def _local_plan(name: str, municipality_code: str, says: str, **row: str | int) -> Report:
    rows = {"local_plans": [{"plan_type": "local_social_plan", **row}]}
    return Report(f"mk-lsp-{name}-local-plan", "mk", "MK-LSP", municipality_code, rows, (DIALOGUES_ITEM,), says)


REPORTS = (
    Report(
        "rs-giz-zzz-krusevac-engagements",
        "sr-Latn",
        "RS-GIZ-ZZZ",
        "70670",
        {
            "engagements": [
                {
                    "employer_name": "JKP „Vodovod“, udruženje „Romsko srce“, JKP „Kruševac“",
                    "employer_count": 3,
                    "engaged_persons": 32,
                    "note": "Podela po poslodavcima, polu i nacionalnosti nije navedena.",
                },
                {
                    "employer_name": "JKP „Kruševac“",
                    "retained_persons": 4,
                    "retained_roma": 2,
                    "note": "Zadržani posle angažovanja; za druga dva poslodavca nije navedeno.",
                },
            ]
        },
        (AWARD_ITEM,),
        "32 persons were engaged from June to September at three employers; the item states no year and no split by employer, sex or ethnicity. "
        "One of the employers kept four workers, two of them Roma; how many it had engaged, and what became of the others, is not stated.",
        period="jun–septembar",
    ),
    Report(
        "rs-sipru-covid-krusevac-equipment",
        "sr-Latn",
        "RS-SIPRU-COVID",
        "70670",
        {
            "equipment": [
                {
                    "item_name": "Tableti",
                    "equipment_type": "tablet",
                    "quantity": 20,
                    "recipient_name": "OŠ „Dragomir Marković“",
                    "recipient_type": "school",
                    "end_user_group": "roma_pupils",
                },
                {"item_name": "Laptopovi", "equipment_type": "laptop", "quantity": 2, "recipient_type": "local_government"},
                {
                    "item_name": "Multifunkcionalni štampač",
                    "equipment_type": "multifunction_printer",
                    "quantity": 1,
                    "recipient_type": "local_government",
                },
            ]
        },
        (AWARD_ITEM,),
        "20 tablets for Roma pupils of the primary school “Dragomir Marković”; two laptops and one multifunction printer for the local government. "
        "Costs and dates are not stated.",
    ),
    Report(
        "rs-giz-inclusion-krusevac-trainings",
        "sr-Latn",
        "RS-GIZ-INCLUSION",
        "70670",
        {
            "trainings": [
                {
                    "title": "Aktivno traženje posla, pisanje radne biografije, izrada biznis plana, radionice sa roditeljima srednjoškolaca, "
                    "osnaživanje žena, stručna obuka (prekvalifikacija i dokvalifikacija)",
                    "trainings_count": "nije poznato",
                    "completed_persons": 30,
                }
            ]
        },
        (AWARD_ITEM,),
        "30 persons completed training; the item names six kinds, not how many trainings there were, nor who took part in which.",
    ),
    Report(
        "mk-rosp-kicevo-household-support",
        "mk",
        "MK-ROSP",
        "MK00307",
        {
            "household_support": [
                {
                    "utility_type": "electricity_and_communal",
                    "households": "околу 30",
                    "household_group": "roma",
                    "host_institution": "Јавни претпријатија",
                    "note": "Долговите се одработени со работа во заедницата; износите и часовите не се наведени.",
                }
            ]
        },
        (KICEVO_ITEM,),
        "Arrears for electricity and communal services were paid for about 30 Roma families, who worked them off with community work in public "
        "enterprises. Amounts and hours are not stated.",
    ),
    _local_plan("bitola", "MK00501", "A local social plan for 2021–2024.", valid_from_year=2021, valid_to_year=2024),
    _local_plan("demir-kapija", "MK00103", "A local social plan for 2021–2024.", valid_from_year=2021, valid_to_year=2024),
    _local_plan(
        "kavadarci",
        "MK00104",
        "A local social plan for 2021–2024, adopted early in May 2021.",
        valid_from_year=2021,
        valid_to_year=2024,
        adopted_on="почеток на мај 2021",
    ),
    _local_plan(
        "stip",
        "MK00211",
        "A local social plan for 2021–2024; the needs were mapped in 2020.",
        valid_from_year=2021,
        valid_to_year=2024,
        needs_mapped_on="2020",
    ),
    _local_plan(
        "probistip",
        "MK00209",
        "A local social plan for 2022–2025, adopted by the municipal council in December of the year before the item, which bears no date.",
        valid_from_year=2022,
        valid_to_year=2025,
        adopted_on="декември",
        adopted_by="Совет на општината",
    ),
    _local_plan(
        "kriva-palanka",
        "MK00702",
        "A three-year local social plan; the needs were mapped in the middle of the year before the item, which bears no date.",
        duration_years=3,
        note="Потребите се мапирани во средината на претходната година; годината не е наведена.",
    ),
    Report(
        "rs-skgo-ipa2020-participations",
        "sr-Latn",
        "RS-SKGO-IPA2020",
        None,
        {
            "participations": [
                {"municipality": name, "component": component, "role": "supported"}
                for component, names in (("social-protection", SOCIAL_PROTECTION), ("roma-inclusion", ROMA_INCLUSION))
                for name in names
            ],
            "events": [{"event_type": "signing_ceremony", "held_on": "3. oktobar", "place": "Beograd", "note": "Godina nije navedena."}],
        },
        (SKGO_ITEM,),
        "20 municipalities in the component of social protection, 10 in that of Roma inclusion; Vrnjačka Banja is in both. "
        "The agreements were signed at a ceremony in Belgrade on 3 October; the year is not stated.",
    ),
    Report(
        "mk-lsp-participations",
        "mk",
        "MK-LSP",
        None,
        {
            "participations": [
                *({"municipality": name, "phase": "1", "role": "supported", "since": "2020", "until": "2021"} for name in PHASE_1),
                *({"municipality": name, "phase": "2", "role": "supported", "since": "2022"} for name in PHASE_2),
            ],
            "events": [
                {"municipality": name, "event_type": "public_call", "note": "Јавен повик за консултации со граѓаните; датумот не е наведен."}
                for name in ("Куманово", "Центар")
            ],
            "observations": [
                {
                    "measure_code": "municipalities_with_local_plan",
                    "source_id": "D",
                    "value": 8,
                    "unit": "municipalities",
                    "note": "За првпат донеле ваков план со оваа поддршка.",
                },
                {
                    "measure_code": "municipalities_with_local_plan",
                    "source_id": "L",
                    "value": 11,
                    "unit": "municipalities",
                    "note": "Изработиле ваков план.",
                },
            ],
        },
        (PLANS_ITEM, DIALOGUES_ITEM),
        "11 municipalities in phase 1 (2020–2021), 8 in phase 2 (from 2022). Kumanovo and Centar opened public calls to consult residents; no dates. "
        "The items disagree on how many municipalities have a plan: eight adopted one for the first time with this support (D), eleven developed one "
        "(L). Both claims are kept, each with its source.",
    ),
    Report(
        "mk-rosp-participations",
        "mk",
        "MK-ROSP",
        None,
        {
            "participations": [{"municipality": "Кичево", "role": "supported"}],
            "events": [
                {
                    "event_type": "conference",
                    "held_on": date(2021, 12, 22),
                    "place": "Кичево",
                    "attending_municipalities": "околу 10",
                    "note": "Претставници на локални самоуправи, центри за социјална работа, институции и здруженија; општините не се именувани. "
                    "Други општини изразиле интерес.",
                }
            ],
        },
        (KICEVO_ITEM,),
        "The Municipality of Kičevo is supported. About ten municipalities attended the conference in Kičevo on 22 December 2021 and others "
        "expressed interest; neither are named, so neither are participations.",
    ),
    Report(
        "rs-giz-zzz-participations",
        "sr-Latn",
        "RS-GIZ-ZZZ",
        None,
        {
            "participations": [{"municipality": "Kruševac", "role": "supported", "note": "Memorandum sa Kruševcem na tri godine."}],
            "events": [{"event_type": "closing_conference", "held_on": date(2023, 3, 29), "place": "Beograd"}],
            "observations": [{"measure_code": "municipalities_in_programme", "source_id": "Z", "value": 18, "unit": "municipalities"}],
        },
        (AWARD_ITEM,),
        "18 local governments take part, of which only Kruševac is named: a three-year memorandum. The closing conference was held in Belgrade on "
        "29 March 2023.",
    ),
    Report(
        "rs-sipru-covid-participations",
        "sr-Latn",
        "RS-SIPRU-COVID",
        None,
        {
            "participations": [{"municipality": "Kruševac", "role": "supported"}],
            "observations": [{"measure_code": "municipalities_in_programme", "source_id": "Z", "value": 18, "unit": "municipalities"}],
        },
        (AWARD_ITEM,),
        "18 local governments take part, of which only Kruševac is named.",
    ),
)


def write_reports(folder: Path) -> list[Path]:
    """Write all reports into the folder, each with a note of its public source; the workbooks, in order."""
    registry = Registry.load(REFERENCE)
    return [_write(folder, report, registry) for report in REPORTS]


def _write(folder: Path, report: Report, registry: Registry) -> Path:
    language = report.language
    programme = registry.programme(report.programme_id)
    title = (programme.title_mk if language == "mk" else programme.title_sr_latn) or programme.title
    if report.municipality_code:
        place = registry.municipality(report.municipality_code)
        municipality: tuple[str, str] | str = (place.code, place.name_cyrl if language == "mk" else place.name_latn)
    else:
        municipality = load_report_sheet().whole_programme.labels[language]
    sources = "".join(f"- {source}\n" for source in report.sources)
    (folder / f"{report.name}.md").write_text(f"# {report.name}.xlsx\n\n{report.says}\n\nPublic source:\n\n{sources}", encoding="utf-8")
    return write_report(
        folder / f"{report.name}.xlsx",
        language=language,
        municipality=municipality,
        programme=(report.programme_id, title),
        period=report.period or NOT_STATED[language],
        statement="replaces",
        rows=report.rows,
        sections=tuple(report.rows),
    )


if __name__ == "__main__":
    write_reports(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
