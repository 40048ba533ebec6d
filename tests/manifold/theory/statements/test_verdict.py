"""Evidence decides between the word of a statement and "fails"."""

from analysis.manifold.theory.statements.verdict import holds_if


def test_a_statement_holds_where_its_checks_bear_it_out():
    assert [holds_if(True), holds_if(True, "holds when"), holds_if(False, "holds when")] == [
        "holds",
        "holds when",
        "fails",
    ]
