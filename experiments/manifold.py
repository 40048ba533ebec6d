"""What does ReLU do to a low-dimensional manifold?

Section 3.2, Figure 1 and appendix A: a curve goes through a random matrix into n dimensions, through ReLU and back.
The paper says that few dimensions lose information and many keep it, and proves how much is lost on average.

    mnv2 manifold

Half a minute on one core. results/figures/manifold has Figure 1 with errors, the measures against n, the line, the
theorem, its chain of bounds and an animation; results/tables/manifold*.md the numbers, and manifold-theory.md a
verdict on each statement. In short: the information part of Figure 1 holds; its curves, drawn back by the
pseudo-inverse, get straighter with n, not more bent. Lemma 2 holds except where a coordinate is exactly 0. Theorem 1
holds; the text after it calls the kept share collapsed, and the last of the bounds that follow fails at the paper's
expansion of 6 for every n, although what it is used for holds.
"""

from dataclasses import replace

from analysis.manifold.sweep import Condition

PANELS = (2, 3, 5, 15, 30)
FRAMES = (*range(2, 21), 24, 30, 40, 60)
COMPARED_DRAWS = 250  # of each condition beside the main one


def compared(main: Condition) -> list[Condition]:
    """Conditions that differ from the main one in one respect each; those equal to it left out."""
    others = [
        replace(main, matrices="gaussian"),
        replace(main, matrices="orthogonal"),
        replace(main, bias=0.5),
        replace(main, activation="relu6", scale=6.0),
        replace(main, activation="leaky_relu"),
    ]
    if not main.matrices.endswith(".npy"):  # trained matrices take points of their own dimension
        others += [replace(main, points="circle"), replace(main, points="swiss_roll")]
    return [other for other in others if other != main]
