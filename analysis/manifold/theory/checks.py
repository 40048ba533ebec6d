"""All statements of section 3.2, Figure 1 and appendix A, checked on random and on adversarial cases."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.manifold.sweep import Bands, Condition, sweep
from analysis.manifold.theory.collapse import Cell
from analysis.manifold.theory.operator import Operator, operators
from analysis.manifold.theory.statements import bound, figure1, interior, invertible, line, operator, volume
from analysis.manifold.theory.statements.bound import Chain
from analysis.manifold.theory.statements.count import Count
from analysis.manifold.theory.statements.invertible import Preimages
from analysis.manifold.theory.statements.verdict import TheoryVerdict


@dataclass(frozen=True)
class Checks:
    """Everything measured once: tables, figures and verdicts read it. Each field says what its statement measured."""

    lines: Sequence[Count]
    sampled: Count
    interior: Count
    no_interior: Count
    preimages: Sequence[Preimages]
    origins: Sequence[Count]
    cells: Sequence[Cell]
    orthogonal: Sequence[Cell]
    one_direction: Sequence[Cell]
    links: Sequence[Count]
    chain: Sequence[Chain]
    operators: Sequence[Operator]


def theory_checks(seed: int = 0) -> Checks:
    """Run all checks. The same seed gives the same numbers."""
    generator = np.random.default_rng(seed)  # one stream: the order of the draws is part of the numbers
    linear, expanded = interior.interior(generator)
    return Checks(
        lines=line.lines(generator),
        sampled=line.sampled(generator),
        interior=linear,
        no_interior=expanded,
        preimages=invertible.preimages(generator),
        origins=invertible.origins(generator),
        cells=volume.gaussian(seed),
        orthogonal=volume.orthogonal(seed),
        one_direction=volume.one_direction(seed),
        links=bound.links(),
        chain=bound.chain(),
        operators=operators(seed=seed),
    )


def theory_verdicts(
    checks: Checks | None = None, bands: Sequence[Bands] | None = None, seed: int = 0
) -> list[TheoryVerdict]:
    """A row for each statement of section 3.2, Figure 1 and appendix A, and for their parts.

    `bands` is a sweep of the default Condition with n = 2, 3, 15 and 30 among its dimensions. What is not given is
    computed: seconds.
    """
    checks = checks or theory_checks(seed)
    bands = bands or sweep(Condition(), figure1.DIMENSIONS, seed=seed)
    (lone,) = checks.one_direction
    return [
        *line.verdicts(checks.lines, checks.sampled),
        *interior.verdicts(checks.interior, checks.no_interior),
        *invertible.verdicts(checks.preimages, checks.origins),
        *volume.verdicts(checks.cells, checks.orthogonal, lone),
        *bound.verdicts(checks.links, checks.chain),
        *operator.verdicts(checks.operators),
        *figure1.verdicts(bands),
    ]
