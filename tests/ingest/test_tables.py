"""Tables of the shapes that people give them, read from real workbooks: what is found, what is left out, and what is said."""

import pytest

from ingest.findings import full_message
from ingest.heading_words import currency_named
from ingest.readers import Sheet, read_sheets
from ingest.tables import Table, find_tables
from tests.ingest.files import Rows, xlsx

HEADINGS = ("Poslodavac", "Angažovana lica", "Angažovane žene")


def sheet_of(rows: Rows, name: str = "List1", merge: tuple[str, ...] = ()) -> Sheet:
    """A sheet as it is read from an xlsx."""
    (sheet,) = read_sheets(xlsx(lambda each: [each.merge_cells(cells) for cells in merge], None, **{name: rows}), "report.xlsx")
    return sheet


def tables_of(rows: Rows, name: str = "List1", merge: tuple[str, ...] = ()) -> list[Table]:
    return find_tables(sheet_of(rows, name, merge))


def table_of(rows: Rows, name: str = "List1", merge: tuple[str, ...] = ()) -> Table:
    (table,) = tables_of(rows, name, merge)
    return table


def columns_of(table: Table) -> dict[int, str]:
    return {column: field.name for column, field in table.fields.items()}


def data_of(table: Table) -> list[int]:
    """The rows of data: those not left out that hold something."""
    return [number for number in table.rows() if any(cell not in (None, "") for cell in table.sheet.rows[number - 1])]


def said_of(table: Table) -> list[tuple[str, str | None, object]]:
    """The findings of a table: rule, cell, and what is special about each."""
    return [(each.rule, each.cell, each.params.get("heading") or each.params.get("row") or each.params.get("rows")) for each in table.findings]


def test_a_table_below_titles_and_to_the_right_of_blank_columns_is_found():
    table = table_of([["Izveštaj o angažovanju"], [], [], [None, None, *HEADINGS], [None, None, "JKP", 5, 2]])

    assert (table.section.name, table.heading_row, columns_of(table)) == (
        "engagements",
        4,
        {3: "employer_name", 4: "engaged_persons", 5: "engaged_women"},
    )
    assert (data_of(table), table.findings) == ([5], ())


def test_blank_columns_and_rows_within_a_table_are_no_matter():
    table = table_of([["Poslodavac", None, "Angažovana lica"], ["JKP", None, 5], [], ["Dom", None, 7]])

    assert (columns_of(table), data_of(table), table.findings) == ({1: "employer_name", 3: "engaged_persons"}, [2, 4], ())


@pytest.mark.parametrize(
    ("group", "parts"),
    [
        ("Angažovani", ("ukupno", "žene", "Romi", "Romkinje")),
        ("Ангажирани", ("вкупно", "жени", "Роми", "Ромки")),
        ("Ангажовани радници", ("укупно", "жене", "Роми", "Ромкиње")),
        ("Engaged", ("total", "women", "Roma", "Roma women")),
        ("Të angazhuar", ("gjithsej", "gra", "romë", "gra rome")),
    ],
)
def test_a_group_over_its_parts_is_understood_in_every_language(group, parts):
    table = table_of([["Poslodavac", group], [None, *parts], ["JKP", 5, 2, 1, 1]], merge=("A1:A2", "B1:E1"))

    assert columns_of(table) == {1: "employer_name", 2: "engaged_persons", 3: "engaged_women", 4: "engaged_roma", 5: "engaged_roma_women"}
    assert (table.heading_row, data_of(table), table.findings) == (2, [3], ())


def test_two_groups_side_by_side_keep_their_parts_apart():
    rows = [["Poslodavac", "Angažovani", None, "Zadržani", None], [None, "ukupno", "žene", "ukupno", "od toga žene"], ["JKP", 5, 2, 3, 1]]
    expected = {1: "employer_name", 2: "engaged_persons", 3: "engaged_women", 4: "retained_persons", 5: "retained_women"}

    assert columns_of(table_of(rows, merge=("A1:A2", "B1:C1", "D1:E1"))) == expected
    # a file that tells of no merged cells, and a form that merges none
    assert columns_of(table_of(rows)) == expected


