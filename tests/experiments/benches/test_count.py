"""`mnv2 bench count` compares like with like."""

from analysis.arch import label
from experiments.benches import count as bench_count


def test_bench_counts_a_hundred_different_variants():
    for variants in (bench_count.grid(), bench_count.line()):
        assert len({label(variant) for variant in variants}) == 100
    rows = bench_count.summary({bench_count.GRID: [1.0, 2.0, 3.0], "fvcore": [2000.0]})
    assert rows[1]["ratio"] == 1000
