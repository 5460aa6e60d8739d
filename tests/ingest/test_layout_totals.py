"""What a form that a layout reads says beside its rows: totals, currencies in headings, municipalities named once."""

from decimal import Decimal

from tests.ingest.forms import REGISTER_ROWS, write_register
from tests.ingest.test_layouts import layout, outline, raw_rows, said_of

__all__ = ["layout"]

GRANTS = """
title: Grants by municipality
language: sr-Latn
municipality: {heading: Mesto, fill_down: true}
programme: {value: SAMPLE}
period: {value: 2024-Q1}
tables:
- section: grants
  fields:
    grant_ref: Broj
    grantee_name: Primalac
    awarded_amount: Iznos (EUR)
"""
HEADINGS = ["Mesto", "Broj", "Primalac", "Iznos (EUR)"]


def test_a_total_of_a_register_that_differs_is_named_with_its_cell_and_both_figures(home, tmp_path, send):
    total = list(REGISTER_ROWS[-1])
    total[8] = 133
    outcome = send(write_register(tmp_path / "r.xlsx", rows=[*REGISTER_ROWS[:-1], total]))

    differing = [each for one in outcome.submissions for each in one.findings if each.rule == "totals_differ"]
    assert [(each.cell, each.field, each.value_as_reported) for each in differing] == [("I10", "completed_persons", "133")]
    assert "134" in differing[0].message


def test_totals_and_subtotals_that_agree_are_left_out_and_only_named(home, layout, sheets, send):
    layout("grants", GRANTS)
    rows = [
        ["Čačak", "G-1", "Udruženje", 100],
        [None, "G-2", "Dom", "200,50"],
        ["Ukupno za Čačak", None, None, "300,50"],
        ["Užice", "G-3", "Škola", 50],
        ["Ukupno", None, None, "350,50"],
    ]
    outcome = send(sheets("g.xlsx", List1=[HEADINGS, *rows]))

    assert sorted(outline(outcome)) == [("accepted", "71242", "2024-01-01", 2, 0), ("accepted", "79065", "2024-01-01", 1, 0)]
    totals = [each for each in said_of(outcome) if each[1].startswith("totals")]
    assert totals == [("warning", "totals_row_left_out", "List1", None)] * 2
    assert raw_rows(home, "grants", "grant_ref, awarded_amount, currency") == [
        ("G-1", Decimal("100.00"), "EUR"),
        ("G-2", Decimal("200.50"), "EUR"),
        ("G-3", Decimal("50.00"), "EUR"),
    ]


def test_a_blank_municipality_is_named_where_the_layout_does_not_say_that_it_is_filled_down(home, layout, sheets, send):
    layout("grants", GRANTS.replace("{heading: Mesto, fill_down: true}", "Mesto"))
    outcome = send(sheets("g.xlsx", List1=[HEADINGS, ["Čačak", "G-1", "Udruženje", 100], [None, "G-2", "Dom", 200]]))

    assert [(each.status, each.municipality_code) for each in outcome.submissions if each.status == "refused"] == [("refused", None)]
    assert ("error", "municipality_missing", "List1", "A3") in said_of(outcome)
