"""`mnv2 manifold`: what ReLU does to a low-dimensional manifold, drawn, measured and checked against the theory."""

import json
from pathlib import Path

from analysis.files import write_whole
from analysis.manifold.line import curve
from analysis.manifold.sweep import DIMENSIONS, Bands, Condition, sweep, typical
from analysis.manifold.theory import Checks, theory_checks, theory_verdicts
from analysis.manifold.theory.collapse import collapsed_share
from analysis.problem import Problem
from analysis.render.style import style, write_figure
from experiments.answers.restored import remember
from experiments.measurements.manifold import figures as draw
from experiments.measurements.manifold import tables, theory_figures
from experiments.measurements.manifold.measure import COMPARED_DRAWS, FRAMES, PANELS, claimed, compared

FORMATS = ("png", "svg")


def main(
    points: str = "spiral",
    matrices: str = "gaussian",
    activation: str = "relu",
    bias: float = 0.0,
    scale: float = 1.0,
    draws: int = 1000,
    seed: int = 0,
    theory: bool = True,
    results: Path = Path("results"),
) -> None:
    """Send a curve through random matrices and an activation and back; check the theory of section 3.2 and appendix A.

    Figures and the animation go to RESULTS/figures/manifold, tables to RESULTS/tables.

    Args:
        points: spiral, circle, swiss_roll, or a .npy file of points (count, dimensions).
        matrices: gaussian, orthogonal, or a .npy file of trained ones, (n, dimensions) or (count, n, dimensions).
        activation: relu, relu6, leaky_relu, linear.
        bias: standard deviation of a random bias, in units of the scale.
        scale: multiplies the points; ReLU6 needs a few units to saturate.
        draws: random matrices at each n.
        seed: of every random number.
        theory: check the theory too.
        results: folder to write to.

    Raises:
        Problem: a negative seed, an unknown name, or a file that holds no such array.
    """
    if seed < 0:
        raise Problem(f"seed {seed} is negative: take 0 or more")
    condition = Condition(points, matrices, activation, bias, scale)
    bands = sweep(condition, DIMENSIONS, draws, seed)
    written = _toy(condition, bands, draws, seed, results)
    if theory:
        checks = theory_checks(seed)
        written += _theory(checks, bands if condition == Condition() else None, seed, results)
    if not any(name.endswith(".npy") for name in (points, matrices)):  # files may move
        options = {"points": points, "matrices": matrices, "activation": activation, "bias": bias, "scale": scale}
        options |= {"draws": draws, "seed": seed}
        arguments = [word for name, value in options.items() for word in (f"--{name}", str(value))]
        remember(results, ["manifold", *arguments, "--theory" if theory else "--no-theory"], written)
    print("\n".join(map(str, written)))


def _toy(condition: Condition, bands: list[Bands], draws: int, seed: int, out: Path) -> list[Path]:
    figures = out / "figures" / "manifold"
    shown = {b.n: typical(b, draws, seed) for b in bands if b.n in PANELS or len(bands) == 1}
    points = next(iter(shown.values()))[0]
    exact = condition.activation == "relu" and not condition.bias and not condition.matrices.endswith(".npy")
    closed = {b.n: float(collapsed_share(points.shape[1], b.n)) for b in bands} if exact else None
    sweeps = [bands]
    for other in compared(condition):
        sweeps.append(sweep(other, PANELS, min(draws, COMPARED_DRAWS), seed))
    written = []
    with style(columns=2, aspect=0.4):
        figure = draw.panels_figure(shown, condition.label, bands[0].draws)
        written += write_figure(figure, figures / "panels", FORMATS)
    with style(columns=2, aspect=0.6):
        written += write_figure(draw.sweep_figure(bands, closed), figures / "against_n", FORMATS)
    with style(columns=2, aspect=0.38):
        written += write_figure(draw.conditions_figure(sweeps), figures / "conditions", FORMATS)
    written.append(write_whole(figures / "over_n.gif", draw.animation(condition, points, seed, FRAMES)))
    written += tables.sweep_table(sweeps, seed).write(out / "tables" / "manifold")
    return written + tables.bands_table(sweeps).write(out / "tables" / "manifold-bands")


def _theory(checks: Checks, bands: list[Bands] | None, seed: int, out: Path) -> list[Path]:
    figures, numbers = out / "figures" / "manifold", out / "tables"
    written = []
    with style(columns=2, aspect=0.28):
        lines = (curve([0], [1]), curve([1, 2], [1, -1]), curve([-1, -2], [1, 1]))
        written += write_figure(draw.line_figure(*lines, checks.lines), figures / "line", FORMATS)
    with style(columns=1.2):
        written += write_figure(theory_figures.collapse_figure(checks.cells), figures / "collapse", FORMATS)
    with style(columns=2, aspect=0.4):
        written += write_figure(theory_figures.chain_figure(checks.chain), figures / "bounds", FORMATS)
        written += write_figure(theory_figures.operator_figure(checks.operators), figures / "operator", FORMATS)
    verdicts = theory_verdicts(checks, bands, seed)
    rows = json.dumps([v.row() for v in claimed(verdicts)], indent=1) + "\n"
    written.append(write_whole(out / "verdicts" / "manifold.json", rows.encode()))
    written += tables.verdict_table(verdicts).write(numbers / "manifold-theory")
    written += tables.collapse_table(checks).write(numbers / "manifold-collapse")
    written += tables.chain_table(checks).write(numbers / "manifold-bounds")
    return written + tables.operator_table(checks).write(numbers / "manifold-operator")
