"""Keys of NAS-Bench-Macro lead to variants, and equal networks have one canonical key."""

import pytest

from analysis.arch import parse_variant, unroll
from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.arch.nas_bench_macro import canonical, changed, distinct, keys, published, variant
from analysis.problem import Problem
from analysis.reference import table


def test_a_key_is_a_variant():
    plan = unroll(variant("01200021"))
    assert [block.name for block in plan.blocks] == [
        "stem",
        "identity1",
        "bottleneck2",
        "bottleneck3",
        *("identity4", "identity5", "identity6"),
        *("bottleneck7", "bottleneck8", "last", "head"),
    ]
    shapes = [block.body.shape for block in plan.blocks]
    assert [shapes[i] for i in (0, 2, 5, 8, 9)] == [(32, 32, 32), (64, 16, 16), (128, 8, 8), (256, 4, 4), (1280, 4, 4)]
    kernels = {op.name: op.kernel for op in plan.operations if op.name.endswith("depthwise.conv")}
    assert list(kernels.values()) == [3, 5, 5, 3]
    assert {op.function for op in plan.operations if op.name.endswith("activation")} == {"relu"}
    assert parse_variant(variant("01200021").text) == variant("01200021")


def test_a_uniform_network_needs_no_rows_of_its_own():
    rows = ((3, 64, 2, 2), (3, 128, 3, 2), (3, 256, 3, 2))
    plain = MobileNetV2(resolution=32, stem_stride=1, activation="relu", rows=rows, classes=10)
    assert unroll(variant("11111111")).operations == unroll(plain).operations


@pytest.mark.parametrize("key", ["", "0000000", "000000000", "00000003", "0000000a"])
def test_what_is_not_a_key_is_refused(key):
    with pytest.raises(Problem, match="is not 8 digits of 0, 1, 2"):
        variant(key)


@pytest.mark.parametrize(
    ("key", "same"),
    [("01020011", "01020011"), ("21102102", "21120120"), ("00000000", "00000000"), ("10010001", "10010010")],
)
def test_later_identities_of_a_stage_come_last(key, same):
    assert canonical(key) == same
    assert [op.shape for op in unroll(variant(key)).operations] == [op.shape for op in unroll(variant(same)).operations]


def test_distinct_networks_have_one_training_each():
    trained = {row["key"]: tuple(row.values())[1:] for row in table("nas_bench_macro")}
    assert tuple(trained) == keys() and len(keys()) == 6561
    found = distinct()
    assert len(found) == 3969
    assert sorted(key for same in found.values() for key in same) == list(keys())
    assert all(len({trained[key] for key in same}) == 1 and first in same for first, same in found.items())
    assert len(set(trained.values())) == 3969


def test_each_distinct_network_has_its_three_published_runs():
    found = published()
    assert found.keys() == distinct().keys()
    (row,) = (row for row in table("nas_bench_macro") if row["key"] == "21120120")
    assert found["21120120"] == (float(row["accuracy1"]), float(row["accuracy2"]), float(row["accuracy3"]))


def test_pairs_differ_in_one_layer_and_each_is_there_once():
    first = changed(0, "1", "2")
    assert len(first) == len(set(first)) == 1323  # a third of the networks
    assert all(new == f"2{old[1:]}" for old, new in first)
    later = changed(1, "0", "1")
    assert ("10000000", "11000000") in later and all(canonical(key) == key for pair in later for key in pair)
    assert all(new.count("0") == old.count("0") - 1 for old, new in changed(4, "0", "2"))
