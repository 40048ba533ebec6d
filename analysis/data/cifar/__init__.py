"""CIFAR and its synthetic stand-in: found, decoded once to a memory-mapped cache, loaded by name."""

from analysis.data.cifar.load import load_dataset, locate

__all__ = ["load_dataset", "locate"]
