"""The counter-examples to the chain of bounds, put into the links."""

from analysis.manifold.theory.bounds import last_link, whole_chain
from analysis.manifold.theory.statements.bound import chain, links
from analysis.manifold.theory.statements.bound import verdicts as verdicts_of
from analysis.manifold.theory.statements.count import Count


def test_replay_bounds_at_the_expansion_of_the_paper(verdicts):
    for part, link in (("", last_link), ("last link at m = 6n", last_link), ("ends at m = 6n", whole_chain)):
        example = verdicts["relu-collapse-bound", part].counterexample
        assert not link(example["n"], example["m"])
    assert not any(last_link(n, 6 * n) for n in range(1, 500))
    assert [n for n in range(1, 40) if whole_chain(n, 6 * n)] == [1, 2, 3, 4, 5]


def test_links_are_counted_on_the_grid_and_the_chain_at_the_widths_of_table_2():
    counts = {count.name: count for count in links()}
    assert counts["first"].cases == sum(12 * n - n + 1 for n in range(1, 33))
    assert [counts[name].hits == counts[name].cases for name in ("first", "second", "last")] == [True, True, False]
    sixteen = next(each for each in chain() if each.n == 16)
    assert (sixteen.last_at_expansion, sixteen.whole_at_expansion) == (False, False)
    assert sixteen.last_from > sixteen.whole_from > 6 * 16


def test_a_link_that_fails_somewhere_makes_its_verdict_fail(checks):
    broken = [count if count.name != "first" else Count("first", 1, 2) for count in checks.links]
    found = {row.part: row.verdict for row in verdicts_of(broken, checks.chain)}
    assert (found["first link"], found["second link"]) == ("fails", "holds")
