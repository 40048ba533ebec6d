"""What does ReLU do to a low-dimensional manifold?

Section 3.2, Figure 1 and appendix A: a curve goes through a random matrix into n dimensions, through ReLU and back.
The paper says that few dimensions lose information and many keep it, and proves how much is lost on average.

    mnv2 manifold

Half a minute on one core. results/figures/manifold has Figure 1 with errors, the measures against n, the line, the
theorem, its chain of bounds and an animation. results/tables/manifold*.md has the numbers, and manifold-theory.md a
verdict on each statement. In short: the information part of Figure 1 holds. Its curves, drawn back by the
pseudo-inverse, get straighter with n, not more bent. Lemma 2 holds except where a coordinate is exactly 0. Theorem 1
holds. The text after it calls the kept share collapsed, and the last of the bounds that follow fails at the paper's
expansion of 6 for every n, although what it is used for holds.
"""
