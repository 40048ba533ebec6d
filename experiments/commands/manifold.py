"""`mnv2 manifold`: what ReLU does to a low-dimensional manifold, drawn, measured and checked against the theory."""

from pathlib import Path


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
    """Send a curve through random matrices and an activation and back. Check the theory of section 3.2 and appendix A.

    Figures and the animation go to RESULTS/figures/manifold, tables to RESULTS/tables.

    Args:
        points: spiral, circle, swiss_roll, or a .npy file of points (count, dimensions).
        matrices: gaussian, orthogonal, or a .npy file of trained ones, (n, dimensions) or (count, n, dimensions).
        activation: relu, relu6, leaky_relu, linear.
        bias: standard deviation of a random bias, in units of the scale.
        scale: multiplies the points. ReLU6 needs a few units to saturate.
        draws: random matrices at each n.
        seed: of every random number.
        theory: check the theory too.
        results: folder to write to.

    Raises:
        Problem: a negative seed, an unknown name, or a file that holds no such array.
    """
    from experiments.answers.answer import write
    from experiments.answers.computed import compute
    from experiments.measurements.manifold.measure import Arguments, measure
    from experiments.measurements.manifold.view import answer

    arguments = Arguments(points, matrices, activation, bias, scale, draws, seed, theory)
    made = answer(measure(arguments)) if arguments.of_files else compute("manifold", arguments)
    print("\n".join(map(str, write(made, results))))
