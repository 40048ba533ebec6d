"""Tables of gradients hold means of the rows."""

import pytest
from planted_gradients import passed, rows

from experiments.measurements.gradients.rows import BETWEEN, REST, SHARES, SITES, Gradient
from experiments.measurements.gradients.tables import blocks_table, first_over_last, passed_table, per_seed


def test_a_row_for_each_network_and_share_from_the_first_block():
    made = rows()
    table = passed_table(made, "here")
    assert [row[:3] for row in table.rows] == [
        (arm, site, 100 * share) for arm, sites in SITES.items() for site in sites for share in SHARES
    ]
    row = dict(zip(table.columns, table.rows[0], strict=True))
    assert row["growth"].startswith("3.16 [")  # of 1 and 10 at the first block, a geometric mean
    assert row["directions %"].startswith("25.0")
    assert row["first over last weights"].startswith("2.45 [")  # of 6 / 2 and 6 / 3: stem and head are no blocks
    assert row["block: largest"].startswith("8.00")
    assert table.notes[0] == "here"
    depth = blocks_table(made.passed, "here")
    assert len(depth.rows) == 2 * len(table.rows)
    assert depth.rows[1][3:5] == ("bottleneck2", "1.58 [0.00, 3565105.39]")


def test_means_over_images_are_geometric_and_ratios_are_of_each_seed():
    both = [passed("none", seed, 0.0, BETWEEN, REST, "bottleneck1", rms) for seed, rms in ((0, 2), (0, 8), (1, 3))]
    assert per_seed(both, lambda row: row.rms) == pytest.approx([4, 3])
    gradients = [Gradient("none", seed, 0.0, block, norm) for seed in (0, 1) for block, norm in (("a", 4), ("b", 2))]
    assert first_over_last(gradients, ["a", "b"]) == [2, 2]
