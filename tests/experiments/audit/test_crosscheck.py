"""The counting tools are asked about every preset, every family and every combination of axes."""

from analysis.arch import FAMILIES
from analysis.arch.families import NAMED
from experiments.audit.crosscheck import networks


def test_networks_cover_presets_families_and_every_combination_of_axes():
    few, all_of_them = list(networks(False)), list(networks(True))
    assert len(few) == len(NAMED) + 27 == 38
    assert len(all_of_them) == 38 + 4 * 4 * (3 * 5 + 1) + 2 * 2 * 4 + 2 + 5 == 317
    assert {variant.family for variant in few} == set(FAMILIES)
    assert len({variant.text for variant in all_of_them}) == len(all_of_them) - 1  # `brief` itself is among the axes
