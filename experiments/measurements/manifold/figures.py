"""Figures of the toy: a curve through a random matrix and ReLU, and back."""

import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.manifold.activations import ACTIVATIONS
from analysis.manifold.line import Curve, full_share, sample
from analysis.manifold.matrices import gaussian
from analysis.manifold.measures import Passage, passage
from analysis.manifold.points import Array
from analysis.manifold.sweep import Bands, Condition
from analysis.manifold.theory.statements.count import Count
from analysis.manifold.theory.statements.line import LINE_DIMENSIONS
from analysis.render.style import COLOURS, MARKERS, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

GREY = "#bbbbbb"
Shown = tuple[Array, Passage, int]


def panels_figure(shown: Mapping[int, Shown], condition: Condition, draws: int) -> "Figure":
    """Figure 1: the points and, for each n, their way back by the pseudo-inverse and by the active rows."""
    import matplotlib.pyplot as plt

    figure, grid = plt.subplots(2, len(shown) + 1, squeeze=False)
    points = next(iter(shown.values()))[0]
    plane = _plane(points)
    spread = np.sqrt(((points - points.mean(axis=0)) ** 2).sum())
    ways = [points, *(back[0] for _, way, _ in shown.values() for back in (way.scaled, way.recovered))]
    limit = 1.05 * max(np.abs(plane(x)).max() for x in ways)
    for axes in grid.flat:
        _bare(axes, limit)
    _coloured(grid[0, 0], plane(points))
    grid[0, 0].set_title(f"input\n{condition.name}")
    grid[1, 0].axis("off")
    words = "top: back by\npseudo-inverse,\nbest scale\n\nbottom: back by\nactive rows\n(Lemma 2)\n\n"
    grid[1, 0].text(0, 0.5, words + "× not determined\ngrey: input", transform=grid[1, 0].transAxes, va="center")
    for column, (n, (_, way, _)) in enumerate(shown.items(), 1):
        lost = way.rank[0] < points.shape[1]
        for axes, back in zip(grid[:, column], (way.scaled[0], way.recovered[0]), strict=True):
            axes.plot(*plane(points).T, color=GREY, linewidth=0.8, zorder=1)
            _coloured(axes, plane(back), lost)
            error = np.sqrt(((back - points) ** 2).sum()) / spread
            axes.set_title(f"error {error:.2f}" if error > 1e-9 else "error < 1e-9")
        grid[0, column].set_title(f"n = {n}\n{grid[0, column].get_title()}")
        grid[1, column].set_xlabel(f"{lost.mean():.0%} lost")
    figure.suptitle(
        f"{condition.label}: at each n the matrix of median error (top row) among {draws:,}", fontsize="medium"
    )
    return figure


def sweep_figure(bands: Sequence[Bands], lost: Mapping[int, float] | None = None) -> "Figure":
    """Measures against n: median and 5 to 95 % band over the matrices. `lost`: closed form of its mean by n."""
    import matplotlib.pyplot as plt

    figure, grid = plt.subplots(2, 2)
    drawn = (
        ("information", "share of points", {"lost": "not determined (mean)", "merged": "merged (mean)"}),
        ("way back", "relative error", {"pseudoinverse": "pseudo-inverse", "active_rows": "active rows"}),
        ("share not affine", "share of variance", {"nonlinear": "image in $R^n$", "back_nonlinear": "back in $R^d$"}),
        ("convexity", "share of pairs", {"nonconvex": "midpoint off the image"}),
    )
    for axes, (title, quantity, names) in zip(grid.flat, drawn, strict=True):
        for i, (name, label) in enumerate(names.items()):
            low, middle, high = np.array([b.of(name) for b in bands]).T
            centre = [b.mean(name) for b in bands] if "mean" in label else middle
            n = [b.n for b in bands]
            axes.fill_between(n, low, high, color=COLOURS[i], alpha=0.2, linewidth=0)
            axes.plot(n, centre, color=COLOURS[i], marker=MARKERS[i], markersize=3, linewidth=1, label=label)
        _dimension_axis(axes, [b.n for b in bands])
        axes.set(title=title, ylabel=quantity, ylim=(-0.03, 1.03))
    if lost:
        grid[0, 0].plot(list(lost), list(lost.values()), "kx", markersize=4, label="Theorem 1", zorder=5)
    for axes in grid.flat:
        axes.legend(loc="best")
    figure.suptitle(
        f"{bands[0].condition.label}: median and 5 to 95 % band over {bands[0].draws:,} matrices", fontsize="medium"
    )
    return figure


def conditions_figure(sweeps: Sequence[Sequence[Bands]]) -> "Figure":
    """What changes with points, matrices, bias and activation: the mean of four measures against n."""
    import matplotlib.pyplot as plt

    figure, grid = plt.subplots(1, 4)
    names = {
        "lost": "not determined",
        "pseudoinverse": "error, pseudo-inverse",
        "nonlinear": "image, share not affine",
        "nonconvex": "midpoints off the image",
    }
    colours, markers = ("#000000", *COLOURS), ("x", *MARKERS)
    for axes, (name, title) in zip(grid.flat, names.items(), strict=True):
        for i, bands in enumerate(sweeps):
            n = [b.n for b in bands]
            mean = [b.mean(name) for b in bands]
            axes.plot(
                n, mean, color=colours[i % len(colours)], marker=markers[i % len(markers)], markersize=3, linewidth=1
            )
            axes.lines[-1].set_label(bands[0].condition.label)
        _dimension_axis(axes, sorted({b.n for bands in sweeps for b in bands}))
        axes.set(title=title, ylim=(-0.03, None))
    grid[0].set_ylabel("mean over matrices")
    handles, labels = grid[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=4)
    return figure


