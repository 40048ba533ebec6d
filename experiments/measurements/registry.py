"""The measurements of this project by name: the command of each, and the claims of the paper that it judges."""

from typing import NamedTuple

from experiments.measurements.backends import rule as backends
from experiments.measurements.effects import rule as effects
from experiments.measurements.gradients import rule as gradients
from experiments.measurements.imagenet import rule as imagenet
from experiments.measurements.latency import rule as latency
from experiments.measurements.manifold import rule as manifold
from experiments.measurements.patterns import rule as patterns
from experiments.measurements.splitting import rule as splitting


class Measurement(NamedTuple):
    """The command that measures, and the claims that the measurement's rule judges."""

    command: str
    claims: tuple[str, ...] = ()


MEASUREMENTS = {
    "latency": Measurement("mnv2 latency", latency.CLAIMS),
    "splitting": Measurement("mnv2 bench split", splitting.CLAIMS),
    "patterns": Measurement("mnv2 patterns", patterns.CLAIMS),
    "gradients": Measurement("mnv2 gradients", gradients.CLAIMS),
    "backends": Measurement("mnv2 backends", backends.CLAIMS),
    "manifold": Measurement("mnv2 manifold", manifold.CLAIMS),
    "memory": Measurement("mnv2 memory"),
    "effects": Measurement("mnv2 report", effects.CLAIMS),
    "price": Measurement("mnv2 price"),
    "imagenet": Measurement("mnv2 evaluate --keep", imagenet.CLAIMS),
}
