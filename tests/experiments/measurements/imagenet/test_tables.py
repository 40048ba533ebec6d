"""Tables of published networks say what a reader has to know of each."""

from experiments.measurements.imagenet import tables
from experiments.measurements.imagenet.rows import Accuracy, Bent, Twin, stored


def test_facts_of_a_network_are_said_under_every_table_with_a_row_of_it():
    twin = Twin("mobilenet_v2_1.0_160_keras", "b", "stem.conv", 9, 1.0, 1.0)
    notes = tables.twin_table([twin], "n").notes
    assert any("fine-tuned on dogs" in str(note) for note in notes)
    assert tables.facts(["x", "tf2_mobilenet_v2_1.0_224_ptq"]) == tables.facts(["tf2_mobilenet_v2_1.0_224_ptq"])


def test_bent_networks_are_paired_with_themselves_as_float():
    plain = Accuracy("a", "float", 0, "", "", 4, 3, 3, -1, -1.0, -1.0, "1101")
    bent = Bent("a", "all", 0, -1.0, -1.0, -1.0, -1.0, 2, 1, 0, "00")
    (row,) = tables.bent_table([bent], [plain], "n").rows
    assert row[-3] == 50 and row[-2].startswith("-50.0 [") and row[-1] == 1.0
    (alone,) = tables.bent_table([bent], [], "n").rows
    assert alone[-2:] == ("-50.0", None)
    (none,) = tables.bent_table([bent._replace(right=-1, channels=3)], [], "n").rows
    assert none[-3:] == (None, "", None)


def test_low_precision_is_minus_its_own_float(measured):
    rows = stored(measured[0])[0].rows.accuracy
    table = tables.low_table(rows, "n")
    assert [row[5] for row in table.rows if row[2] == "float"] == ["", "", "", ""]
    assert all(row[5] for row in table.rows if row[2] != "float")


def test_published_values_are_next_to_layers_of_their_size(measured):
    rows = stored(measured[0])[0].rows.positive
    printed = [{"layer_index": "0", "expanded_ch": "48", "step0_min": "3", "step0_avg": "24", "trained_min": "9",
                "trained_avg": "12"}]  # fmt: skip
    table = tables.layers_table(rows, printed, "n")
    first = next(row for row in table.rows if row[2] == "bottleneck2")
    assert first[-2:] == (9, 0.25)
    assert {row[-2] for row in table.rows if row[2] != "bottleneck2"} == {None}
    assert len(tables.networks_table(rows, "n").rows) == 2
