"""Every network of the list is timed once a round."""

from experiments.measurements.price import measure as clock
from experiments.measurements.price.parts import Part, parts
from experiments.measurements.price.rows import slower


def test_each_network_is_timed_and_every_part_then_has_its_latency(monkeypatch):
    few: tuple[Part, ...] = parts()[:2]
    monkeypatch.setattr(clock, "parts", lambda: few)
    found = clock.measure("eager", 2, 1e-4)
    assert set(found.latency) == {variant.text for part in few for pair in part.variants for variant in pair}
    assert len(found.latency) == 3  # the linear network is in both
    assert all(each["median"] > 0 for each in found.latency.values())
    assert (found.conditions["runtime"], found.conditions["threads"]) == ("eager", 1)
    assert all(slower(part, found) is not None for part in few)
