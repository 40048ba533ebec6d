"""Matrices that send d dimensions to n: random ones, or a file of trained ones."""

from pathlib import Path

import numpy as np

from analysis.arch.text import known
from analysis.manifold.points import Array, load_array
from analysis.problem import Problem


def gaussian(draws: int, rows: int, columns: int, generator: np.random.Generator) -> Array:
    """Independent N(0, 1) entries: (draws, rows, columns)."""
    return generator.standard_normal((draws, rows, columns))


def orthogonal(draws: int, rows: int, columns: int, generator: np.random.Generator) -> Array:
    """Orthogonal columns, or rows where there are fewer of them, Haar-distributed: (draws, rows, columns).

    The entries have mean square 1.
    """
    tall = generator.standard_normal((draws, max(rows, columns), min(rows, columns)))
    q, r = np.linalg.qr(tall)
    q *= np.sign(np.diagonal(r, axis1=1, axis2=2))[:, None, :] * np.sqrt(max(rows, columns))  # Mezzadri 2007
    return q if rows >= columns else q.transpose(0, 2, 1)


ENSEMBLES = {"gaussian": gaussian, "orthogonal": orthogonal}


def random_matrices(kind: str, draws: int, rows: int, columns: int, generator: np.random.Generator) -> Array:
    """`draws` matrices of an ensemble: (draws, rows, columns).

    Raises:
        Problem: an unknown ensemble.
    """
    return ENSEMBLES[known(kind, ENSEMBLES, "kind of matrix (or the path of a .npy file)")](
        draws, rows, columns, generator
    )


def load_matrices(path: Path, columns: int) -> Array:
    """Matrices of a .npy file, one of shape (n, d) or a stack (count, n, d): always (count, n, d).

    Raises:
        Problem: a file that `load_array` refuses, or matrices that do not take points of `columns` dimensions.
    """
    matrices = load_array(path)
    if matrices.ndim == 2:
        matrices = matrices[None]
    if matrices.ndim != 3 or matrices.shape[2] != columns or 0 in matrices.shape:
        raise Problem(
            f"{path} holds an array of shape {matrices.shape}: give (n, {columns}) or (count, n, {columns}), "
            f"because the points have {columns} dimensions"
        )
    return matrices
