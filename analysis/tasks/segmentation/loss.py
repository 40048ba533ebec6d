"""Cross-entropy over the pixels that have a class."""

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from analysis.arch.text import known
from analysis.tasks.segmentation.recipe import WEIGHTINGS


def pixel_loss(scores: Tensor, masks: Tensor, weights: Tensor) -> Tensor:
    """Weighted mean of -log softmax(score of the true class) over all pixels of the batch that are not void.

    `scores` (N, K, H, W); `masks` int64 (N, H, W), K is void; `weights` (K,). The mean divides by the sum of the
    pixels' weights; a batch of void alone has loss 0.
    """
    void = scores.shape[1]
    total = cross_entropy(scores, masks, weights, ignore_index=void, reduction="sum")
    return total / torch.cat([weights, weights.new_zeros(1)])[masks].sum().clamp(min=1e-6)


def class_weights(pixels: np.ndarray, weighting: str) -> tuple[float, ...]:
    """A weight for each class from its number of pixels in the training masks (K,).

    With p the class's share of the pixels that are not void:
    - "none": 1.
    - "log": 1 / ln(1.02 + p) (arXiv:1606.02147, section 5.1).
    - "median_frequency": median of the shares of the classes that occur / p (arXiv:1411.4734, section 6.3.2, with
      shares of all pixels).
    A class that never occurs weighs 1.

    Raises:
        Problem: an unknown weighting.
    """
    known(weighting, WEIGHTINGS, "weighting")
    if weighting == "none" or not pixels.sum():
        return (1.0,) * len(pixels)
    share = pixels / pixels.sum()
    if weighting == "log":
        weights = 1 / np.log(1.02 + share)
    else:
        weights = np.median(share[pixels > 0]) / np.where(pixels > 0, share, 1)
    return tuple(float(w) if n else 1.0 for w, n in zip(weights, pixels, strict=True))
