"""Charts are specifications with their data inside, which name what a reader can choose."""

import pytest

from analysis.render.page.charts import ROW, scatter, selector, strip

pytest.importorskip("altair", reason="altair, of the extra `report`, is not installed")

ROWS = [
    {"accuracy": 50.0, "low": 49.0, "high": 51.0, "group": "a", "madds": 10, "name": "x"},
    {"accuracy": 60.0, "low": 60.0, "high": 60.0, "group": "b", "madds": 20, "name": "y"},
]


def drawn(interval, joined):
    controls = [selector("quantity", "cost", {"madds": "multiply-adds", "params": "parameters"})]
    return scatter(
        ROWS,
        controls,
        ("datum.accuracy > 0",),
        {"madds": "multiply-adds of one image", "params": "parameters"},
        ("a", "b"),
        {"name": "title"},
        interval=interval,
        joined=joined,
        transforms=({"calculate": "1", "as": "one"},),
    )


@pytest.mark.parametrize(("interval", "joined", "layers"), [(True, "a", 4), (True, None, 3), (False, None, 2)])
def test_a_scatter_has_a_layer_for_what_it_shows(interval, joined, layers):
    chart = drawn(interval, joined)
    assert len(chart["layer"]) == layers
    assert chart["data"]["values"] == ROWS
    for layer in chart["layer"][:-1]:
        assert layer["transform"][:2] == [{"calculate": "1", "as": "one"}, {"filter": "datum.accuracy > 0"}]
    assert "transform" not in chart["layer"][-1]  # the caption


def test_the_first_choice_holds_until_another_is_made():
    (parameter,) = [each for each in drawn(True, None)["params"] if each["name"] == "quantity"]
    assert parameter["value"] == "madds"
    assert parameter["bind"]["options"] == ["madds", "params"]
    assert parameter["bind"]["labels"] == ["multiply-adds", "parameters"]


def test_a_strip_has_every_run_and_every_mean():
    runs = [{"arm": "a", "seed": 0, "accuracy": 50.0, "percent": "50 %", "run": "show"}]
    means = [{"arm": "a", "accuracy": 50.0, "low": 50.0, "high": 50.0, "n": 1, "text": "50 %"}]
    chart = strip(runs, means, ["a", "b"])
    assert chart["height"] == 2 * ROW
    values = [layer["data"]["values"] for layer in chart["layer"]]
    assert runs in values and means in values
