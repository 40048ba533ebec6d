"""Arithmetic written out in plain numbers, as a reader would check it."""


def relu(matrix, x):
    """ReLU(Bx) of lists."""
    return [max(0, sum(a * b for a, b in zip(row, x, strict=True))) for row in matrix]
