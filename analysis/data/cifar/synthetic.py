"""Images generated from a seed: shapes filled with textures, to be distinguished in spite of clutter."""

from collections.abc import Mapping

import numpy as np

from analysis.data.cifar.catalog import SIDE
from analysis.data.cifar.pixels import Pixels

VERSION = 1  # raised when the images change
SEED = 20180113
CHUNK = 50  # images generated at a time; each chunk has a random stream of its own
SHAPES = ("disc", "square", "triangle", "ring", "cross")
TEXTURES = ("striped", "checked")
CLASSES = tuple(f"{texture} {shape}" for shape in SHAPES for texture in TEXTURES)
CLUTTER = 2  # distracting patches behind the shape


def generate_split(counts: Mapping[str, int], split: str) -> Pixels:
    """Generate `counts[split]` images; see `generate`."""
    return generate(counts[split], split)


def generate(count: int, split: str) -> Pixels:
    """The first `count` images of the endless sequence of `split`, and their labels.

    An image is a textured, coloured background with patches of clutter, and in front of it one shape (label
    // 2) at a random place, size and angle, filled with one texture (label % 2) in random colours; then a
    gradient of light and noise. Patches bear both textures at random, so that texture alone, as colour alone,
    says little.

    Only operations that every machine rounds alike are used (no sine, no matrix product): the bytes do not
    depend on it.
    """
    parts = []
    for chunk in range(-(-count // CHUNK)):
        rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence(SEED, spawn_key=(*split.encode(), chunk))))
        labels = rng.integers(0, len(CLASSES), CHUNK)
        parts.append((_draw(labels, rng), labels))
    images, labels = zip(*parts, strict=True)
    return Pixels(np.concatenate(images)[:count], np.concatenate(labels)[:count].astype(np.int64))


def _draw(labels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    count = len(labels)
    canvas = _uniform(rng, (count, 3, 1, 1), 40, 215) + np.zeros((SIDE, SIDE), np.float32)
    for _ in range(CLUTTER):
        u, v = _coordinates(rng, count, reach=15, radius=(2, 6))
        patch = _soft(1 - np.maximum(np.abs(u), np.abs(v) * _uniform(rng, (count, 1, 1), 0.6, 2)))
        _blend(canvas, patch, _texture(rng.integers(0, 2, count), rng), rng)
    u, v = _coordinates(rng, count, reach=5, radius=(9, 13))
    _blend(canvas, _soft(_inside(labels // 2, u, v)), _texture(labels % 2, rng), rng)
    light = _uniform(rng, (count, 1, 1), -1, 1) * _axis(0) + _uniform(rng, (count, 1, 1), -1, 1) * _axis(1)
    canvas += (light * 2)[:, None]
    # two uniform numbers: near enough to a normal distribution, and the same on every machine
    coins = rng.integers(0, 256, (2, *canvas.shape), np.uint8)
    canvas += (coins[0].astype(np.float32) - coins[1]) * _uniform(rng, (count, 1, 1, 1), 0.03, 0.1)
    return np.ascontiguousarray(np.clip(canvas, 0, 255).astype(np.uint8).transpose(0, 2, 3, 1))


def _blend(canvas: np.ndarray, mask: np.ndarray, texture: np.ndarray, rng: np.random.Generator) -> None:
    """Lay two random colours, mixed by `texture`, over the canvas where `mask` is 1."""
    shape = (len(canvas), 3, 1, 1)
    first = _uniform(rng, shape, 20, 235)
    second = first + np.where(first > 128, -1, 1).astype(np.float32) * _uniform(rng, shape, 60, 130)
    colour = texture[:, None] * (second - first)
    colour += first
    colour -= canvas
    colour *= mask[:, None]
    canvas += colour


def _coordinates(
    rng: np.random.Generator, count: int, reach: float, radius: tuple[float, float]
) -> tuple[np.ndarray, np.ndarray]:
    """Pixel coordinates in a random frame: centre up to `reach` pixels off, any angle, a radius long."""
    cos, sin = _direction(rng, count)
    size = _uniform(rng, (count, 1, 1), *radius)
    x = _axis(1) - _uniform(rng, (count, 1, 1), -reach, reach)
    y = _axis(0) - _uniform(rng, (count, 1, 1), -reach, reach)
    return (x * cos + y * sin) / size, (y * cos - x * sin) / size


def _direction(rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    x, y = _uniform(rng, (count, 1, 1), -1, 1), _uniform(rng, (count, 1, 1), 0.01, 1)
    length = np.sqrt(x * x + y * y)
    return x / length, y / length


def _inside(shape: np.ndarray, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """How far inside the shape of radius 1 each pixel lies (negative: outside)."""
    distance, a, b = np.sqrt(u * u + v * v), np.abs(u), np.abs(v)
    drawn = (
        1 - distance,
        0.85 - np.maximum(a, b),
        0.55 - np.maximum(v, np.float32(0.8660254) * a - v / 2),  # three edges, 120 degrees apart
        np.minimum(1 - distance, distance - 0.5),
        np.minimum(np.maximum(0.35 - a, 0.35 - b), 1 - np.maximum(a, b)),
    )
    return np.choose(shape[:, None, None], drawn)


def _texture(kind: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Stripes (0) or a chequered pattern (1) between 0 and 1, of random angle, period and phase."""
    count = len(kind)
    cos, sin = _direction(rng, count)
    period = _uniform(rng, (count, 1, 1), 5, 9)
    first = _wave((_axis(1) * cos + _axis(0) * sin) / period + _uniform(rng, (count, 1, 1), 0, 1))
    second = _wave((_axis(0) * cos - _axis(1) * sin) / period + _uniform(rng, (count, 1, 1), 0, 1))
    return np.where(kind[:, None, None] == 0, first, first * second + (1 - first) * (1 - second))


def _wave(phase: np.ndarray) -> np.ndarray:
    """A soft square wave of period 1 between 0 and 1."""
    return np.clip((np.abs(phase - np.floor(phase) - 0.5) - 0.25) * 6 + 0.5, 0, 1)


def _soft(inside: np.ndarray) -> np.ndarray:
    return np.clip(inside * 8 + 0.5, 0, 1)


def _axis(axis: int) -> np.ndarray:
    centred = np.arange(SIDE, dtype=np.float32) - np.float32((SIDE - 1) / 2)
    return centred[:, None] if axis == 0 else centred[None, :]


def _uniform(rng: np.random.Generator, shape: tuple[int, ...], low: float, high: float) -> np.ndarray:
    return np.float32(low) + rng.random(shape, np.float32) * np.float32(high - low)
