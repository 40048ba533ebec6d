"""Truths under which rules are tested: those of Figure 6, and those of each study."""

import numpy as np
import pytest

from analysis.reference import table
from analysis.stats import Rule
from experiments.claims.ablations import CLAIMS
from experiments.power.truths import INTEREST, NONE, OWN, PUBLISHED, figure6, means, published
from experiments.studies.registry import find_study


def test_figure_6_ends_as_the_check_of_the_verdicts_read_it():
    gaps = figure6()
    assert gaps["linear - relu6"] == pytest.approx(0.63, abs=0.1)
    assert gaps["bottleneck - expansion"] == pytest.approx(0.52, abs=0.15)
    assert gaps["bottleneck - none"] == pytest.approx(1.39, abs=0.15)
    assert all("arXiv:1801.04381v4 Figure 6" in row["source"] for row in table("figure6_curves"))
    parts = [part.title for claim in CLAIMS if claim.id == "shortcut-placement" for part in claim.parts]
    for title in parts:
        expected = "bottleneck - expansion" if title.startswith(("linear -", "bottleneck")) else "bottleneck - none"
        value = published("shortcut-placement", title)
        assert value == pytest.approx(gaps[expected] - (gaps["bottleneck - expansion"] if "none" in expected else 0))
    assert published("last-layer-width", "0.5 full - 0.5 scaled") is None


def test_truths_name_arms_that_the_studies_have():
    for study, truths in OWN.items():
        for arms in truths.values():
            assert set(arms) <= set(find_study(study).names)
    parts = [
        ("x", "a - b", {"a": 1.0, "b": -1.0}, Rule(">", negligible=0.5)),
        ("x", "=", {"a": 1.0, "c": -1.0}, Rule("=", 1.0)),
    ]
    arms = ("a", "b", "c")
    a, b, c = np.asarray(means(NONE, "", parts, arms))
    assert (a - b, a - c) == pytest.approx((0, 1))
    a, b, c = np.asarray(means(INTEREST, "", parts, arms))
    assert (a - b, a - c) == pytest.approx((1, 0))
    assert means(PUBLISHED, "", parts, arms) is None
