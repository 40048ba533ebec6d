"""The page of all results in a real browser: it draws, answers the pointer, asks nobody for anything, fits its window.

Playwright rather than Selenium: it tells of every request and console line, and drives the system's Chromium without a
driver of the same version.
"""

import re
import shutil
from pathlib import Path

import made_results
import pytest

from analysis import reference
from analysis.render.page.page import chart_library
from analysis.render.page.still import inline_svg

playwright = pytest.importorskip("playwright.sync_api", reason="playwright, of the extra `dev`, is not installed")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
POINTS = "[data-chart=tradeoff] g.mark-symbol.role-mark path"
# Elements that reach beyond the window, but for those inside what scrolls by itself.
OVERFLOW = """() => [...document.querySelectorAll("body *")].filter((e) => !e.closest(".scroll, svg, .skip, script")
    && e.getBoundingClientRect().right > document.documentElement.clientWidth + 1).map((e) => e.outerHTML)"""


@pytest.fixture(scope="module")
def browser():
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip(f"no browser is installed, none of {', '.join(BROWSERS)}")
    if chart_library() is None:
        pytest.skip("altair and vl-convert-python, of the extra `report`, are not installed")
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    folder = tmp_path_factory.mktemp("results")
    with pytest.MonkeyPatch.context() as patch:
        made_results.fill(folder, patch)
        return made_results.write_page(folder)


@pytest.fixture(scope="module")
def shown(browser, report):
    """The page after its charts are drawn, and what it said and asked for on the way."""
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    page.said, page.asked = [], []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(report.as_uri())
    page.wait_for_selector("html[data-charts=drawn]")
    return page


def test_it_is_silent_and_asks_for_nothing_but_itself(shown, report):
    assert shown.asked == [report.as_uri()]
    assert shown.said == []


def test_every_chart_has_marks(shown):
    charts = shown.locator("[data-chart]")
    assert charts.count() == 4
    for i in range(charts.count()):
        assert charts.nth(i).locator("g.mark-symbol.role-mark path").count() > 10
    assert shown.locator(POINTS).count() == 7 + 15 - 1


def test_pointing_at_a_variant_names_it_with_costs_accuracy_interval_and_n(shown):
    shown.locator(POINTS).last.hover()
    tooltip = shown.locator("#vg-tooltip-element.visible")
    tooltip.wait_for()
    for said in ("brief", "%", "[", "n = 5", "multiply-adds", "parameters", "bytes", "Pareto front"):
        assert said in tooltip.inner_text()
    shown.mouse.move(0, 0)


def test_filters_change_what_is_drawn(shown):
    chart = shown.locator("[data-chart=tradeoff]")
    heights = chart.locator(".mark-symbol.role-mark path")
    chart.locator("select[name=study]").select_option("width-resolution")
    playwright.expect(heights).to_have_count(15)
    places = heights.evaluate_all("all => all.map((e) => e.getAttribute('transform'))")
    chart.locator("select[name=quantity]").select_option("memory")
    shown.wait_for_function("document.querySelector('[data-chart=tradeoff] svg').textContent.includes('memory')")
    assert heights.evaluate_all("all => all.map((e) => e.getAttribute('transform'))") != places
    chart.locator("select[name=axis]").select_option("resolution")
    playwright.expect(heights).to_have_count(11)  # five widths at two more sides, and the network at 32
    chart.locator("select[name=axis]").select_option("all")
    chart.locator("select[name=study]").select_option("all")
    playwright.expect(heights).to_have_count(21)


def test_claims_open_and_are_filtered_by_verdict(shown):
    claims = shown.locator(".claim")
    reason = claims.first.locator(".why")
    playwright.expect(reason).to_be_hidden()
    claims.first.get_by_role("button").click()
    playwright.expect(reason).to_be_visible()
    measured = shown.locator("#claims-measured-table .claim")
    shown.locator("#claims-measured-table .filter label.not-tested").click()
    wanted = [c for c in measured.all() if c.get_attribute("data-verdict") == "not tested"]
    assert wanted and sum(c.is_visible() for c in measured.all()) == len(wanted)
    assert all(c.is_visible() for c in shown.locator("#claims-exact-table .claim").all())  # the other list stays
    shown.locator("#claims-measured-table .filter label").first.click()
    assert sum(c.is_visible() for c in claims.all()) == claims.count() == len(reference.claims())


def test_a_table_comes_down_as_the_csv_on_disk_and_a_figure_as_svg(shown, report, tmp_path):
    stem = "width-resolution-cifar10-brief"
    with shown.expect_download() as got:
        shown.locator(f"#{stem}-table").get_by_role("button", name="CSV").click()
    assert got.value.suggested_filename == f"{stem}.csv"
    got.value.save_as(tmp_path / "table.csv")
    assert (tmp_path / "table.csv").read_bytes() == (report.parent / "tables" / f"{stem}.csv").read_bytes()
    for figure in (f"#figure-{stem}", "#figure-tradeoff"):
        with shown.expect_download() as got:
            shown.locator(figure).get_by_role("button", name="SVG").click()
        got.value.save_as(tmp_path / "figure.svg")
        assert (tmp_path / "figure.svg").read_text().startswith("<svg")


def test_a_figure_in_the_page_is_the_figure_on_disk(browser):
    page, shots = browser.new_page(viewport={"width": 800, "height": 600}), []
    drawn = (Path(__file__).parents[1] / "results" / "figures" / "draw-imagenet.svg").read_text()
    bare = re.sub(r"-?\d+\.\d{3,}", lambda found: f"{float(found[0]):.2f}", drawn[drawn.index("<svg") :])
    for svg in (bare, inline_svg(bare, "f", "")):
        page.set_content(f"<body style='margin: 0'>{svg}")
        shots.append(page.locator("svg").screenshot())
    assert shots[0] == shots[1]
    assert len(shots[0]) > 20_000  # and not two empty ones
    page.close()


@pytest.mark.parametrize("width", [390, 1400])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_overflows(browser, report, width, scheme):
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.goto(report.as_uri())
    page.wait_for_selector("html[data-charts=drawn]")
    page.evaluate("document.querySelectorAll('.claim button').forEach((e) => e.click())")
    page.evaluate("document.querySelectorAll('main details').forEach((e) => { e.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(OVERFLOW) == []
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (paper == "rgb(255, 255, 255)") == (scheme == "light")
    page.close()


def test_print_is_on_white_paper_with_every_reason(browser, report):
    page = browser.new_page(viewport={"width": 680, "height": 800}, color_scheme="dark")
    page.goto(report.as_uri())
    page.wait_for_selector("html[data-charts=drawn]")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator(".why:visible").count() == len(reference.claims())
    assert page.locator("nav").is_hidden()
    page.close()
