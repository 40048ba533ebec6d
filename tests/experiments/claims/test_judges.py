"""Every claim names judges that exist and have a rule for it, and every rule has its claim."""

import pytest

from analysis.reference import claims
from experiments.audit import audit
from experiments.claims.ablations import CLAIMS
from experiments.claims.judges import KINDS, Judge, judges
from experiments.measurements.registry import MEASUREMENTS


@pytest.mark.parametrize("claim", claims())
def test_every_claim_names_judges_that_can_judge_it(claim):
    named = judges(claim)
    assert named
    assert [judge.missing(claim, audit()) for judge in named] == [""] * len(named)
    assert [judge.text for judge in named] == claims()[claim]["judged_by"]
    assert {judge.kind for judge in named} <= set(KINDS)
    assert (named == [Judge("published", "")]) == (claims()[claim]["kind"] == "published")


def test_every_rule_is_named_by_its_claim():
    studies = {(rule.id, f"study:{rule.study}") for rule in CLAIMS if rule.id}
    rules = {(claim, f"measurement:{name}") for name, each in MEASUREMENTS.items() for claim in each.claims}
    named = {(claim, judge.text) for claim in claims() for judge in judges(claim)}
    assert studies | rules <= named


@pytest.mark.parametrize(
    ("judge", "lacks"),
    [
        (Judge("study", "gone"), "there is no study gone"),
        (Judge("study", "families"), "study families has no rule for linear-bottleneck"),
        (Judge("measurement", "gone"), "there is no measurement gone"),
        (Judge("measurement", "latency"), "measurement latency has no rule for linear-bottleneck"),
        (Judge("audit", "table4-,table99-"), "no number of the audit begins with table99-"),
        (Judge("theory", "manifold"), "no judge is called theory:manifold"),
        (Judge("study", "headline"), ""),
        (Judge("published", ""), ""),
    ],
)
def test_what_a_judge_lacks_is_named(judge, lacks):
    assert judge.missing("linear-bottleneck", audit()) == lacks


@pytest.mark.parametrize(
    ("judge", "command"),
    [
        (Judge("study", "ten-epochs"), "mnv2 study run ten-epochs"),
        (Judge("measurement", "splitting"), "mnv2 bench split"),
        (Judge("audit", "table4-"), "mnv2 audit"),
        (Judge("published", ""), ""),
    ],
)
def test_a_judge_names_its_command(judge, command):
    assert judge.command == command
