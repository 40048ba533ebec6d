"""An explanation that wrong hypotheses would give as easily is marked."""

import pytest

from experiments.audit import audit
from experiments.audit.chance import LIMIT, caveats, observed, weighed
from experiments.audit.judge import judge


def test_an_explanation_that_would_fit_by_chance_says_so():
    guesses = [("wrong", 2.0 + i / 40) for i in range(40)]
    others = [judge(f"o{i}", "there", "it", "1000", 1.0 + i, guesses) for i in range(3)]
    lucky = judge("x", "here", "it", "2.5", 1.0, guesses)
    once, *_ = (row for row in weighed([lucky, *others]) if row.id == "x")
    assert once.fits and once.chance > LIMIT and once.chance_likely
    sure = judge("y", "here", "it", "250", 100.0, [("two and a half", 250.0)])
    assert once.words == f"may be chance: {lucky.explanation}"
    assert not weighed([sure, *others])[0].chance_likely
    # The same hypothesis reproduces another number of the place.
    twice = [judge(f"t{i}", "here", "it", f"{i}.0", i / 2, [("twice", float(i))] * 20) for i in (2, 3)]
    assert all(row.chance > LIMIT and not row.chance_likely for row in weighed(twice))


def test_hypotheses_are_weighed_by_where_others_lie():
    """Half of the other numbers' hypotheses lie within the window of this one."""
    row = judge("x", "here", "it", "110", 100.0, [("a tenth more", 110.0), ("half", 50.0)])
    others = [judge(f"o{i}", "there", "it", "9", 1.0 + i, [("", 1.1 * (1 + i)), ("", 3.0 * (1 + i))]) for i in range(2)]
    assert observed(row, [row, *others]) == pytest.approx(2 * 0.5)


def test_the_page_counts_its_caveats():
    text = " ".join(caveats(audit()))
    found = [row for row in audit() if row.fits]
    assert f"The {len(found)} explained numbers are {len({row.computed for row in found})} different" in text
    assert "2 of them cannot, and without these all others fit" in text
    assert "section 4, least MAdds" in text.partition("Those of")[2].partition("mean nothing")[0]
