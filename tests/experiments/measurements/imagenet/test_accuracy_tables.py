"""Accuracies of published networks are compared on the same images, each with its own reference."""

from experiments.measurements.imagenet import accuracy_tables as tables
from experiments.measurements.imagenet.rows import Accuracy, Bent, stored


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
    whole = {row.network: row.answers[::2] for row in rows if row.runs == "interpreter"}
    low = [row for row in rows if row.runs == "quantised"]
    for row, shown in zip(low, table.rows, strict=True):
        points = 100 * (row.answers.count("1") - whole[row.network].count("1")) / row.images
        assert shown[-2].startswith(f"{points:+.1f} [") and 0 < shown[-1] <= 1
    assert {row[-2] for row in tables.low_table(low, "n").rows} == {""}
