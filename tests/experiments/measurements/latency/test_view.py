"""The claim is judged for one thread and all networks."""

from experiments.measurements.latency.rows import Measured, published
from experiments.measurements.latency.view import answer, line, values, verdict

HERE = {"processor": "one", "torch": "2"}


def measured(**conditions):
    """Every network takes as long as its multiply-adds say."""
    time = {"low": 1.0, "high": 2.0, "turns": ()}
    rows = [
        row | {"latency": {"eager": time | {"median": row["madds"] / 1e7, "turns": (row["madds"], row["madds"] + 1)}}}
        for row in published()
    ]
    return Measured(rows, {"threads": 1, "rounds": 2, "seconds": 0.1, "load": 0.0} | conditions, HERE)


def test_the_claim_is_judged_for_all_networks_on_one_thread():
    whole = answer(measured())
    assert [(v.claim, v.verdict) for v in whole.verdicts or ()] == [("latency-follows-madds", "supported")] * 2
    registered, known = list(whole.verdicts or [])
    assert (registered.analysis, "known" in known.analysis) == ("", True)
    assert values(measured())["disagreements"] == []
    assert "supported" in line(measured())
    two = measured(threads=2)
    assert verdict(two) is None
    assert (answer(two).stem, answer(two).verdicts) == ("latency-2-threads", None)
    assert line(two).startswith("not judged")


def test_columns_are_headed_by_quantities_with_their_units():
    assert answer(measured()).tables[""].columns == (
        *("network", "MAdds (M)", "parameters (M)", "peak memory (MB)", "Pixel 1 time (ms)", "eager torch (ms)"),
        "quartiles",
    )
