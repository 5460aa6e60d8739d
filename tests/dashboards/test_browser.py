"""The dashboard in a real browser: it draws, it keeps choices in the address, and it asks nobody else for anything."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.dashboards.conftest import serve

PAGES = {"": "overview", "municipality": "municipality", "compare": "compare", "data_quality": "data_quality"}
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty tab that fails the test if anything was asked of another machine."""
    tab = browser.new_page(viewport={"width": 1440, "height": 1000}, locale="en-GB")
    tab.set_default_timeout(PATIENCE)
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    yield tab
    tab.close()
    assert [url for url in asked if not re.match(r"(http|ws)://127\.0\.0\.1[:/]|data:|blob:", url)] == []


def open_page(page: Page, address: str) -> None:
    """Go there and wait until the page is whole."""
    page.goto(address)
    expect(page.locator("header.mm-head")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("[data-testid=stApp]")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.locator("[data-testid=stSkeleton]")).to_have_count(0)


@pytest.mark.parametrize("language", ["en", "sr-Cyrl"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_draws_without_a_fault_or_an_outside_request(path: str, language: str, dashboard: str, page: Page) -> None:
    open_page(page, f"{dashboard}/{path}?language={language}&programme=SAMPLE")
    expect(page.locator("[data-testid=stException]")).to_have_count(0)
    expect(page.locator("header.mm-head h1")).to_have_text(
        {
            "en": {"": "Overview", "municipality": "Municipality", "compare": "Compare", "data_quality": "Data quality"},
            "sr-Cyrl": {"": "Преглед", "municipality": "Општина", "compare": "Поређење", "data_quality": "Квалитет података"},
        }[language][path]
    )
    expect(page.locator(".js-plotly-plot").first).to_be_visible()


def test_choices_live_in_the_address_and_survive_a_reload(dashboard: str, page: Page) -> None:
    open_page(page, f"{dashboard}/?language=en")
    page.get_by_label("Country").click()
    page.get_by_role("option", name="North Macedonia").click()
    expect(page).to_have_url(re.compile(r"country=MK"))
    expect(page.locator("header.mm-head p")).to_contain_text("North Macedonia")
    page.reload()
    expect(page.locator("header.mm-head p")).to_contain_text("North Macedonia")
    page.get_by_role("link", name="Compare").click()
    expect(page.locator("header.mm-head h1")).to_have_text("Compare")
    expect(page).to_have_url(re.compile(r"/compare\?.*country=MK"))


def test_the_first_page_is_found_by_its_name_too(dashboard: str, page: Page) -> None:
    open_page(page, f"{dashboard}/overview?language=en")
    expect(page.locator("header.mm-head h1")).to_have_text("Overview")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("link", name="Overview")).to_have_count(1)


def test_the_language_switch_changes_words_and_script(dashboard: str, page: Page) -> None:
    open_page(page, f"{dashboard}/municipality?language=en&municipality=70670")
    page.get_by_label("Language").click()
    page.get_by_role("option", name="Српски (ћирилица)").click()
    expect(page.locator("header.mm-head h1")).to_have_text("Општина")
    expect(page).to_have_url(re.compile(r"language=sr-Cyrl"))


def test_unknown_is_shown_as_not_known(dashboard: str, page: Page) -> None:
    open_page(page, f"{dashboard}/?language=en&programme=RS-GIZ-ZZZ")
    card = page.locator('[data-indicator="retention_rate"]')
    expect(card.locator(".value")).to_have_text("not known")
    expect(card).to_contain_text("between 12.5% and 100%")


def test_the_switch_hides_what_is_synthetic(dashboard: str, page: Page) -> None:
    open_page(page, f"{dashboard}/?language=en")
    expect(page.locator(".mm-notice")).to_contain_text("Sample programme is invented")
    page.get_by_text("Hide synthetic programmes").click()
    expect(page.locator(".mm-notice")).to_have_count(0)
    expect(page).to_have_url(re.compile(r"synthetic=hidden"))


def test_a_home_without_a_build_says_what_to_do(empty_dashboard: str, page: Page) -> None:
    page.goto(f"{empty_dashboard}/?language=en")
    expect(page.locator(".mm-empty")).to_contain_text("Nothing has been published yet")
    expect(page.get_by_text("munimon build")).to_be_visible()


def test_a_narrow_screen_shows_the_page_without_sideways_scrolling(dashboard: str, browser: Browser) -> None:
    tab = browser.new_page(viewport={"width": 390, "height": 844})
    for path in (*PAGES, "changes"):
        open_page(tab, f"{dashboard}/{path}?language=sr-Cyrl&programme=SAMPLE&from=2023-01-01")
        assert tab.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
    # what changed is told without a table that is wider than the screen
    expect(tab.locator(".mm-change").first).to_be_visible()
    assert tab.evaluate("[...document.querySelectorAll('.mm-change, .mm-change *')].every(part => part.getBoundingClientRect().right <= 390)")
    tab.close()


def test_a_boundary_file_turns_circles_into_areas(published_home: Path, tmp_path: Path, page: Page) -> None:
    home = tmp_path / "home"
    shutil.copytree(published_home, home)
    square = {"type": "Polygon", "coordinates": [[[21.1, 43.4], [21.6, 43.4], [21.6, 43.8], [21.1, 43.8], [21.1, 43.4]]]}
    boundaries = home / "reference" / "boundaries"
    boundaries.mkdir(parents=True)
    collection = {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"code": "70670"}, "geometry": square}]}
    (boundaries / "some.geojson").write_text(json.dumps(collection), encoding="utf-8")
    server = serve(home)
    try:
        open_page(page, f"{next(server)}/?language=en&map=persons_engaged")
        expect(page.locator(".js-plotly-plot .maplibregl-canvas")).to_be_visible()
        kinds = page.evaluate("document.querySelector('.js-plotly-plot').data.map(trace => trace.type)")
        assert kinds == ["choroplethmap", "choroplethmap"]
    finally:
        server.close()