def test_three_rows_of_headings_are_read_as_one():
    rows = [["Učesnici obuke"], ["Naziv obuke", "Upisani", None, "Završili", None], [None, "svega", "žene", "svega", "žene"], ["IT", 9, 4, 8, 3]]
    table = table_of(rows, merge=("A1:E1", "A2:A3", "B2:C2", "D2:E2"))

    assert columns_of(table) == {1: "title", 2: "enrolled_persons", 3: "enrolled_women", 4: "completed_persons", 5: "completed_women"}
    assert (table.section.name, data_of(table), table.findings) == ("trainings", [4], ())


def test_a_part_belongs_to_the_whole_to_its_left():
    table = table_of([["Broj angažovanih", "od toga žene", "Broj zadržanih", "od toga žene", "Romi"], [5, 2, 3, 1, 0]])

    assert list(columns_of(table).values()) == ["engaged_persons", "engaged_women", "retained_persons", "retained_women", "retained_roma"]


def test_a_part_of_a_whole_that_is_not_known_is_not_guessed():
    table = table_of([["Poslodavac", "Angažovani", None, "Volonteri", None], [None, "ukupno", "žene", "ukupno", "od toga žene"], ["JKP", 5, 2, 3, 1]])

    assert list(columns_of(table).values()) == ["employer_name", "engaged_persons", "engaged_women"]
    assert said_of(table) == [("heading_unknown", "D2", "Volonteri – ukupno"), ("heading_unknown", "E2", "Volonteri – od toga žene")]


def test_from_and_to_below_a_span_are_its_dates():
    table = table_of(
        [["Naziv obuke", "Trajanje", None, "Upisana lica"], [None, "od", "do", None], ["IT", "2024", "2024", 4]], merge=("A1:A2", "B1:C1", "D1:D2")
    )

    assert columns_of(table) == {1: "title", 2: "started_on", 3: "ended_on", 4: "enrolled_persons"}


def test_amounts_below_one_heading_are_told_apart():
    rows = [["Korisnik granta", "Iznos (RSD)"], [None, "odobren", "isplaćen", "utrošen"], ["UG", 5, 2, 1]]
    expected = {1: "grantee_name", 2: "awarded_amount", 3: "disbursed_amount", 4: "spent_amount"}

    assert columns_of(table_of(rows, merge=("A1:A2", "B1:D1"))) == expected
    assert columns_of(table_of(rows)) == expected


def test_a_name_below_a_heading_is_the_heading():
    table = table_of([["Opština", "Poslodavac", "Angažovani"], ["naziv", "naziv", "ukupno"], ["Čačak", "JKP", 5]])

    assert (columns_of(table), dict(table.places), table.findings) == ({2: "employer_name", 3: "engaged_persons"}, {"municipality": 1}, ())


def test_place_and_date_below_a_note_belong_to_it():
    table = table_of([HEADINGS, ("JKP", 5, 2), ("Datum: 12.4.2024.",), ("U Čačku, odgovorno lice P. P.",)])

    assert (data_of(table), said_of(table)) == ([2], [("notes_left_out", None, [4])])


def test_marks_numbers_and_plain_units_in_headings_are_no_matter_and_a_factor_is():
    table = table_of(
        [["R. br.", "1. Korisnik granta", "Odobreni iznos (RSD)", "Isplaćeni iznos*", "Utrošeni iznos (u hiljadama RSD)"], [1, "UG", 5, 3, 1]]
    )

    assert columns_of(table) == {2: "grantee_name", 3: "awarded_amount", 4: "disbursed_amount"}
    assert said_of(table) == [("heading_unknown", "E1", "Utrošeni iznos (u hiljadama RSD)")]


