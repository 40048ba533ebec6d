"""Data sets: finding, decoding once to a memory-mapped cache, splitting."""

from analysis.training.data.dataset import Dataset
from analysis.training.data.load import load_dataset, locate

__all__ = ["Dataset", "load_dataset", "locate"]
