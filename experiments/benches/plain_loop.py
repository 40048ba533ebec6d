"""A training loop as a user of torch would write it: what `mnv2 bench train` compares with.

Contiguous (N, C, H, W) float32 images, a DataLoader with two workers that crop and mirror one image at a time, modules
of torch.nn. It shares nothing with the suite, so that it does not get faster with it.
"""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import pad
from torch.utils.data import DataLoader, Dataset

Rows = tuple[tuple[float, int, int, int], ...]


class InvertedResidual(nn.Module):
    """Expand, filter, project, add."""

    def __init__(self, channels: int, outputs: int, stride: int, expansion: float):
        super().__init__()
        hidden = round(channels * expansion)
        layers: list[nn.Module] = []
        if hidden != channels:
            layers += [nn.Conv2d(channels, hidden, 1, bias=False), nn.BatchNorm2d(hidden), nn.ReLU6(inplace=True)]
        layers += [
            nn.Conv2d(hidden, hidden, 3, stride, 1, groups=hidden, bias=False),
            nn.BatchNorm2d(hidden),
            nn.ReLU6(inplace=True),
            nn.Conv2d(hidden, outputs, 1, bias=False),
            nn.BatchNorm2d(outputs),
        ]
        self.layers = nn.Sequential(*layers)
        self.residual = stride == 1 and channels == outputs

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to (N, outputs, H / stride, W / stride)."""
        return x + self.layers(x) if self.residual else self.layers(x)


def plain_network(stem: int, stem_stride: int, rows: Rows, last: int, classes: int = 10) -> nn.Sequential:
    """MobileNetV2 with rows of (expansion, channels, repeats, stride), widths as given."""
    layers: list[nn.Module] = [nn.Conv2d(3, stem, 3, stem_stride, 1, bias=False), nn.BatchNorm2d(stem), nn.ReLU6(True)]
    channels = stem
    for t, c, n, s in rows:
        for i in range(n):
            layers.append(InvertedResidual(channels, c, s if i == 0 else 1, t))
            channels = c
    layers += [nn.Conv2d(channels, last, 1, bias=False), nn.BatchNorm2d(last), nn.ReLU6(inplace=True)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(last, classes))


class Images(Dataset):
    """Images with a random crop and mirroring."""

    def __init__(self, pixels: np.ndarray, labels: np.ndarray):
        self.pixels, self.labels = pixels, labels

    def __len__(self) -> int:
        """Number of images."""
        return len(self.labels)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        """A float image (3, 32, 32) and its label."""
        image = torch.from_numpy(self.pixels[index]).permute(2, 0, 1).float() / 255
        top, left = torch.randint(0, 9, (2,)).tolist()
        image = pad(image, (4, 4, 4, 4))[:, top : top + 32, left : left + 32]
        image = image.flip(2) if torch.rand(()) < 0.5 else image
        return (image - 0.45) / 0.25, int(self.labels[index])


def plain_steps(network: nn.Module, pixels: np.ndarray, labels: np.ndarray, batch: int) -> Iterator[int]:
    """Train without end on `pixels`, uint8 (N, 32, 32, 3), with `labels` (N,); yield the images of each step."""
    optimizer = torch.optim.SGD(network.parameters(), lr=0.05, momentum=0.9, weight_decay=5e-4, nesterov=True)
    loader = DataLoader(
        Images(pixels, labels), batch, shuffle=True, num_workers=2, drop_last=True, persistent_workers=True
    )
    error = nn.CrossEntropyLoss(label_smoothing=0.1)
    while True:
        for images, targets in loader:
            optimizer.zero_grad()
            error(network(images), targets).backward()
            optimizer.step()
            yield len(targets)
