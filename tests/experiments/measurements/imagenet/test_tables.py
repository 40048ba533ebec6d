"""Tables of the layers of published networks say what a reader has to know of each network."""

from experiments.measurements.imagenet import tables
from experiments.measurements.imagenet.rows import Twin, stored


def test_facts_of_a_network_are_said_under_every_table_with_a_row_of_it():
    twin = Twin("mobilenet_v2_1.0_160_keras", "b", "stem.conv", 9, 1.0, 1.0)
    notes = tables.twin_table([twin], "n").notes
    assert any("fine-tuned on dogs" in str(note) for note in notes)


def test_published_values_are_next_to_layers_of_their_size(measured):
    rows = stored(measured[0])[0].rows.positive
    printed = [{"layer_index": "0", "expanded_ch": "48", "step0_min": "3", "step0_avg": "24", "trained_min": "9",
                "trained_avg": "12"}]  # fmt: skip
    table = tables.layers_table(rows, printed, "n")
    first = next(row for row in table.rows if row[2] == "bottleneck2")
    assert first[-2:] == (9, 0.25)
    assert {row[-2] for row in table.rows if row[2] != "bottleneck2"} == {None}
    assert len(tables.networks_table(rows, "n").rows) == 2
