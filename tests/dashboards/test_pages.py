"""Each page, run on a small published build without a browser."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.dashboards.conftest import APP

PAGES = ("overview", "municipality", "compare", "changes", "data_quality")


def open_page(home: Path, monkeypatch: pytest.MonkeyPatch, page: str = "overview", **choices: str) -> AppTest:
    """Run the app as a reader would open it: at a page, with choices in the address."""
    monkeypatch.setenv("MUNIMON_HOME", str(home))
    app = AppTest.from_file(str(APP), default_timeout=120)
    for key, value in ({"language": "en"} | choices).items():
        app.query_params[key] = value
    app.run()
    if page != "overview":
        app.switch_page(f"views/{page}.py")
        app.run()
    return app


def read_html(app: AppTest) -> str:
    """All our own markup on the page, as one text."""
    return "\n".join(element.proto.body for element in app.get("html"))


@pytest.mark.parametrize("language", ["en", "sr-Latn", "sr-Cyrl", "mk", "sq"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_runs_in_every_language(page: str, language: str, published_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page(published_home, monkeypatch, page, language=language, programme="SAMPLE")
    assert [error.message for error in app.exception] == []
    assert "<header" in read_html(app)


def test_unknown_is_said_and_never_zero(published_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cards = read_html(open_page(published_home, monkeypatch, programme="RS-GIZ-ZZZ"))
    retention = cards[cards.index('data-indicator="retention_rate"') :].split('data-indicator="households')[0]
    assert '<div class="value unknown">not known</div>' in retention
    assert "between 12.5% and 100%" in retention
    assert ">0<" not in retention


def test_a_qualified_count_is_shown_as_reported(published_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert '<div class="value">about 30<small>households</small>' in read_html(open_page(published_home, monkeypatch))


def test_a_card_says_how_far_the_target_is_and_between_what_persons_of_several_programmes_lie(
    published_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cards = read_html(open_page(published_home, monkeypatch, programme="SAMPLE"))
    assert "between 1,000 and 1,234: sources differ, or the same persons or households may be in several programmes" in cards
    assert "target 2,234: 50% of the way from the start" in cards


def test_synthetic_figures_say_so_and_are_added_to_nothing(published_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    of_all = read_html(open_page(published_home, monkeypatch))
    assert '<div class="value">32<small>persons</small>' in of_all
    assert "Sample programme is invented and left out of these figures." in of_all
    of_sample = read_html(open_page(published_home, monkeypatch, programme="SAMPLE"))
    assert '<div class="value">1,234<small>persons</small>' in of_sample
    assert "All figures of this programme are invented" in of_sample


def test_the_switch_hides_synthetic_programmes_everywhere(published_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for page in PAGES:
        app = open_page(published_home, monkeypatch, page, synthetic="hidden")
        assert "Synthetic" not in read_html(app)
        assert app.selectbox(key="choose_programme").options == ["All programmes", "Together for the community", "Responsible social support"]
        assert not any("SAMPLE" in table.value.to_csv() for table in app.dataframe)


def test_every_statement_of_a_municipality_leads_to_file_sheet_and_row(published_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page(published_home, monkeypatch, "municipality", municipality="70670")
    statements = app.dataframe[-1].value
    assert statements[["value", "file_name", "source_sheet", "source_row", "cell"]].astype(str).to_numpy().tolist() == [
        ["32.0000", "krusevac.xlsx", "engagements", "7", "H7"]
    ]
    assert app.code[-1].value == (
        'munimon sql "select municipality_code, programme_id, period_id, measure_code, value, submission_id, source_sheet, source_row '
        "from marts.fct_measures where programme_id in ('RS-GIZ-ZZZ', 'MK-ROSP') and municipality_code = '70670' and "
        "measure_code in ('engaged_persons') and sex = 'all' and community = 'all' and recorded_to is null order by all\""
    )


def test_what_several_sources_say_stands_side_by_side(published_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page(published_home, monkeypatch, "municipality", municipality="MK00404", programme="MK-ROSP", figure="pupils")
    figures = next(table.value for table in app.dataframe if "coverage" in table.value.columns)
    assert figures.loc[figures["title"] == "Pupils", ["value", "coverage"]].to_numpy().tolist() == [
        ["about 11 persons", "between 8 and 11: sources differ, or the same persons or households may be in several programmes"]
    ]
    statements = next(table.value for table in app.dataframe if "source_id" in table.value.columns and "cell" in table.value.columns)
    assert statements[["source_id", "value", "source_row"]].astype(str).to_numpy().tolist() == [["news", "8.0000", "2"], ["school", "11.0000", "3"]]


def test_a_figure_from_the_page_is_found_by_the_line_under_it(published_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from munimon.settings import Home
    from publish.connections import connect
    from publish.queries import query

    app = open_page(published_home, monkeypatch, "municipality", municipality="70670")
    line = app.code[-2].value
    answer = query(connect(Home(published_home)), line.removeprefix('munimon sql "').removesuffix('"'))
    assert [str(row[0]) for row in answer.rows] == ["32.000000"]


def test_the_comparison_ranks_known_figures_and_counts_the_unknown(published_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page(published_home, monkeypatch, "compare", programme="SAMPLE", indicator="persons_engaged", country="RS")
    assert app.dataframe[0].value[["place", "figure"]].to_numpy().tolist() == [
        ["Vrnjačka Banja", "76"],
        ["Aleksinac", "46"],
        ["Kruševac", "31"],
        ["Svrljig", "not known"],
    ]
    assert "Known in 3 of 4 municipalities that reported." in read_html(app)


def test_the_comparison_within_a_class_of_size_is_per_inhabitant_with_ranks_and_limits(published_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page(published_home, monkeypatch, "compare", programme="SAMPLE", indicator="persons_engaged", per="head", group="size-2")
    assert app.dataframe[0].value[["rank", "rank_range", "place", "figure", "beside_chance"]].to_numpy().tolist() == [
        [1, "1 – 2", "Vrnjačka Banja", "3.06", "outside the 99.8% limits"],
        [2, "1 – 3", "Kičevo", "2.29", "within the limits"],
        [3, "2 – 3", "Veles", "2.19", "within the limits"],
        [4, "4 – 4", "Aleksinac", "1.07", "outside the 99.8% limits"],
    ]
    assert "More than chance?" in read_html(app)


def test_the_readers_own_list_is_kept_in_the_address(published_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page(published_home, monkeypatch, "compare", programme="SAMPLE", indicator="persons_engaged", group="own", list="70670,MK00404")
    assert sorted(app.dataframe[0].value["place"]) == ["Kičevo", "Kruševac"]
    assert open_page(published_home, monkeypatch, "compare", programme="SAMPLE", group="own").exception == []


def test_a_plain_count_has_a_rank_and_no_limits(published_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page(published_home, monkeypatch, "compare", programme="SAMPLE", indicator="persons_engaged")
    assert "rank" in app.dataframe[0].value and "rank_range" not in app.dataframe[0].value
    assert "More than chance?" not in read_html(app)


def test_data_quality_names_the_cell_and_the_row_that_was_kept_out(published_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page(published_home, monkeypatch, "data_quality")
    rules, findings, quarantined = (table.value for table in app.dataframe)
    assert rules[["level", "title", "count"]].to_numpy().tolist() == [
        ["Error", "Part larger than its whole", 1],
        ["Warning", "Unusual figure", 1],
        ["Warning", "hidden row", 1],
    ]
    assert findings[["place", "sheet", "cell"]].to_numpy().tolist()[0] == ["Aleksinac", "engagements", "H8"]
    assert quarantined[["place", "source_sheet", "source_row", "why"]].to_numpy().tolist() == [
        ["Aleksinac", "engagements", 8, "H8: Engaged women (40) is more than Engaged persons (12). Correct the one that is wrong."]
    ]
    assert "On time: 10" in read_html(app)
    assert "Missing: 5" in read_html(app)


def test_findings_and_warnings_of_the_build_are_said_in_the_language_of_the_reader(published_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page(published_home, monkeypatch, "data_quality", language="mk")
    rules, findings, _ = (table.value for table in app.dataframe)
    assert set(rules["title"]) == {"Делот е поголем од целината", "Невообичаен податок", "hidden row"}
    assert findings[["cell", "message"]].to_numpy().tolist()[:2] == [
        ["H8", "Ангажирани жени (40) е повеќе од Ангажирани лица (12). Исправете го податокот што не е точен."],
        ["B3", "Број на часови (1300,5) е невообичаено: обично е до 1200. Проверете го податокот."],
    ]


def test_a_warning_of_the_build_is_shown_as_it_was_given_on_the_day_that_is_asked_for(published_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def warned(**asked: str) -> list[str]:
        _, findings, _ = (table.value for table in open_page(published_home, monkeypatch, "data_quality", **asked).dataframe)
        return list(findings[findings["sheet"].eq("trainings") & findings["cell"].notna()]["message"])

    assert warned() == ["Hours (1300.5) is unusual: it is usually up to 1200. Please check it."]
    assert warned(as_of="2024-04-25") == ["Hours (1250.5) is unusual: it is usually up to 1200. Please check it."]
    assert warned(as_of="2024-04-20T10:00") == []


def test_a_home_without_a_build_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page(tmp_path, monkeypatch)
    assert "Nothing has been published yet" in read_html(app)
    assert app.code[0].value == "munimon ingest REPORT.xlsx\nmunimon build"


def test_a_choice_with_nothing_to_show_says_what_to_do(published_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for page, text in (("compare", "No figures for this choice"), ("data_quality", "No report is expected for this choice")):
        app = open_page(published_home, monkeypatch, page, programme="RS-GIZ-ZZZ", country="RS", indicator="households_supported")
        assert text in read_html(app)


def test_reported_text_is_never_markup(published_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page(published_home, monkeypatch, "municipality", municipality="70670")
    assert "example.org/x.png" not in read_html(app)
    assert not any("example.org" in element.value for element in app.markdown)
    assert any("example.org/x.png" in table.value.to_csv() for table in app.dataframe)


def test_a_newly_published_build_is_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import shutil

    import duckdb

    from tests.dashboards.published import BUILD, write_published

    write_published(tmp_path)
    app = open_page(tmp_path, monkeypatch)
    later = tmp_path / "published" / "20260106T120000"
    shutil.copytree(tmp_path / "published" / BUILD, later)
    with duckdb.connect(str(later / "coordinator.duckdb")) as connection:
        connection.execute("update marts.indicator_totals set value = 33 where value = 32")
    (tmp_path / "published" / "CURRENT").write_text(later.name, encoding="utf-8")
    app.run()
    assert '<div class="value">33<small>persons</small>' in read_html(app)


def test_an_earlier_moment_in_the_address_is_said_and_shown_on_every_page_with_a_way_back(
    published_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for page in PAGES:
        then = read_html(open_page(published_home, monkeypatch, page, as_of="2024-10-31"))
        assert "This page shows what was known on 31 Oct 2024 00:00 UTC, and nothing that came later." in then
    app = open_page(published_home, monkeypatch, as_of="2024-10-31")
    assert '<div class="value">32<small>persons</small>' not in read_html(app)
    app.button(key="back_to_now").click().run()
    assert "nothing that came later" not in read_html(app)
    assert '<div class="value">32<small>persons</small>' in read_html(app)
    assert "as_of" not in app.query_params


def test_a_moment_that_cannot_be_read_is_now(published_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "nothing that came later" not in read_html(open_page(published_home, monkeypatch, as_of="soon"))


def test_what_changed_is_told_by_cause_and_down_to_the_cell(published_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    choices = {"from": "2023-01-01", "to": "2024-12-31", "programme": "RS-GIZ-ZZZ"}
    app = open_page(published_home, monkeypatch, "changes", **choices)
    blocks = re.findall(r'data-indicator="(\w+)"><h3>(.*?)</h3><p>(.*?)</p>(.*?)</div></div>', read_html(app))
    assert [(code, title, re.sub("<.*?>", "", values).strip()) for code, title, values, _ in blocks] == [
        ("persons_engaged", "Persons engaged", "not known → 32 persons"),
        ("retention_rate", "Persons kept on by the employer", "not known → not known"),
    ]
    told = [re.findall(r"<span>(.*?)</span><b><i>(.*?)</i>", lines) for *_, lines in blocks]
    assert told == [
        [("received", "+32"), ("Whole difference", "+32")],
        [("received", "Numerator not known"), ("Whole difference", "Numerator not known")],
    ]
    (statements,) = (table.value for table in app.dataframe)
    shown = statements[["direction", "why", "place", "file_name", "source_sheet", "cell"]].to_numpy().tolist()
    assert shown == [["came", "received late", "Kruševac", "krusevac.xlsx", "engagements", cell] for cell in ("H7", "I7")]


def test_nothing_changed_between_two_moments_is_said(published_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    choices = {"from": "2024-12-01", "to": "2024-12-31", "programme": "RS-GIZ-ZZZ"}
    assert "Nothing changed between these moments" in read_html(open_page(published_home, monkeypatch, "changes", **choices))
