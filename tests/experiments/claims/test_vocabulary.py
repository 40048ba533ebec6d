"""Findings and numbers become words of one of two lists."""

from itertools import pairwise

import pytest

from analysis.arch import preset, unroll
from analysis.arch.mobilenet_v1 import MobileNetV1
from analysis.arch.plan import Conv
from analysis.manifold.theory.bounds import holds_from, last_link
from analysis.problem import Problem
from analysis.reference import claims
from experiments.audit import audit
from experiments.audit.claims import saving
from experiments.audit.judge import Row
from experiments.claims.vocabulary import (
    EXACT,
    MEASURED,
    WORDS,
    cause,
    distinct,
    list_of,
    outside,
    read,
    read_numbers,
)

EVERY = pytest.mark.parametrize("name", claims())


def row(name="a", printed=1.0, computed=1.0, **fields):
    follows = "exact" if printed == computed else "differs"
    return Row(name, "here", name, printed, computed, printed / computed, follows, "", **fields)


@EVERY
def test_every_claim_reads_its_findings_as_words_of_its_list(name):
    claim = claims()[name]
    assert (list_of(claim) == "exact") == (claim["kind"] in ("count", "theory", "memory"))
    assert {read(claim, word) for word in ("supported", "contradicted", "undecided")} <= set(WORDS[list_of(claim)])
    assert set(claim.get("reads", {})) <= {"supported", "contradicted", "undecided"}
    if list_of(claim) == "measured":
        assert claim.get("unit"), "effects of different units share no column without it"
        assert claim["kind"] != "published" or claim["budget"]
        assert not claim.get("reads") or claim["scope"], "a finding that is read in another way says why"


def test_outside_names_numbers_that_the_audit_has():
    ids = [number.id for number in audit()]
    for claim in claims().values():
        for beginning in claim.get("outside", ()):
            assert any(each.startswith(beginning) for each in ids), beginning
            assert claim["scope"]


@pytest.mark.parametrize(
    ("claim", "finding", "word"),
    [
        ({"kind": "theory"}, "supported", "holds"),
        ({"kind": "theory", "scope": "m > n"}, "supported", "holds within scope"),
        ({"kind": "theory", "scope": "m > n"}, "contradicted", "refuted"),
        ({"kind": "theory"}, "undecided", "not tested"),
        ({"kind": "ablation"}, "supported", "reproduced"),
        ({"kind": "ablation"}, "contradicted", "not reproduced"),
        ({"kind": "numeric"}, "undecided", "unresolved"),
        ({"kind": "numeric", "reads": {"undecided": "not testable as ruled"}}, "undecided", "not testable as ruled"),
    ],
)
def test_a_finding_becomes_a_word(claim, finding, word):
    assert read(claim, finding) == word
    assert word in (*EXACT, *MEASURED, "not tested")


def test_a_word_that_is_not_on_the_list_is_refused():
    with pytest.raises(Problem, match="'maybe'"):
        read({"kind": "ablation", "reads": {"undecided": "maybe"}}, "undecided")


def test_numbers_that_follow_hold_and_others_are_off_or_outside_or_refute():
    good, off = row(), row("b", 3.0, 2.0)
    assert read_numbers({}, [good]) == ("holds", "")
    word, scope = read_numbers({"scope": "here"}, [good, off])
    assert word == "number off"
    assert scope == "1 of 2 off, the worst by +50.0 %: 1 not explained. here"
    assert read_numbers({"scope": "here", "outside": ["b"]}, [good, off]) == ("holds within scope", "here")
    assert read_numbers({"refutes": True}, [off])[0] == "refuted"
    assert outside({"outside": ["b"]}, off) and not outside({}, off)


@pytest.mark.parametrize(
    ("number", "word"),
    [
        (row("c", 1.005, 1.0, fits=("slip",)), "convention"),
        (row("d", 2.0, 1.0, fits=("slip",)), "slip"),
        (row("e", 2.0, 1.0, misprint=True), "misprint"),
        (row("f", 2.0, 1.0), "not explained"),
    ],
)
def test_what_is_off_has_a_cause(number, word):
    assert cause(number) == word


def test_a_number_that_two_versions_print_counts_once():
    first, second = row("v1-a"), row("v2-a")
    again = Row("v2-a", "there", first.quantity, 1.0, 1.0, 1.0, "exact", "")
    assert distinct([first, again, second]) == [first, second]
    rows = [number for number in audit() if number.id.startswith("table3-")]
    assert len(distinct(rows)) < len(rows) == 72


def separable(variant):
    """How many times dearer the standard convolutions would be, and how many separable layers there are."""
    convs = [op for op in unroll(variant).operations if isinstance(op, Conv)]
    pairs = [(a, b) for a, b in pairwise(convs) if a.depthwise]
    sides = [b.shape[1] * b.shape[2] for _, b in pairs]
    full = sum(s * 9 * a.shape[0] * b.shape[0] for s, (a, b) in zip(sides, pairs, strict=True))
    apart = sum(s * (9 * a.shape[0] + a.shape[0] * b.shape[0]) for s, (a, b) in zip(sides, pairs, strict=True))
    return full / apart, len(pairs)


def test_numbers_of_the_scopes_are_those_of_the_suite():
    (v1, layers), (v2, _) = separable(MobileNetV1()), separable(preset("imagenet"))
    said = (
        f"{v1:.2f} times over MobileNetV1's {layers} separable layers, {v2:.2f} over V2's, {saving(16):.2f} at its 16"
    )
    assert claims()["separable-saving"]["scope"].startswith(said)
    found = {n: holds_from(last_link, n) / n for n in (2, 160)}
    said = f"m from about {found[2]:.0f} n (n = 2) to {found[160]:.0f} n (n = 160) on"
    assert claims()["relu-collapse-bound"]["scope"].startswith(said)
