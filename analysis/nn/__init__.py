"""Plans as torch modules: building, initialising, running whole or in parts."""

from analysis.nn.initialise import initialise
from analysis.nn.network import Network, build

__all__ = ["Network", "build", "initialise"]
