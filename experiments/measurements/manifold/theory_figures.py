"""Figures of the theory of ReLU(Bx): collapsed volume, the chain of bounds, the operator A ReLU(Bx)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from analysis.manifold.theory.bounds import EXPANSION, log2_collapsed
from analysis.manifold.theory.collapse import Cell, collapsed_share
from analysis.manifold.theory.operator import AFFINE_SHARE_OF_RELU, Operator
from analysis.manifold.theory.statements.bound import Chain
from analysis.render.style import COLOURS, MARKERS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FLOOR = 1e-4  # a share that sampling did not meet is drawn as its interval alone


def collapse_figure(cells: Sequence[Cell]) -> "Figure":
    """Theorem 1: mean collapsed share against m/n, closed form (lines) and Monte Carlo with its interval."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots()
    for i, n in enumerate(dict.fromkeys(cell.n for cell in cells)):
        mine = [cell for cell in cells if cell.n == n]
        aside = 0.03 * (i - 2)  # so that intervals at one m / n stand side by side
        every = range(n, max(cell.m for cell in mine) + 1)
        axes.plot([m / n for m in every], [float(collapsed_share(n, m)) for m in every], color=COLOURS[i], linewidth=1)
        for cell in mine:
            ends = [max(cell.low, FLOOR), max(cell.high, FLOOR)]
            axes.plot([cell.m / n + aside] * 2, ends, color=COLOURS[i], linewidth=1.5, alpha=0.5)
        seen = [cell for cell in mine if cell.collapsed]
        ratios, shares = [cell.m / n + aside for cell in seen], [cell.share for cell in seen]
        axes.plot(ratios, shares, MARKERS[i], color=COLOURS[i], markersize=3, label=f"n = {n}")
    axes.set(yscale="log", ylim=(FLOOR, 1.5), xlabel="m / n", ylabel="collapsed share of volume")
    axes.set_title(f"1 − N/2$^m$ and {cells[0].draws:,} draws a point")
    axes.legend(loc="upper right", ncols=2)
    return figure


def chain_figure(chain: Sequence[Chain], n: int = 16) -> "Figure":
    """The chain of bounds at one n, as log2 of what may be collapsed, and from which m/n on its inequalities hold."""
    import matplotlib.pyplot as plt

    figure, (left, right) = plt.subplots(1, 2)
    ratios = range(1, 25)
    curves = zip(*(log2_collapsed(n, n * ratio) for ratio in ratios), strict=True)
    names = ("exact, $1 - N/2^m$", "$m^{n+1}/(2^m n!)$", "$2^{(n+1)\\log_2 m - m}$", "$2^{-m/2}$")
    for i, (curve, name) in enumerate(zip(curves, names, strict=True)):
        left.plot(ratios, curve, color=COLOURS[i], marker=MARKERS[i], markersize=2.5, linewidth=1, label=name)
    left.axhline(0, color="#555555", linewidth=0.6)
    left.set(xlabel="m / n", ylabel="log$_2$ of the share", title=f"n = {n}: each should lie below the next")
    last = [c.last_from / c.n for c in chain]
    right.plot([c.n for c in chain], last, MARKERS[0] + "-", color=COLOURS[0], markersize=4, label="last link")
    whole = [c.whole_from / c.n for c in chain]
    right.plot([c.n for c in chain], whole, MARKERS[1] + "-", color=COLOURS[1], markersize=4, label="ends of the chain")
    right.axhline(EXPANSION, color="#555555", linewidth=1, linestyle="--")
    right.text(chain[-1].n, EXPANSION - 0.3, f"expansion {EXPANSION}", ha="right", va="top", fontsize="small")
    right.set(xscale="log", ylim=(0, None), xlabel="n", ylabel="m / n", title="holds from here on up")
    ticks = [c.n for c in chain if c.n in (1, 2, 4, 8, 16, 32, 64, 160)]
    right.set_xticks(ticks, [str(k) for k in ticks])
    right.set_xticks([], minor=True)
    right.legend(loc="upper left")
    _expansion(left)
    left.legend(loc="upper right")
    return figure


def operator_figure(operators: Sequence[Operator]) -> "Figure":
    """How linear and how invertible ReLU(Bx) and A ReLU(Bx) are against m/n."""
    import matplotlib.pyplot as plt

    figure, (left, right) = plt.subplots(1, 2)
    ratio = [o.ratio for o in operators]
    affine = {"affine_relu": "ReLU(Bx)", "affine_random": "A random", "affine_inverse": "A = B$^+$"}
    back = {
        "determined": "ReLU(Bx) tells x",
        "recovered": "R², affine way back",
        "folds_random": "folds, A random",
        "folds_inverse": "folds, A = B$^+$",
    }
    for axes, names in ((left, affine), (right, back)):
        for i, (name, label) in enumerate(names.items()):
            values = [getattr(o, name) for o in operators]
            axes.plot(ratio, values, MARKERS[i] + "-", color=COLOURS[i], markersize=6 - i, linewidth=1, label=label)
        axes.set(xscale="log", xlabel="m / n", ylim=(-0.03, 1.05))
        axes.set_xticks(ratio, [str(k) for k in ratio])
        axes.set_xticks([], minor=True)
        axes.legend(loc="lower right" if axes is left else "center right")
    left.axhline(AFFINE_SHARE_OF_RELU, color="#555555", linewidth=0.8, linestyle="--")
    left.set(ylabel="share of variance affine in x", title=f"linear? n = {operators[0].n}")
    right.set(ylabel="share or R²", title=f"invertible? {operators[0].draws} draws")
    return figure


def _expansion(axes: "Axes") -> None:
    axes.axvline(EXPANSION, color="#555555", linewidth=1, linestyle="--")
