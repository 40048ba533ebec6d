"""The statements of section 3.2 and appendix A about ReLU(Bx), proved or measured.

The arithmetic is in `bounds`, `collapse`, `exact`, `interior`, `operator` and `preimage`. `statements` has a module for
each statement of the paper: what it says, how it is checked, its verdict. `checks` runs them all.
"""

from analysis.manifold.theory.checks import Checks, theory_checks, theory_verdicts
from analysis.manifold.theory.statements.verdict import TheoryVerdict

__all__ = ["Checks", "TheoryVerdict", "theory_checks", "theory_verdicts"]
