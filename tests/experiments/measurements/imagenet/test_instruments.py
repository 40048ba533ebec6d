"""The instruments on published networks: rows of each, untrained networks on the same images."""

from analysis.arch.mobilenet_v2 import MobileNetV2
from experiments.measurements.imagenet import instruments
from experiments.measurements.imagenet.rows import stored


def test_rows_of_a_folded_network_have_every_tensor(measured):
    rows = stored(measured[0])[0].rows
    assert {row.arm for row in rows.positive} == {"mobilenet_v2_1.0_224_quant", "other"}
    assert {row.tensor for row in rows.dimensions} >= {"input", "expand.norm", "expand.activation", "project.norm"}
    assert all(row.stage == "trained" for row in rows.positive)
    assert {row.layer for row in rows.six} == {"expand.activation", "depthwise.activation"}
    assert all(0 <= row.values <= row.reached <= 1 for row in rows.six)


def test_untrained_networks_are_settled_on_the_images(measured, tmp_path, monkeypatch):
    small = MobileNetV2(resolution=32, rows=((1, 8, 1, 1), (6, 16, 1, 2)), stem=8, last=16, padding="one_sided")
    monkeypatch.setattr(instruments, "UNTRAINED_NETWORKS", {"untrained_small": (small, (0, 1))})
    images, labels = measured[1]
    instruments.look_at((), images, labels, True, None, tmp_path, print)
    rows = stored(tmp_path)[0].rows
    assert [(row.arm, row.seed, row.stage) for row in rows.positive] == [
        ("untrained_small", 0, "initial"),
        ("untrained_small", 1, "initial"),
    ]
    assert all(abs(row.mean / row.channels - 0.5) < 0.15 for row in rows.positive)
