"""A layout proposed for a form that nobody has described: what is found, what is left, and that the proposal can be used."""

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from ingest.layout_proposal import Proposal, propose_layout
from ingest.layouts import Layout, Layouts, Source, TableLayout, Unpivot, Unpivoted, load_layouts, read_layout
from munimon.cli import main
from munimon.reference import copy_reference
from munimon.settings import shipped
from tests.ingest.forms import STATISTICS_HEADINGS, STATISTICS_ROWS, write_register, write_statistics


@pytest.fixture
def propose() -> Callable[[Path], Proposal]:
    """Proposes a layout for a file, where none is known."""
    return lambda path: propose_layout(path.read_bytes(), path.name, Layouts({}))


def test_kinds_of_a_register_become_a_table_each_and_headings_their_most_like_fields(tmp_path, propose):
    proposal = propose(write_register(tmp_path / "register.xlsx"))

    assert [(table.section, table.heading_row, table.heading_rows) for table in proposal.tables] == [
        ("trainings", 3, 2),
        ("equipment", 3, 2),
        ("grants", 3, 2),
    ]
    equipment = {guess.column: (guess.heading, guess.means) for guess in proposal.tables[1].guesses}
    assert equipment["B"] == ("Општина", "municipality")
    assert equipment["C"] == ("Програма", "programme")
    assert equipment["F"] == ("Датум", "delivered_on")
    assert equipment["M"] == ("Количина", "quantity")
    assert equipment["E"] == ("Назив на активноста", None)
    layout = read_layout(proposal.layout, "register")
    assert [(table.section, table.only_where.equals) for table in layout.tables if table.only_where] == [
        ("trainings", ("Обука", "Обука за вештини")),
        ("equipment", ("Набавка на опрема",)),
        ("grants", ("Грант",)),
    ]
    assert [source.heading for source in layout.period] == [("Квартал",), ("Година",)]
    assert layout.period[0].values == {"I": "I Квартал", "II": "II Квартал", "III": "III Квартал", "IV": "IV Квартал"}


def test_women_and_roma_are_never_taken_for_all_persons(sheets, propose):
    form = sheets("obuke.xlsx", Obuke=[["Opština", "Naziv obuke", "Polaznici", "Polaznici žene", "Polaznici Romi"], ["Šid", "Zavarivanje", 20, 8, 5]])

    assert [(guess.heading, guess.means) for guess in propose(form).tables[0].guesses] == [
        ("Opština", "municipality"),
        ("Naziv obuke", "title"),
        ("Polaznici", "enrolled_persons"),
        ("Polaznici žene", "enrolled_women"),
        ("Polaznici Romi", None),
    ]


# Two rows of headings, units in cells, dates below a heading that begins like a period, a total.
PUBLIC_WORKS = [
    ["JLS", "Izvođač", "Period izvođenja", None, "Ukupno lica", "Odobreno (u hiljadama din.)"],
    [None, None, "od", "do", None, None],
    ["Kruševac", "JKP Vodovod", "1.2.2024.", "31.5.2024.", "12 lica", "1.250,5"],
    ["Raška", "Udruženje", "15.3.2024.", "maj 2024", "oko 20", "900"],
    ["UKUPNO", None, None, None, 32, "2.150,5"],
]


def test_columns_of_days_are_no_periods_and_what_our_own_form_knows_is_known(sheets, propose):
    (table,) = propose(sheets("radovi.xlsx", Radovi=PUBLIC_WORKS)).tables

    means = {guess.heading: guess.means for guess in table.guesses}
    assert (table.section, means["Period izvođenja / od"], means["Period izvođenja / do"]) == ("engagements", "started_on", "ended_on")


def test_preview_leaves_out_totals_and_names_a_period_that_cannot_be_read(sheets, propose):
    rows = [
        ["Opština", "Period", "Naziv obuke", "Polaznici"],
        ["Šid", "III/2024", "Zavarivanje", 20],
        ["Ada", "2024-Q1", "Kuvanje", 5],
        ["Ukupno", None, None, 25],
    ]
    preview = propose(sheets("obuke.xlsx", Obuke=rows)).preview

    assert [(row.row, row.findings) for row in preview] == [(2, ("period_ambiguous",)), (3, ())]


