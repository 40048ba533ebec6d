"""What ReLU does to a manifold as tables, figures, an animation and verdicts."""

from analysis.manifold.line import curve
from analysis.manifold.theory import Checks
from analysis.render.table import Table
from experiments.answers.answer import Answer, Drawing
from experiments.claims.evidence import Evidence
from experiments.measurements.manifold import figures as draw
from experiments.measurements.manifold import tables, theory_figures
from experiments.measurements.manifold.measure import Measured
from experiments.measurements.manifold.rule import judge

STEM = "manifold"
FRAMES = (*range(2, 21), 24, 30, 40, 60)
FORMATS = ("png", "svg")
ALT = {
    "panels": "A spiral in the plane, and what comes back after ReLU in 2, 3, 5, 15 and 30 dimensions: torn and folded "
    "at 2 and 3, and with the rows that stay active whole again at 15 and 30.",
    "against_n": "What is lost, merged and bent, against the number of dimensions n, with bands over the matrices.",
    "conditions": "What is lost against n for other curves, matrices and activations.",
    "line": "A line through ReLU: the number of joints against the dimensions, as counted and as the paper says.",
    "collapse": "Theorem 1: mean collapsed share of volume against m / n, in closed form and as sampled.",
    "bounds": "The chain of bounds behind Theorem 1 against m / n, and from which m / n on its inequalities hold.",
    "operator": "How linear and how invertible A ReLU(Bx) is, against m / n.",
}


def answer(measured: Measured) -> Answer:
    """Tables and figures of the toy, and where the theory was checked those of the theory with its verdicts."""
    checks = measured.checks
    return Answer(
        STEM,
        _toy_tables(measured) | (_theory_tables(measured, checks) if checks else {}),
        _toy_figures(measured) | (_theory_figures(checks) if checks else {}),
        judge(measured.verdicts) if checks else None,
        Evidence("measurement:manifold"),
        {"figures/manifold/over_n.gif": _animation(measured)},
    )


def _toy_tables(measured: Measured) -> dict[str, Table]:
    sweeps = measured.sweeps
    return {"": tables.sweep_table(sweeps, measured.arguments.seed), "-bands": tables.bands_table(sweeps)}


def _theory_tables(measured: Measured, checks: Checks) -> dict[str, Table]:
    return {
        "-theory": tables.verdict_table(measured.verdicts),
        "-collapse": tables.collapse_table(checks),
        "-bounds": tables.chain_table(checks),
        "-operator": tables.operator_table(checks),
    }


def _toy_figures(measured: Measured) -> dict[str, Drawing]:
    bands, condition = measured.sweeps[0], measured.arguments.condition
    return {
        **_named("panels", lambda: draw.panels_figure(measured.shown, condition, bands[0].draws), 2, 0.4),
        **_named("against_n", lambda: draw.sweep_figure(bands, measured.closed), 2, 0.6),
        **_named("conditions", lambda: draw.conditions_figure(measured.sweeps), 2, 0.38),
    }


def _theory_figures(checks: Checks) -> dict[str, Drawing]:
    lines = (curve([0], [1]), curve([1, 2], [1, -1]), curve([-1, -2], [1, 1]))
    return {
        **_named("line", lambda: draw.line_figure(*lines, checks.lines), 2, 0.28),
        **_named("collapse", lambda: theory_figures.collapse_figure(checks.cells), 1.2, 0.75),
        **_named("bounds", lambda: theory_figures.chain_figure(checks.chain), 2, 0.4),
        **_named("operator", lambda: theory_figures.operator_figure(checks.operators), 2, 0.4),
    }


def _named(name: str, draws, columns: float, aspect: float) -> dict[str, Drawing]:
    return {f"manifold/{name}": Drawing(draws, columns, aspect, formats=FORMATS, alt=ALT[name])}


def _animation(measured: Measured) -> bytes:
    points = next(iter(measured.shown.values()))[0]
    return draw.animation(measured.arguments.condition, points, measured.arguments.seed, FRAMES)
