"""Every way of filling in a cell, from a real file to raw: as stated, or named by its cell, never another value."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from ingest.ledger import Ledger
from munimon import pipeline
from munimon.results import IngestOptions
from tests.ingest.files import xlsx
from tests.ingest.test_receiving import raw_rows

ABOVE = [["Opština: Kruševac"], ["Program: SAMPLE"], ["Period: 2024-Q1"]]

# cell → count and qualifier in raw, or the rule that names it
SERBIAN_COUNTS = [
    (12, 12, "exact"),
    ("12", 12, "exact"),
    ("'12", None, "number_unreadable"),
    ("1.234", 1234, "exact"),
    ("1 234", 1234, "exact"),
    ("1\u00a0234", 1234, "exact"),
    ("oko 30", 30, "about"),
    ("околу 30", 30, "about"),
    ("~30", 30, "about"),
    ("30+", 30, "at_least"),
    ("najmanje 30", 30, "at_least"),
    ("триесетина", 30, "about"),
    (0, 0, "exact"),
    ("-", None, None),
    ("/", None, None),
    ("n/a", None, None),
    ("нема податок", None, None),
    ("x", None, "number_unreadable"),
    ("12,5", None, "number_not_whole"),
    ("34 %", None, "number_unreadable"),
    (date(2024, 5, 1), None, "number_formatted_as_date"),
]


def test_counts_of_a_serbian_form(home, tmp_path):
    rows = [[f"E-{number}", cell] for number, (cell, _, _) in enumerate(SERBIAN_COUNTS)]
    path = tmp_path / "brojevi.xlsx"
    path.write_bytes(xlsx(None, None, List1=[*ABOVE, ["Oznaka angažovanja", "Angažovana lica"], *rows]))
    (submission,) = pipeline.ingest(home, [path], IngestOptions()).submissions

    rules = {finding.cell: finding.rule for finding in submission.findings if finding.severity == "error"}
    found = raw_rows(home, "engagements", "engaged_persons, engaged_persons_qualifier")
    read = [(value, rules.get(f"B{number}", qualifier)) for number, (value, qualifier) in enumerate(found, start=5)]
    assert read == [(value, said) for _, value, said in SERBIAN_COUNTS]


AMOUNTS = [
    ("1.200.000 din.", Decimal("1200000.00"), "RSD"),
    ("12.000 ден.", Decimal("12000.00"), "MKD"),
    ("1.200,50 €", Decimal("1200.50"), "EUR"),
    ("€1.200", Decimal("1200.00"), "EUR"),
    ("1 200,5 evra", Decimal("1200.50"), "EUR"),
    ("1.234", Decimal("1234.00"), None),
    (1234.5, Decimal("1234.50"), None),
]


def test_amounts_with_their_currencies(home, tmp_path):
    rows = [[f"G-{number}", cell] for number, (cell, _, _) in enumerate(AMOUNTS)]
    path = tmp_path / "iznosi.xlsx"
    path.write_bytes(xlsx(None, None, List1=[*ABOVE, ["Oznaka granta", "Odobreni iznos"], *rows]))
    pipeline.ingest(home, [path], IngestOptions())

    assert raw_rows(home, "grants", "awarded_amount, currency") == [(amount, currency) for _, amount, currency in AMOUNTS]


DATES = [
    ("13.11.2015.", "2015-11-13"),
    (date(2015, 11, 13), "2015-11-13"),
    ("maj 2021", "2021-05"),
    ("мај 2021", "2021-05"),
    ("2021", "2021"),
    (2021, "2021"),
    ("1.2.2024. i 3.4.2024.", "two_dates"),
    ("31.2.2024.", "date_impossible"),
]


@pytest.mark.parametrize("epoch", [None, datetime(1904, 1, 1)], ids=["1900", "1904"])
def test_dates_are_as_exact_as_stated_in_both_date_systems(home, tmp_path, epoch):
    rows = [[f"E-{number}", cell] for number, (cell, _) in enumerate(DATES)]
    path = tmp_path / "datumi.xlsx"
    path.write_bytes(xlsx(None, epoch, List1=[*ABOVE, ["Oznaka angažovanja", "Početak angažovanja"], *rows]))
    (submission,) = pipeline.ingest(home, [path], IngestOptions()).submissions

    rules = {finding.cell: finding.rule for finding in submission.findings if finding.severity == "error"}
    found = raw_rows(home, "engagements", "started_on_edtf")
    assert [rules.get(f"B{number}", edtf) for number, (edtf,) in enumerate(found, start=5)] == [said for _, said in DATES]


def test_what_can_be_read_in_two_ways_in_an_english_form_names_both(home, tmp_path):
    rows = [["Municipality: Kruševac"], ["Programme: SAMPLE"], ["Period: 2024-Q1"], ["Engagement number", "Start of engagement", "Engaged persons"]]
    path = tmp_path / "english.xlsx"
    path.write_bytes(xlsx(None, None, Engaged=[*rows, ["E-1", "03/04/2022", 5], ["E-2", "13/04/2022", "1,234"]]))
    (submission,) = pipeline.ingest(home, [path], IngestOptions()).submissions

    (finding,) = [each for each in Ledger(home.ledger).findings_of(submission.submission_id) if each.severity == "error"]
    assert (finding.rule, finding.cell, set(finding.params.values())) == (
        "date_ambiguous",
        "B5",
        {"03/04/2022", date(2022, 4, 3), date(2022, 3, 4)},
    )
    assert raw_rows(home, "engagements", "started_on_edtf, engaged_persons") == [(None, 5), ("2022-04-13", 1234)]


def test_a_form_without_language_or_country_names_both_readings(home, tmp_path):
    """A table of a programme that works in both countries, about the whole of it, under the fields' own names: nothing in it has a language."""
    path = tmp_path / "claims.csv"
    path.write_text(
        "municipality;programme;period;measure_code;source_id;value\nwhole programme;SAMPLE;2024-Q1;population;s1;1.234\n", encoding="utf-8"
    )
    (submission,) = pipeline.ingest(home, [path], IngestOptions()).submissions

    (finding,) = submission.findings
    assert (submission.municipality_code, finding.rule, finding.cell) == (None, "number_ambiguous", "F2")
    assert finding.message.endswith("“1.234” can be read as 1234 or as 1.234. Write the number without dots or commas between thousands.")
    assert raw_rows(home, "observations", "value, is_quarantined") == [(None, True)]