def test_headings_that_are_like_nothing_are_named_in_the_proposed_file(tmp_path, propose):
    lines = propose(write_register(tmp_path / "register.xlsx")).layout.splitlines()

    assert lines[1] == "# These headings are like none of the fields; add those that matter:"
    assert "#   E  Назив на активноста" in lines


def test_preview_shows_the_first_rows_as_they_would_be_loaded(tmp_path, propose):
    row = propose(write_register(tmp_path / "register.xlsx")).preview[2]

    assert (row.section, row.sheet, row.row, row.about["municipality"]) == ("equipment", "Регистар 2024", 7, "Битола")
    assert (row.values["quantity"], row.values["delivered_on_edtf"]) == ("20", "2024-03-05")
    # "(илјади денари)" stands in the heading
    assert (row.values["unit_cost"], row.values["currency"], row.findings) == ("12500.00", "MKD", ())


def test_wide_table_is_proposed_as_an_observation_a_cell(tmp_path, propose):
    proposal = propose(write_statistics(tmp_path / "statistics.xlsx"))
    (table,) = read_layout(proposal.layout, "statistics").tables

    assert (table.section, proposal.tables[0].is_wide) == ("observations", True)
    assert table.unpivot is not None
    assert [column.heading for column in table.unpivot.columns] == [(heading,) for heading in STATISTICS_HEADINGS[3:]]
    assert read_layout(proposal.layout, "statistics").language == "sr-Latn"


def test_both_public_forms_are_told_apart_a_register_from_a_statistical_table(tmp_path, propose):
    register, statistics = propose(write_register(tmp_path / "register.xlsx")), propose(write_statistics(tmp_path / "statistics.xlsx"))

    assert [table.is_wide for proposal in (register, statistics) for table in proposal.tables] == [False, False, False, True]


PROJECTS = [
    ["Registar projekata"],
    ["Opština", "Naziv projekta", "Datum potpisivanja", "Vrednost projekta", "Broj ugovora", "Procena rizika", "Bodovi", "Rang"],
    ["Šid", "Dnevni boravak", "1.2.2024.", 1200000, 3, 2, 88, 1],
    ["Šid", "Klub", "5.3.2024.", 900000, 1, 4, 70, 2],
    ["Ada", "Centar", "6.3.2024.", 800000, 1, 4, 60, 3],
]
SEVERAL_OF_A_PLACE = [
    ["Opština", "Površina", "Bodovi", "Rang", "Kote", "Redni zahtev"],
    ["Šid", 687, 5, 1, 2, 9],
    ["Šid", 12, 6, 2, 2, 8],
    ["Ada", 3, 7, 3, 2, 7],
]


@pytest.mark.parametrize("rows", [PROJECTS, SEVERAL_OF_A_PLACE])
def test_a_register_with_five_unknown_columns_of_figures_is_no_wide_table(sheets, propose, rows):
    assert not any(table.is_wide for table in propose(sheets("registar.xlsx", Registar=rows)).tables)


def test_unknown_indicators_beside_a_place_are_a_wide_table_though_a_district_stands_there_too(sheets, propose):
    rows = [
        ["Opštine u brojkama 2023"],
        ["Opština", "Okrug", "Površina", "Gustina", "Migracioni saldo", "Stopa rasta", "Indeks razvijenosti"],
        ["Šid", "Sremski", 687, "45,2", "-120", "-1,2 %", "78,4"],
        ["Ada", "Severnobanatski", 227, "70,1", "-80", "-0,9 %", "81"],
    ]
    (table,) = propose(sheets("indikatori.xlsx", Indikatori=rows)).tables

    measures = [guess.heading for guess in table.guesses if guess.means == "value"]
    assert (table.section, measures) == ("observations", ["Površina", "Gustina", "Migracioni saldo", "Stopa rasta", "Indeks razvijenosti"])


def test_years_as_columns_are_proposed_as_periods_of_one_measure(sheets, propose):
    rows = [["Zaposleni po opštinama"], ["Opština", 2021, 2022, 2023], ["Šid", 5400, "5.500", 5600], ["Ada", 3900, 3950, "oko 4.000"]]
    proposal = propose(sheets("zaposleni.xlsx", **{"Broj zaposlenih": rows}))

    (table,) = read_layout(proposal.layout, "zaposleni").tables
    assert table.unpivot is not None
    assert (table.unpivot.headings_are, [column.heading for column in table.unpivot.columns]) == ("periods", [("2021", "2022", "2023")])
    shown = [(row.about["municipality"], row.about["period"], row.values["measure_code"], row.values["value"]) for row in proposal.preview]
    assert "# Nothing was found for programme: say it here (heading, cell, value) or with the command's options." in proposal.layout.splitlines()
    assert shown[:2] == [("Šid", "2021", "broj_zaposlenih", "5400.0000"), ("Šid", "2022", "broj_zaposlenih", "5500.0000")]