@pytest.mark.parametrize("below", [("", "(osoba)", "lica"), ("1", "2", "3"), (1, 2, 3), ("(1)", "(2)", "(3)"), ("I", "II", "III")])
def test_a_row_of_units_or_of_column_numbers_under_the_headings_is_left_out(below):
    table = table_of([HEADINGS, below, ("JKP", 5, 2)])

    assert (data_of(table), table.findings) == ([3], ())


def test_a_first_row_of_data_that_looks_like_numbers_is_kept():
    table = table_of([("Angažovana lica", "Angažovane žene", "Angažovani Romi"), (3, 2, 1), (1, 2, 2)])

    assert data_of(table) == [2, 3]


@pytest.mark.parametrize("label", ["Ukupno", "UKUPNO:", "Svega", "Σ", "Вкупно", "Збир", "Total", "Gjithsej", "Ukupno za opštinu Čačak", "Међузбир"])
def test_a_total_that_agrees_is_left_out_and_named(label):
    table = table_of([HEADINGS, ("JKP", 5, 2), ("Dom", 7, 3), (label, 12, 5)])

    assert (data_of(table), said_of(table)) == ([2, 3], [("totals_row_left_out", None, 4)])


def test_subtotals_and_the_grand_total_are_each_checked_against_their_rows():
    rows = [HEADINGS, ("A", 5, 2), ("B", 7, 3), ("Ukupno", 12, 5), ("C", 1, 1), ("Ukupno", 1, 1), ("Sveukupno", 13, 6)]
    table = table_of(rows)

    assert data_of(table) == [2, 3, 5]
    assert said_of(table) == [("totals_row_left_out", None, number) for number in (4, 6, 7)]


def test_a_total_that_differs_is_named_with_its_cell_and_both_figures():
    table = table_of([HEADINGS, ("JKP", 5, 2), ("Dom", 7, 3), ("Ukupno", 13, 5)])

    assert data_of(table) == [2, 3]
    assert [full_message(finding, "sr-Latn") for finding in table.findings] == [
        "List „List1“, red 4: Ovaj red je prepoznat kao zbir i izostavljen je. Ako nije zbir, izmenite njegovu prvu ćeliju.",
        "List „List1“, ćelija B4: Zbir za „Angažovana lica“ je 13, ali redovi zajedno daju 12. Preuzeti su redovi; proverite i njih i zbir.",
    ]


def test_a_total_over_rows_of_which_one_is_not_known_may_be_more_than_the_known_ones():
    table = table_of([HEADINGS, ("JKP", 5, 2), ("Dom", "-", 3), ("Ukupno", 13, 4)])

    assert [(each.rule, each.cell) for each in table.findings] == [("totals_row_left_out", None), ("totals_differ", "C4")]


def test_a_total_without_a_word_is_told_by_its_sums():
    table = table_of([HEADINGS, ("JKP", 5, 2), ("Dom", 7, 3), (None, 12, 5)])

    assert (data_of(table), said_of(table)) == ([2, 3], [("totals_row_left_out", None, 4)])


def test_a_company_called_total_is_no_total():
    table = table_of([("Poslodavac", "Vrsta poslodavca", "Angažovana lica"), ("Total Serbia doo", "privatni sektor", 5), ("Dom", "javni sektor", 5)])

    assert (data_of(table), table.findings) == ([2, 3], ())


def test_a_row_that_happens_to_be_the_sum_is_kept_where_rows_need_no_text():
    table = table_of([("Angažovana lica", "Angažovane žene"), (5, 2), (7, 3), (12, 5)])

    assert data_of(table) == [2, 3, 4]


def test_headings_again_on_the_next_page_go_on_with_the_table():
    rows = [HEADINGS, ("JKP", 5, 2), (), HEADINGS, ("Dom", 7, 3), ("Ukupno", 12, 5)]
    table = table_of(rows)

    assert (data_of(table), said_of(table)) == ([2, 5], [("totals_row_left_out", None, 6)])


def test_notes_and_signatures_below_a_table_are_left_out_and_counted():
    rows = [HEADINGS, ("JKP", 5, 2), (), ("* podaci do 31.12.2024.",), ("Napomena: dva lica su odustala",), ("Sastavila:", "P. Perić"), ("M.P.",)]
    table = table_of(rows)

    assert (data_of(table), said_of(table)) == ([2], [("notes_left_out", None, [4, 5, 6, 7])])


