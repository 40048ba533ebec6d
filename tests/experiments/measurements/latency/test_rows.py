"""Networks that multiply-adds put in the wrong order."""

from experiments.measurements.latency.rows import disagreements


def row(madds, milliseconds):
    return {"network": f"of {madds}", "madds": madds, "latency": {"eager": {"median": milliseconds}}}


def test_pairs_in_the_wrong_order():
    pairs = disagreements([row(1, 5.0), row(2, 4.0), row(8, 4.5), row(16, 9.0)], "eager")
    assert [(p["fewer"], p["more"]) for p in pairs] == [("of 1", "of 8"), ("of 1", "of 2")]
    assert (pairs[1]["madds"], pairs[1]["latency"]) == (2, 1.25)