def test_proposed_file_loads_the_form_without_more_ado(home, tmp_path, send, capsys):
    copy_reference(home)
    for known in (home.reference / "layouts").glob("*.yml"):
        known.unlink()
    form = write_statistics(tmp_path / "statistics.xlsx", headings=STATISTICS_HEADINGS[:8], rows=[row[:8] for row in STATISTICS_ROWS])
    out = home.reference / "layouts" / "statistics.yml"

    assert main(["layout", "try", str(form), "--out", str(out), "--home", str(home.folder)]) == 0
    assert capsys.readouterr().out.endswith(f"{out} is written: edit it, then run `munimon ingest {form} --layout statistics`.\n")
    assert [one.status for one in send(form, layout="statistics", programme="SAMPLE").submissions] == ["accepted"] * 3
    rows = duckdb.sql(
        f"select source_row, source_column, measure_code, value, unit from read_parquet('{home.raw}/observations/*.parquet') order by 1, 2"
    ).fetchall()
    assert rows[:3] == [
        (4, "D", "broj_stanovnika", Decimal("113582.0000"), None),
        (4, "E", "stopa_nezaposlenosti", Decimal("34.4000"), "percent"),
        (4, "F", "prirodni_prirastaj", Decimal("-7.1500"), "per_mille"),
    ]


def test_a_file_that_is_there_is_not_written_over(home, tmp_path, capsys):
    form, out = write_register(tmp_path / "register.xlsx"), tmp_path / "register.yml"
    out.write_text("title: mine", encoding="utf-8")

    assert main(["layout", "try", str(form), "--out", str(out)]) == 1
    assert capsys.readouterr().err == f"munimon: --out '{out}': is there already and was left as it is; choose another name\n"
    assert out.read_text(encoding="utf-8") == "title: mine"


def test_in_a_pipe_the_proposal_is_plain_lines_and_as_json_one_object(tmp_path, capsys):
    form = write_register(tmp_path / "register.xlsx")

    assert main(["layout", "try", str(form)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "register.xlsx: read already by layout activity_register"
    assert lines[2:6] == [
        "Sheet Регистар 2024: trainings, headings in rows 3 to 4",
        "column\theading\tmeans\tlikeness",
        "A\tБрој\ttraining_ref\t85",
        "B\tОпштина\tmunicipality\t100",
    ]
    assert main(["layout", "try", str(form), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["fitting"], told["sheets"], [table["section"] for table in told["tables"]]) == (
        "activity_register",
        ["Регистар 2024"],
        ["trainings", "equipment", "grants"],
    )


def test_file_without_a_table_is_an_error_of_one_line(tmp_path, capsys):
    form = tmp_path / "letter.csv"
    form.write_text("Poštovani;\nšaljemo izveštaj;\n", encoding="utf-8")

    assert main(["layout", "try", str(form)]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_shipped_layouts_are_valid_and_each_names_its_form():
    assert {name: layout.title for name, layout in load_layouts(shipped() / "data" / "reference").by_name.items()} == {
        "activity_register": "Consolidated register of activities across municipalities",
        "municipal_statistics": "Statistical table of municipalities, year by year, an indicator a column",
    }


def test_guide_shows_the_shipped_layouts_as_they_are_and_names_every_key():
    guide = (Path(__file__).parents[2] / "docs" / "layouts.md").read_text(encoding="utf-8")

    for path in sorted((shipped() / "data" / "reference" / "layouts").glob("*.yml")):
        assert f"```yaml\n{path.read_text(encoding='utf-8').rstrip()}\n```" in guide, path.name
    keys = {key for model in (Layout, TableLayout, Unpivot, Unpivoted, Source) for key in model.model_fields} - {"name"}
    assert {key for key in keys if f"`{key}`" not in guide and f"{{{key}: " not in guide} == set()