def test_a_long_text_below_a_table_is_a_note_and_a_name_alone_is_a_row():
    note = "Podaci o ženama su procena udruženja na osnovu spiskova prisutnih na obukama"
    table = table_of([("Naziv obuke", "Upisana lica"), ("IT", 9), ("Frizerska obuka", None), (note, None)])

    assert (data_of(table), said_of(table)) == ([2, 3], [("notes_left_out", None, [4])])


def test_tables_of_two_sections_on_one_sheet_are_both_found():
    rows = [
        ("Tabela 1. Angažovanja",),
        HEADINGS,
        ("JKP", 5, 2),
        ("Ukupno", 5, 2),
        (),
        ("Tabela 2. Obuke",),
        ("Naziv obuke", "Upisana lica"),
        ("IT", 9),
    ]
    first, second = tables_of(rows)

    assert (first.section.name, data_of(first), said_of(first)) == ("engagements", [3], [("totals_row_left_out", None, 4)])
    assert (second.section.name, second.heading_row, data_of(second), second.findings) == ("trainings", 7, [8], ())


def test_each_table_speaks_of_what_stands_right_above_it():
    rows = [
        ("Program: SAMPLE",),
        ("Opština: Čačak",),
        HEADINGS,
        ("JKP", 5, 2),
        (),
        ("Opština: Užice",),
        ("Poslodavac", "Angažovana lica"),
        ("Dom", 7),
    ]
    first, second = tables_of(rows)
    spoken = [{key: stated.text for key, stated in table.said_above(table.last_row).stated.items()} for table in (first, second)]

    assert spoken == [{"programme": "SAMPLE", "municipality": "Čačak"}, {"programme": "SAMPLE", "municipality": "Užice"}]
    assert (data_of(first), data_of(second)) == ([4], [8])


def test_a_label_between_rows_holds_from_there_on():
    table = table_of([HEADINGS, ("Opština: Čačak",), ("JKP", 5, 2), ("Opština: Užice",), ("Dom", 7, 3)])

    assert data_of(table) == [3, 5]
    assert [table.said_above(number).stated["municipality"].text for number in (3, 5)] == ["Čačak", "Užice"]


def test_what_a_merged_cell_says_holds_for_every_row_it_spans_but_a_figure_is_counted_once():
    rows = [("Opština", "Poslodavac", "Angažovana lica"), ("Čačak", "JKP", 5), (None, "Dom", None), (None, "Škola", 2)]
    table = table_of(rows, merge=("A2:A4", "C2:C3"))

    assert [[table.sheet.cell(number, column) or None for column in (1, 2, 3)] for number in data_of(table)] == [
        ["Čačak", "JKP", 5],
        ["Čačak", "Dom", None],
        ["Čačak", "Škola", 2],
    ]


def test_a_row_of_data_that_holds_known_words_is_no_heading():
    rows = [("Događaj", "Naziv događaja", "Mesto"), ("Obuka", "Program", "Opština"), ("Sastanak", "Romi", "Grad")]
    table = table_of(rows, name="Događaji")

    assert (table.section.name, data_of(table)) == ("events", [2, 3])


def test_one_known_heading_is_enough_only_where_the_sheet_bears_the_name():
    rows = [("Angažovana lica", "Beleške"), (5, "x")]

    assert columns_of(table_of(rows, name="Angažovani radnici")) == {1: "engaged_persons"}
    assert tables_of(rows) == []


