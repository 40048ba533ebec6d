"""The audit of section 5.1: is memory what the largest sum of an operation's inputs and outputs says?"""

from collections.abc import Iterator
from dataclasses import replace

from analysis.arch import Plan, Variant, preset, unroll
from analysis.arch.shufflenet_v1 import ShuffleNetV1
from analysis.cost.graph import Graph, Task
from analysis.cost.memory import memory_graph
from analysis.cost.order import best_order
from analysis.reference import table
from experiments.audit.claims import BOTTLENECK, section
from experiments.audit.judge import Row, judge

BITS = 16  # of an activation, as in Table 3
NETWORKS: dict[str, Variant] = {
    "MobileNetV2": preset("imagenet"),
    "ShuffleNet (g=3)": ShuffleNetV1(groups=3),
    "MobileNetV2 for 32 x 32": preset("cifar"),
}
GRANULARITIES = {"folded": "layer by layer", "block": "each block one operation"}


def memory_order() -> Iterator[Row]:
    """The short form for residual networks against the exact minimum over orders of execution."""
    for name, variant in NETWORKS.items():
        for schedule, words in GRANULARITIES.items():
            graph = tensors(unroll(variant), schedule)
            exact = graph.timeline(best_order(graph)).peak
            short = max(own_bytes(graph, task) for task in graph.tasks)
            guess = ("without the shortcut's tensor, which waits for its addition", short)
            yield judge(
                f"memory-order-{name}-{schedule}".replace(" ", "-"),
                section("memory-order"),
                f"{name}, {words}: largest inputs + outputs, against the least peak of all orders (bytes, {BITS} bit)",
                str(short),
                exact.bytes,
                [guess],
            )


def memory_bottleneck() -> Iterator[Row]:
    """The largest input + output of a bottleneck against the whole network's peak, blocks being one operation each."""
    for row in table("slim_mobilenet_v2"):
        variant = preset("imagenet", width=float(row["width"]), resolution=int(row["resolution"]))
        plan = unroll(variant)
        graph = tensors(plan, "block")
        names = {block.name for block in plan.blocks if block.body.kind == BOTTLENECK}
        bottlenecks = max(own_bytes(graph, task) for task in graph.tasks if task.name in names)
        others = max(own_bytes(graph, task) for task in graph.tasks if task.name != "stem")
        yield judge(
            f"memory-bottleneck-as-op-{row['checkpoint']}",
            section("memory-bottleneck-as-op"),
            f"{row['checkpoint']}: largest input + output of a bottleneck, against the peak (bytes, {BITS} bit)",
            str(bottlenecks),
            graph.timeline(best_order(graph)).peak.bytes,
            [("without the first convolution, whose image and result set the peak; no expansion tensor does", others)],
        )


def tensors(plan: Plan, schedule: str) -> Graph:
    """The memory graph of inference in which nothing, the image neither, stays beyond its last use."""
    graph = memory_graph(plan, schedule, BITS, 1, 1, held=False)
    return replace(graph, kept=graph.kept - {"image"})


def own_bytes(graph: Graph, task: Task) -> int:
    """Bytes of a task's inputs, outputs and own."""
    return sum(graph.sizes[name] for name in {*task.reads, *task.makes}) + task.own