def test_the_text_as_reported_is_kept_for_every_cell_that_is_read(home, tmp_path):
    path = tmp_path / "tekst.xlsx"
    rows = [["Oznaka angažovanja", "Angažovana lica", "Početak angažovanja"], ["E-1", "oko 30 lica", "maj 2021."], ["E-2", "mnogo", "juče"]]
    path.write_bytes(xlsx(None, None, List1=[*ABOVE, *rows]))
    pipeline.ingest(home, [path], IngestOptions())

    assert raw_rows(home, "engagements", "as_reported") == [
        ('{"engagement_ref": "E-1", "engaged_persons": "oko 30 lica", "started_on": "maj 2021."}',),
        ('{"engagement_ref": "E-2", "engaged_persons": "mnogo", "started_on": "juče"}',),
    ]


@pytest.mark.parametrize(
    ("note", "qualifier", "rule", "said"),
    [
        (None, "exact", "footnote_mark", {"mark": "*", "value": 3, "note": None}),
        ("* bez službe u naselju Jastrebac", "exact", "footnote_mark", {"mark": "*", "value": 3, "note": "A7"}),
        ("* procena centra za socijalni rad", "about", "footnote_mark", {"mark": "*", "value": 3, "note": "A7"}),
        ("** procena", "exact", "footnote_mark", {"mark": "*", "value": 3, "note": None}),
    ],
)
def test_a_figure_with_the_mark_of_a_footnote_is_read_as_its_note_lets_it(home, tmp_path, note, qualifier, rule, said):
    path = tmp_path / "fusnota.xlsx"
    rows = [["Oznaka angažovanja", "Angažovana lica"], ["E-1", "3*"], ["E-2", 4], *([[note]] if note else [])]
    path.write_bytes(xlsx(None, None, List1=[*ABOVE, *rows]))
    (submission,) = pipeline.ingest(home, [path], IngestOptions()).submissions

    (finding,) = [each for each in Ledger(home.ledger).findings_of(submission.submission_id) if each.cell]
    assert (submission.status, finding.rule, finding.cell, finding.value_as_reported, finding.params) == ("accepted", rule, "B5", "3*", said)
    assert raw_rows(home, "engagements", "engaged_persons, engaged_persons_qualifier") == [(3, qualifier), (4, "exact")]


def test_a_figure_that_its_note_may_multiply_is_no_figure(home, tmp_path):
    path = tmp_path / "hiljade.xlsx"
    rows = [["Oznaka granta", "Dodeljeni iznos", "Valuta"], ["G-1", "1.250*", "RSD"], ["G-2", 4, "RSD"], ["* u hiljadama dinara"]]
    path.write_bytes(xlsx(None, None, List1=[*ABOVE, *rows]))
    (submission,) = pipeline.ingest(home, [path], IngestOptions()).submissions

    (error,) = [each for each in submission.findings if each.severity == "error"]
    assert (error.rule, error.cell, error.value_as_reported) == ("footnote_multiplies", "B5", "1.250*")
    assert "može biti 1250 ili 1.250.000" in error.message
    assert raw_rows(home, "grants", "awarded_amount, is_quarantined") == [(Decimal("1250.00"), True), (Decimal("4.00"), False)]


def test_a_mark_in_a_wide_table_is_told_with_its_cell(home, tmp_path):
    path = tmp_path / "statistika.xlsx"
    rows = [["Opština", "Godina", "Broj stanovnika", "Stopa nezaposlenosti"], ["Kruševac", 2024, "113.582*", "34,4 %*"]]
    path.write_bytes(xlsx(None, None, Podaci=rows))
    (submission,) = pipeline.ingest(home, [path], IngestOptions(layout="municipal_statistics", programme="SAMPLE")).submissions

    assert [(each.rule, each.cell) for each in submission.findings if each.cell != "B2"] == [("footnote_mark", "C2"), ("footnote_mark", "D2")]
    assert raw_rows(home, "observations", "measure_code, value, unit") == [
        ("population", Decimal("113582.0000"), "persons"),
        ("unemployment_rate", Decimal("34.4000"), "percent"),
    ]
