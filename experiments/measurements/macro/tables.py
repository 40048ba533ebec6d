"""What the published networks say, as tables."""

from collections.abc import Sequence

from analysis.render.table import Table
from experiments.measurements.macro.rows import Best, Gain

PAIRS = (
    "The mean over all pairs of distinct networks that differ in this layer alone. The interval is that of training "
    "them again: there are no other pairs.",
    "A block in place of an identity is a layer more of depth. After the first layer of a stage, an identity may be "
    "anywhere in it.",
    "The benchmark changes expansion and kernel together, so that their shares are not known.",
    "Layers 1, 3 and 6 have stride 2. An identity is a 1 x 1 convolution there.",
)
CHOSEN = ("The largest of many means of three runs is above its own true mean: the front is too good to be true.",)


def gains_table(gains: Sequence[Gain]) -> Table:
    """A row for each change of each layer."""
    columns = ("layer", "change", "pairs", "points", "95 %", "MAdds (M)", "points per M")
    cells = [
        (
            *(gain.layer, gain.change, gain.pairs, f"{gain.points:+.2f}", f"{gain.low:+.2f} to {gain.high:+.2f}"),
            *(f"{gain.madds / 1e6:.2f}", f"{gain.rate:.3f}"),
        )
        for gain in gains
    ]
    return Table("What a layer buys after 50 epochs", columns, cells, PAIRS)


def front_table(front: Sequence[Best]) -> Table:
    """A row for each network, cheapest first."""
    cells = [(best.key, f"{best.madds / 1e6:.2f}", f"{best.accuracy:.2f}") for best in front]
    return Table("Networks that none beats at their cost", ("key", "MAdds (M)", "accuracy (%)"), cells, CHOSEN)
