"""The scoreboard of the page: numbers short, empty where there is none."""

import csv
import io

from analysis.reference import claims
from experiments.page.scoreboard import FIELDS, board_section

NAME = "linear-bottleneck"
ROW = {field: None for field in FIELDS} | {
    "id": NAME,
    "section": "3.2",
    "verdict": "reproduced",
    "list": "measured",
    "unit": "points",
    "why": "so",
    "also": "",
}


def shown(**changes):
    (board,) = board_section([ROW | changes]).panels[1].parts
    return board.claims[0], next(csv.DictReader(io.StringIO(board.csv)))


def test_numbers_are_short_on_the_page_and_whole_in_the_csv():
    claim, row = shown(effect=-6.7123, low=-7.68, high=-5.71, n=5)
    assert (claim.effect, claim.interval, claim.n) == ("−6.7", "[−7.7, −5.7]", "5")
    assert claim.unit == "points"
    assert row["effect"] == "-6.7123"


def test_what_is_not_known_is_empty():
    claim, _ = shown()
    assert (claim.effect, claim.interval, claim.unit, claim.n) == ("", "", "", "")
    assert shown(effect=1.0, low=0.5)[0].interval == ""


def test_a_claim_opens_on_its_words_and_reasons():
    claim, _ = shown(needs="more seeds")
    assert claim.statement == claims()[NAME]["statement"]
    assert claim.facts == (("unit", "points"), ("why", "so"), ("what it needs", "more seeds"))


def test_each_list_is_a_panel_of_its_own():
    exact, measured = board_section([ROW, ROW | {"list": "exact", "verdict": "holds"}]).panels
    assert [panel.title for panel in (exact, measured)] == ["Arithmetic and theory", "Measured"]
    assert [len(panel.parts[0].claims) for panel in (exact, measured)] == [1, 1]
    assert exact.parts[0].name != measured.parts[0].name
