"""Images with one class label each."""

from dataclasses import dataclass

import numpy as np

from analysis.data.finished import TestSplit
from analysis.problem import Problem


@dataclass(frozen=True, eq=False)
class Dataset:
    """Images of 32 x 32 pixels with class labels.

    - `name`: "cifar10", "cifar100" or "synthetic".
    - `digest`: identity of the content, however it was stored: SHA-256 (hex) of the digests of train and
      test, each the SHA-256 of the split's shape, pixels (uint8, NHWC) and labels (little-endian int64).
    - `note`: what every table made from it must say ("JPEG copy", "SYNTHETIC", "partial: ..."), else "".
    - `remark`: why nothing could be cached, with the remedy, else "".
    - `classes`: their names, in the order of the labels.
    - `train_images` uint8 (N, 32, 32, 3), memory-mapped; `train_labels` int64 (N,).
    - `mean`, `std`: of each colour channel over all training pixels, in 0 ... 255.
    - `test`: images uint8 (N, 32, 32, 3) and labels int64 (N,) of the test split, for a finished training.
    """

    name: str
    digest: str
    note: str
    remark: str
    classes: tuple[str, ...]
    train_images: np.ndarray
    train_labels: np.ndarray
    mean: tuple[float, ...]
    std: tuple[float, ...]
    test: TestSplit[tuple[np.ndarray, np.ndarray]]

    def split(self, validation: int = 5000, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
        """Indices (train, validation) into the training images, each ascending.

        Stratified: a class gives its share of `validation` rounded down, those with the largest remainders
        one image more. A seed always gives the same split.

        Raises:
            Problem: `validation` leaves one of the two parts empty, or `seed` is negative.
        """
        count = len(self.train_labels)
        if not 0 < validation < count or seed < 0:
            raise Problem(
                f"cannot hold out {validation} of {count} training images of {self.name} with seed {seed}; "
                f"hold out 1 ... {count - 1}, with a seed >= 0"
            )
        labels = np.asarray(self.train_labels)
        sizes = np.bincount(labels)
        quotas, remainders = np.divmod(sizes * validation, count)
        quotas[np.argsort(-remainders, kind="stable")[: validation - quotas.sum()]] += 1
        shuffled = np.random.Generator(np.random.PCG64(seed)).permutation(count)
        by_class = shuffled[np.argsort(labels[shuffled], kind="stable")]
        place = np.arange(count) - np.repeat(np.cumsum(sizes) - sizes, sizes)  # of each image in its class
        chosen = place < np.repeat(quotas, sizes)
        return np.sort(by_class[~chosen]), np.sort(by_class[chosen])

    def images_and_labels(self, indices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Copies of the training images, uint8 (n, 32, 32, 3), and labels, int64 (n,), at `indices` (n,)."""
        return self.train_images[indices], self.train_labels[indices]
