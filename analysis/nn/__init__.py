"""Plans as torch modules: building, initialising, running whole or in parts."""

from analysis.nn.backend import build
from analysis.nn.initialise import initialise
from analysis.nn.network import Network

__all__ = ["Network", "build", "initialise"]