def line_figure(ray: Curve, missing: Curve, resting: Curve, counts: Sequence[Count]) -> "Figure":
    """ReLU of a line: the ray in 1-D, two lines in 2-D, and how often the curve has n bends."""
    import matplotlib.pyplot as plt

    figure, grid = plt.subplots(1, 4)
    drawn = {"n = 1: a ray": ray, "n = 2: 2 bends": missing, "n = 2: rests, 1 bend": resting}
    for axes, (title, line) in zip(grid, drawn.items(), strict=False):
        image = sample(line, 400, 2.0)
        t = np.linspace(float(line.joints[0]) - 2, float(line.joints[-1]) + 2, 400)[:, None]
        straight = np.array(line.point, float) + t * np.array(line.direction, float)
        joints = np.maximum(np.array([[float(p + s * v) for p, v in zip(line.point, line.direction, strict=True)]
                                      for s in line.joints]), 0.0)  # fmt: skip
        if image.shape[1] == 1:
            image, straight, joints = (
                np.column_stack([a, 0 * a + k]) for a, k in ((image, 0), (straight, 1), (joints, 0))
            )
            axes.set(yticks=[0, 1], yticklabels=["ReLU", "line"], ylim=(-0.6, 1.6))
        axes.plot(*straight.T, color=GREY, linewidth=1, label="line")
        axes.plot(*image.T, color=COLOURS[0], linewidth=2, label="ReLU of it")
        axes.plot(*joints.T, MARKERS[0], color=COLOURS[1], markersize=4, label="sign change", zorder=5)
        axes.set(title=title, xlabel="$x_1$")
        if line is not ray:
            axes.set_ylabel("$x_2$", labelpad=0)
    grid[0].legend(loc="center", borderaxespad=0)
    last = grid[3]
    n = LINE_DIMENSIONS
    every = range(1, max(n) + 1)
    last.plot(every, [float(full_share(k)) for k in every], color=COLOURS[0], label=r"$1 - (n+1)/2^n$")
    share = np.array([count.share for count in counts])
    below, above = (np.abs(np.array([getattr(c, end) for c in counts]) - share) for end in ("low", "high"))
    last.errorbar(n, share, (below, above), fmt="o", color=COLOURS[1], markersize=3, label=f"{counts[0].cases} lines")
    last.set(title="share with n bends", xlabel="n", ylim=(-0.03, 1.03))
    last.legend(loc="lower right")
    return figure


def animation(condition: Condition, points: Array, seed: int, dimensions: Sequence[int]) -> bytes:
    """A GIF over n: the points (count, d) back from the first n rows of one Gaussian matrix, by both ways."""
    import matplotlib.pyplot as plt
    from PIL import Image

    matrix = gaussian(1, max(dimensions), points.shape[1], np.random.default_rng(seed))
    plane, titles = _plane(points), ("pseudo-inverse, best scale", "active rows")
    frames = []
    with style("paper", columns=1.3, aspect=0.55):
        figure, grid = plt.subplots(1, 2, dpi=110, layout="none")
        figure.subplots_adjust(0.02, 0.02, 0.98, 0.82, 0.04)
        for n in dimensions:
            way = passage(points, matrix[:, :n], np.zeros((1, n)), ACTIVATIONS[condition.activation])
            lost = way.rank[0] < points.shape[1]
            for axes, back, title in zip(grid, (way.scaled[0], way.recovered[0]), titles, strict=True):
                axes.clear()
                _bare(axes, 1.3 * np.abs(plane(points)).max())
                axes.plot(*plane(points).T, color=GREY, linewidth=0.8, zorder=1)
                _coloured(axes, plane(back), lost)
                axes.set_title(title)
            text = f"through n = {n} dimensions and {condition.activation}; × not determined: {lost.mean():.0%}"
            figure.suptitle(text, fontsize="medium")
            figure.canvas.draw()
            frames.append(Image.fromarray(np.asarray(figure.canvas.buffer_rgba())).convert("RGB"))  # type: ignore[attr-defined]
        plt.close(figure)
    palette = frames[len(frames) // 2].quantize(64)
    images = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
    buffer = io.BytesIO()
    held = [2000 if n in (dimensions[0], dimensions[-1]) else 450 for n in dimensions]
    images[0].save(buffer, "GIF", save_all=True, append_images=images[1:], duration=held, loop=0, optimize=True)
    return buffer.getvalue()


def _plane(points: Array) -> Any:
    """Projection of points onto the two coordinates in which the set is widest."""
    order = np.sort(np.argsort(-np.var(points, axis=0), kind="stable")[:2])
    return lambda x: x[:, order] if len(order) == 2 else np.column_stack([x, 0 * x])


def _coloured(axes: "Axes", points: Array, lost: Any = None) -> None:
    kept = np.ones(len(points), bool) if lost is None else ~lost
    colour = np.linspace(0, 0.9, len(points))
    common: dict[str, Any] = {"cmap": "viridis", "vmin": 0, "vmax": 1, "zorder": 3}
    axes.scatter(*points[kept].T, c=colour[kept], s=4, linewidths=0, **common)
    axes.scatter(*points[~kept].T, c=colour[~kept], s=7, marker="x", linewidths=0.7, **common)


def _bare(axes: "Axes", limit: float) -> None:
    axes.set(xticks=[], yticks=[], xlim=(-limit, limit), ylim=(-limit, limit), aspect="equal")
    axes.spines[:].set_visible(False)


def _dimension_axis(axes: "Axes", n: Sequence[int]) -> None:
    axes.set_xscale("log")
    shown = [k for k in n if k in (2, 3, 5, 10, 15, 30, 60)]
    axes.set_xticks(shown, [str(k) for k in shown])
    axes.set_xticks([], minor=True)
    axes.set_xlabel("n")
