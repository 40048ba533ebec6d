"""The audit of Table 3: largest channels and memory at each size."""

import math
from collections.abc import Iterable, Iterator

from analysis.arch import Plan, preset, unroll
from analysis.arch.mobilenet_v1 import MobileNetV1
from analysis.arch.plan import Activation
from analysis.arch.shufflenet_v1 import TABLE_1, ShuffleNetV1
from analysis.reference import table
from experiments.audit.judge import Guess, Row, judge

BYTES = 2  # 16-bit activations
KB = 1000
SIDES = (112, 56, 28, 14, 7, 1)
SIDE = {f"{side}x{side}": side for side in SIDES}
V1, V2, SHUFFLENET = "MobileNetV1", "MobileNetV2", "ShuffleNet (2x,g=3)"


def between_blocks(plan: Plan) -> Iterator[tuple[int, int]]:
    """(side, channels) of what each residual block returns, of the pooled features, and of the tensors of ShuffleNet's
    stem. MobileNetV2's first and last convolution have no part in the printed column."""
    for block in plan.blocks:
        if block.body.kind in ("inverted_residual", "shuffle_unit"):
            yield block.body.shape[1], block.body.shape[0]
    shapes = plan.shapes
    for name in ("stem.activation", "stem.pool") if "stem.pool" in shapes else ():
        yield shapes[name][1], shapes[name][0]
    yield 1, shapes["head.pool"][0]


def all_tensors(plan: Plan) -> Iterator[tuple[int, int]]:
    """(side, channels) of every tensor after an activation, and the pooled one."""
    for op in plan.operations:
        if isinstance(op, Activation) or op.name == "head.pool":
            yield op.shape[1], op.shape[0]


def largest(tensors: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Largest channels at each side."""
    found: dict[int, int] = {}
    for side, channels in tensors:
        found[side] = max(channels, found.get(side, 0))
    return found


def shuffle(groups: int) -> dict[int, int]:
    """ShuffleNet 2x."""
    return largest(between_blocks(unroll(ShuffleNetV1(width=2.0, groups=groups))))


def table3() -> Iterator[Row]:
    """Both published versions. The memory is that of the channels printed next to it, at 16 bits, KB = 1000 bytes."""
    channels = {
        V1: largest(all_tensors(unroll(MobileNetV1()))),
        V2: largest(between_blocks(unroll(preset("imagenet")))),
        SHUFFLENET: shuffle(3),
    }
    rows = [row for row in table("table3_memory") if row["memory_kb_printed"] != "O(1)"]
    for row in rows:
        version, size, network = row["paper_version"], row["size"], row["network"]
        key = f"table3-{version}-{size}-{network}".replace(" ", "-")
        where, found = f"Table 3, {version}", channels[network]
        if size == "max":
            sides = [side for side in SIDES if side != 112 or version == "arXiv v4"]
            whole = {side: found[side] * side * side * BYTES for side in sides}
            at = max(whole, key=lambda side: whole[side])
            guesses = [
                (f"the memory printed at {other['size']}", float(other["memory_kb_printed"]) * KB)
                for other in rows
                if (other["paper_version"], other["network"]) == (version, network) and other["size"] != "max"
            ]
            quantity = f"{network}: largest memory (KB), at {at}x{at}"
            yield judge(key, where, quantity, row["memory_kb_printed"], whole[at], guesses, KB, coarse=0.05)
            continue
        side, printed = SIDE[size], row["max_channels"]
        yield judge(
            f"{key}-channels",
            where,
            f"{network} at {size}: largest channels",
            printed,
            found[side],
            channel_guesses(network, found, side),
        )
        memory = float(printed) * side * side * BYTES
        yield judge(
            f"{key}-memory",
            where,
            f"{network} at {size}: memory of {float(printed):g} channels (KB)",
            row["memory_kb_printed"],
            memory,
            [
                ("KB of 1024 bytes", memory * KB / 1024),
                ("32-bit activations", 2 * memory),
                ("32-bit activations, KB of 1024 bytes", 2 * memory * KB / 1024),
                ("8-bit activations", memory / 2),
                ("input and output of the largest layer", 2 * memory),
                ("rounded up", math.ceil(memory / KB) * KB),
            ],
            KB,
            coarse=0.05,
        )


def channel_guesses(network: str, found: dict[int, int], side: int) -> Iterator[Guess]:
    """The first channels of the next stage, another number of groups, another network's."""
    if network == V2:
        later = [block.body for block in unroll(preset("imagenet")).blocks if block.body.shape[1] < side]
        yield "the next stage's channels", later[0].shape[0]
    if network == SHUFFLENET:
        for groups in TABLE_1:
            if groups != 3:
                yield f"{groups} groups", shuffle(groups)[side]
    yield "the first convolution of MobileNetV1 and V2", unroll(preset("imagenet")).blocks[0].body.shape[0]
