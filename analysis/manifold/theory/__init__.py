"""The statements of section 3.2 and appendix A about ReLU(Bx), proved or measured."""

from analysis.manifold.theory.checks import Checks, theory_checks
from analysis.manifold.theory.verdict import TheoryVerdict
from analysis.manifold.theory.verdicts import theory_verdicts

__all__ = ["Checks", "TheoryVerdict", "theory_checks", "theory_verdicts"]