def test_two_tables_side_by_side_are_read_each_alone():
    rows = [
        ("Opština: Čačak",),
        ("Angažovanja", None, None, None, "Obuke"),
        ("Poslodavac", "Angažovana lica", "Angažovane žene", None, "Naziv obuke", "Upisana lica"),
        ("JKP", 5, 2, None, "IT", 9),
        ("Dom", 7, 3, None, "Jezik", 4),
        ("Ukupno", 12, 5, None, "Šivenje", 2),
    ]
    left, right = tables_of(rows)

    assert (left.section.name, columns_of(left), data_of(left)) == (
        "engagements",
        {1: "employer_name", 2: "engaged_persons", 3: "engaged_women"},
        [4, 5],
    )
    assert (right.section.name, columns_of(right), data_of(right)) == ("trainings", {5: "title", 6: "enrolled_persons"}, [4, 5, 6])
    assert said_of(left) == [("totals_row_left_out", None, 6)]
    assert [each.said_above(5).stated["municipality"].text for each in (left, right)] == ["Čačak", "Čačak"]
    assert right.letters == {"title": "E", "enrolled_persons": "F"}


def test_one_list_in_two_halves_side_by_side_is_two_tables():
    head = ("R. br.", "Poslodavac", "Angažovana lica")
    rows = [(*head, *head), (1, "JKP", 5, 3, "Škola", 4), (2, "Dom", 7, 4, "Vrtić", 6)]
    left, right = tables_of(rows)

    assert [
        [table.sheet.cell(number, column) for number in (2, 3) for column in columns] for table, columns in ((left, (2, 3)), (right, (5, 6)))
    ] == [
        ["JKP", 5, "Dom", 7],
        ["Škola", 4, "Vrtić", 6],
    ]
    assert (said_of(left), said_of(right)) == ([], [])


def test_tables_side_by_side_go_on_below_headings_again():
    head = (*HEADINGS, None, "Naziv obuke", "Upisana lica")
    rows = [head, ("JKP", 5, 2, None, "IT", 9), head, ("Dom", 7, 3, None, "Jezik", 4), (), ("Naziv događaja", "Mesto"), ("Sajam", "Čačak")]
    left, right, below = tables_of(rows)

    assert [(table.section.name, data_of(table)) for table in (left, right, below)] == [
        ("engagements", [2, 4]),
        ("trainings", [2, 4]),
        ("events", [7]),
    ]


@pytest.mark.parametrize(
    ("heading", "currency"),
    [
        ("Odobreni iznos (EUR)", "EUR"),
        ("Odobreni iznos (u RSD)", "RSD"),
        ("Odobreni iznos u dinarima", "RSD"),
        ("Одобрен износ во ден.", "MKD"),
        ("Одобрен износ (денари)", "MKD"),
        ("Awarded amount, EUR", "EUR"),
        ("Odobreni iznos (US$)", "USD"),
        ("Odobreni iznos u dolarima", "USD"),
        ("Одобрен износ, $", "USD"),
        ("Odobreni iznos u švajcarskim francima", "CHF"),
        ("Одобрен износ (британски фунти)", "GBP"),
        ("Awarded amount in Swiss francs", "CHF"),
        ("Odobreni iznos", None),
    ],
)
def test_a_currency_in_a_heading_is_that_of_its_amounts(heading, currency):
    table = table_of([("Oznaka granta", heading), ("G-1", 500)], name="Grantovi")

    assert columns_of(table)[2] == "awarded_amount"
    assert table.currencies == ({"awarded_amount": currency} if currency else {})


@pytest.mark.parametrize("text", ["u kanadskim dolarima", "(CA$)", "во австралиски долари", "dollarë kanadezë", "Australian dollars"])
def test_a_dollar_of_another_country_is_not_that_of_the_united_states(text):
    assert currency_named(f"Odobreni iznos {text}") is None


def test_a_currency_over_or_below_the_headings_of_amounts_is_theirs():
    over = [("Broj granta", "Iznos (EUR)", None), (None, "odobren", "isplaćen"), ("G-1", 500, 200)]
    below = [("Broj granta", "Odobreni iznos"), (None, "din."), ("G-1", 500)]

    assert table_of(over, merge=("B1:C1",)).currencies == {"awarded_amount": "EUR", "disbursed_amount": "EUR"}
    assert table_of(below, name="Grantovi").currencies == {"awarded_amount": "RSD"}
