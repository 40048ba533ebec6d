"""Tables of the toy and of the theory."""

import json
from collections.abc import Sequence

from analysis.manifold.measures import Measures
from analysis.manifold.sweep import Bands
from analysis.manifold.theory import Checks, TheoryVerdict
from analysis.manifold.theory.collapse import patterns_collapsed
from analysis.render.table import Table


def sweep_table(sweeps: Sequence[Sequence[Bands]], seed: int) -> Table:
    """A row for each condition and n: the mean of every measure over the matrices."""
    columns = ("condition", "n", "matrices", *(name.replace("_", " ") for name in Measures._fields))
    rows = [
        (b.condition.label, b.n, b.draws, *(b.mean(name) for name in Measures._fields))
        for bands in sweeps
        for b in bands
    ]
    notes = (
        "Means over the matrices. lost: points that their image does not determine; merged: points whose image meets "
        "that of a distant point; nonlinear, back nonlinear: share of variance that is not affine, of the image and of "
        "the curve back by the pseudo-inverse; nonconvex: pairs whose images' midpoint leaves the image; pseudoinverse "
        "(best scale), unscaled, active rows: error of three ways back, relative to the spread of the points. "
        "Definitions: analysis/manifold/measures.py.",
        f"Entries of the matrices have mean square 1; seed {seed}. A mean of `unscaled` far above its median is due to "
        "a few nearly singular matrices.",
    )
    return Table("ReLU on a manifold: what is lost and bent against n", columns, rows, notes, digits=4)


def bands_table(sweeps: Sequence[Sequence[Bands]]) -> Table:
    """A row for each condition, n and measure: mean and quantiles over the matrices."""
    columns = ("condition", "n", "matrices", "measure", "mean", "5 %", "50 %", "95 %")
    rows = [
        (b.condition.label, b.n, b.draws, name, b.mean(name), *b.of(name))
        for bands in sweeps
        for b in bands
        for name in Measures._fields
    ]
    return Table("ReLU on a manifold: distribution over the matrices", columns, rows, digits=4)


def verdict_table(verdicts: Sequence[TheoryVerdict]) -> Table:
    """A row for each statement: verdict, why, and the counter-example as JSON."""
    rows = [
        (
            v.claim,
            v.part,
            v.section,
            v.statement,
            v.verdict,
            v.why,
            json.dumps(v.counterexample) if v.counterexample else "",
        )
        for v in verdicts
    ]
    columns = ("claim", "part", "section", "statement", "verdict", "why", "counter-example")
    notes = ("A row without a part is the verdict on the claim; the others are its parts or readings.",)
    return Table("Theory of ReLU(Bx): statement by statement", columns, rows, notes)


def collapse_table(checks: Checks) -> Table:
    """Theorem 1, cell by cell: closed form against Monte Carlo."""
    rows = [
        (c.kind.replace("_", " "), c.n, c.m, f"{patterns_collapsed(c.n, c.m)}/2^{c.m}", float(c.exact), c.collapsed,
         c.draws, c.low, c.high, "yes" if c.agrees else "no")
        for c in (*checks.cells, *checks.orthogonal, *checks.one_direction)
    ]  # fmt: skip
    columns = ("matrix", "n", "m", "1 − N/2^m", "closed form", "collapsed", "draws", "low", "high", "agrees")
    notes = (
        "Intervals: Clopper and Pearson's, simultaneous at 95 % over each kind of matrix. One direction: rows that are "
        "random multiples of one vector, sign-symmetric and independent, outside the theorem's condition on null sets.",
    )
    return Table("Theorem 1: mean collapsed share of volume", columns, rows, notes, digits=5)


def chain_table(checks: Checks) -> Table:
    """From which m on each inequality of the chain holds, and what it says at the paper's expansion."""
    rows = [
        (c.n, c.last_from, c.last_from / c.n, c.whole_from, c.whole_from / c.n, c.positive_from,
         _word(c.last_at_expansion), _word(c.whole_at_expansion), *c.log2_at_expansion)
        for c in checks.chain
    ]  # fmt: skip
    at = "log2 at 6n: "
    columns = (
        "n",
        "last link from m",
        "m/n",
        "ends from m",
        "m/n ",
        "third > 0 from m",
        "last link at 6n",
        "ends at 6n",
    )
    columns += (at + "exact", at + "m^(n+1)/(2^m n!)", at + "2^((n+1) log2 m − m)", at + "2^(−m/2)")
    notes = (
        "The chain: 1 − N/2^m <= m^(n+1)/(2^m n!) <= 2^((n+1) log2 m − m) <= 2^(−m/2). Its first two links hold for "
        "all m >= n; ends: 1 − N/2^m <= 2^(−m/2) alone. Above 0 a log2 bounds nothing. Exact in integers.",
    )
    return Table("The chain of bounds behind Theorem 1", columns, rows, notes)


def operator_table(checks: Checks) -> Table:
    """How linear and how invertible A ReLU(Bx) is as m/n grows."""
    columns = (
        "n", "m/n", "draws", "x determined", "affine: ReLU(Bx)", "affine: A random", "affine: A = B^+", "R² back",
        "folds: A random", "folds: A = B^+",
    )  # fmt: skip
    rows = [
        (o.n, o.ratio, o.draws, o.determined, o.affine_relu, o.affine_random, o.affine_inverse, o.recovered,
         o.folds_random, o.folds_inverse)
        for o in checks.operators
    ]  # fmt: skip
    notes = (
        "x standard normal. Affine: share of variance that an affine map of x explains; R² back: best affine map from "
        "ReLU(Bx) to x, on points it was not fitted to; folds: share of draws in which A ReLU(Bx) is seen not to be "
        "one to one. x determined: N/2^m.",
    )
    return Table("A ReLU(Bx) as m/n grows", columns, rows, notes, digits=4)


def _word(holds: bool) -> str:
    return "holds" if holds else "fails"
