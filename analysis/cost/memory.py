"""Activation memory of a Plan (section 5.1): live bytes under named schedules.

- "eager": as torch runs our Network in inference. An operation makes a new tensor, and a tensor is freed after its
  last use, with two exceptions. The image belongs to the caller and stays. Results of a block stay until the next
  block has run, because the loop over the blocks holds them.
- "folded": the same with norms folded into convolutions.
- "split": folded, and each inverted residual runs in `ways` groups, whose results are summed in place.
- "block": each block is one operation. Its inner tensor is disposable and does not count. Nothing is held.
- "training": the forward pass of a training step. At its end, all that autograd saves for the backward pass is live.

Weights, their gradients and the workspace of kernels do not count. `bits` is the size of an element. Indices of max
pooling always take 64 bits and statistics of norms 32.
"""

from collections.abc import Iterable, Iterator
from math import prod

from analysis.arch.folding import folded
from analysis.arch.plan import (
    Activation,
    Block,
    Conv,
    Dropout,
    Length,
    Linear,
    Norm,
    Operation,
    Plan,
    Pool,
    Scale,
    Shape,
    Slice,
)
from analysis.arch.text import known
from analysis.cost.graph import Graph, Task, Timeline
from analysis.cost.order import best_order
from analysis.cost.splitting import LAST, even_groups, inner_channels, split_body, to_split
from analysis.problem import Problem

SCHEDULES = ("eager", "folded", "split", "block", "training")
BITS = (8, 16, 32)
INDEX, STATISTIC = 8, 4  # bytes of an index of max pooling, of a mean or an inverse deviation


def memory(plan: Plan, schedule: str = "eager", bits: int = 32, ways: int = 2, batch: int = 1) -> Timeline:
    """Live bytes for `batch` images in the Plan's own order.

    Raises:
        Problem: an unknown schedule or element size, or `ways` that do not suit a block.
    """
    return memory_graph(plan, schedule, bits, ways, batch, held=True).timeline()


def least_memory(plan: Plan, schedule: str = "eager", bits: int = 32, ways: int = 2, batch: int = 1) -> Timeline:
    """Live bytes in an order of execution with the lowest peak. Nothing is held beyond its last use.

    Raises:
        Problem: the schedule "training", whose saved tensors are all live at the end in any order, or as `memory`.
    """
    if schedule == "training":
        raise Problem("no order of execution helps training: all saved tensors are live at the end of the forward pass")
    graph = memory_graph(plan, schedule, bits, ways, batch, held=False)
    return graph.timeline(best_order(graph))


def memory_graph(plan: Plan, schedule: str, bits: int, ways: int, batch: int, held: bool) -> Graph:
    """The tasks and tensors of a schedule. With `held`, the loop over the blocks holds what a block returns.

    Raises:
        Problem: as `memory`.
    """
    known(schedule, SCHEDULES, "schedule")
    if bits not in BITS:
        raise Problem(f"elements of {bits} bits are not supported: choose 8, 16 or 32")
    if batch < 1:
        raise Problem(f"batch {batch} is not a whole number of at least 1")
    if schedule in ("folded", "split"):
        plan = folded(plan)
    ledger = _Ledger(plan, bits // 8 * batch, batch)
    if schedule == "block":
        ledger.whole_blocks()
        return ledger.graph(())
    chosen = {block.name for block in to_split(plan)} if schedule == "split" else set()
    wanted = _wanted(plan)
    holding: list[str] = []
    for block, results in zip(plan.blocks, wanted, strict=True):
        first = len(ledger.tasks)
        if block.name in chosen:
            ledger.split_block(block, even_groups(inner_channels(block.body), ways))
        else:
            ledger.operations(block.operations(), schedule == "training")
        if held and len(ledger.tasks) > first:
            last = ledger.tasks[-1]
            ledger.tasks[-1] = last._replace(reads=(*last.reads, *(ledger.storage[name] for name in holding)))
        holding = results
    return ledger.graph(("image",))


class _Ledger:
    """Tasks and tensors of a network under construction.

    `storage` maps each tensor to the one whose bytes it shares, by default itself.
    """

    def __init__(self, plan: Plan, element: int, batch: int):
        self.plan, self.element, self.batch = plan, element, batch
        self.tasks: list[Task] = []
        self.sizes = {"image": self.bytes(plan.image)}
        self.storage = {"image": "image"}
        self.saved: set[str] = set()

    def bytes(self, shape: Shape) -> int:
        return prod(shape) * self.element

    def graph(self, kept: Iterable[str]) -> Graph:
        outputs = (self.storage[name] for name in self.plan.outputs)
        return Graph(tuple(self.tasks), self.sizes, frozenset({*kept, *outputs, *self.saved}))

    def add(self, name: str, reads: Iterable[str], makes: dict[str, int], own: int = 0) -> None:
        self.sizes |= makes
        self.storage |= {made: made for made in makes}
        self.tasks.append(Task(name, tuple(self.storage[n] for n in reads), tuple(makes), own))

    def operations(self, operations: Iterable[Operation], training: bool = False) -> None:
        for op in operations:
            if isinstance(op, Slice) or (isinstance(op, Dropout) and not training):  # a view, or the input itself
                self.storage[op.name] = self.storage[op.inputs[0]]
                continue
            beside = dict(self.beside(op, training))
            if training:
                self.add(op.name, op.inputs, {op.name: self.bytes(op.shape), **beside})
                self.saved |= {self.storage[name] for name in saved(op)} | set(beside)
            else:
                self.add(op.name, op.inputs, {op.name: self.bytes(op.shape)}, sum(beside.values()))

    def beside(self, op: Operation, training: bool) -> Iterator[tuple[str, int]]:
        """Bytes that torch allocates in addition to the result. Autograd saves them, inference frees them at once."""
        match op:
            case Pool(function="max"):
                yield f"{op.name}.indices", prod(op.shape) * self.batch * INDEX
            case Norm(groups=groups) if groups:  # mean and inverse deviation of each group of each image
                yield f"{op.name}.statistics", 2 * groups * self.batch * STATISTIC
            case Norm() if training:
                yield f"{op.name}.statistics", 2 * op.shape[0] * STATISTIC
            case Length():
                yield f"{op.name}.divided", self.bytes(op.shape)
                if training:  # as they are, and kept from 0
                    yield f"{op.name}.lengths", 2 * self.bytes((1, *op.shape[1:]))
            case Dropout():
                yield f"{op.name}.noise", self.bytes(op.shape)

    def split_block(self, block: Block, sizes: tuple[int, ...]) -> None:
        split = split_body(block.body, sizes)
        total = block.tensor(LAST)
        for index, body in enumerate(split.groups):
            group = Block(f"{block.name}.group{index + 1}", body, {"x": block.tensor("x")})
            self.operations(group.operations())
            partial = self.storage[group.output]
            if index == 0:
                self.storage[total] = partial
            else:
                reads = self.storage[total], partial
                self.tasks.append(Task(f"{group.name}.sum", reads, (), changes=reads[:1]))
        self.operations(Block(block.name, split.rest, {**block.binding, LAST: total}).operations())

    def whole_blocks(self) -> None:
        read = {name for block in self.plan.blocks for name in block.binding.values()} | set(self.plan.outputs)
        for block in self.plan.blocks:
            made = {op.name: self.bytes(op.shape) for op in block.operations() if op.name in read}
            if made:
                self.add(block.name, block.binding.values(), made)


def saved(op: Operation) -> tuple[str, ...]:
    """Tensors of the Plan that autograd saves when torch trains this operation (derivatives.yaml of torch).

    Convolutions and linear layers save their input for the gradient of their weights. Norms, ReLU6, leaky ReLU, hard
    swish, SiLU, hard sigmoid, lengths and windowed pooling save their input, ReLU and sigmoid their output, a product
    both factors. Addition, concatenation, shuffle, resize and the mean over the whole map save only sizes.
    """
    match op:
        case Activation(function="relu" | "sigmoid"):
            return (op.name,)
        case Conv() | Linear() | Norm() | Activation() | Scale() | Length() | Pool(function="max"):
            return op.inputs
        case Pool(kernel=k) if k:
            return op.inputs
        case _:
            return ()


def _wanted(plan: Plan) -> list[list[str]]:
    """For each block, the tensors among its own and its inputs that something after it needs."""
    needed = set(plan.outputs)
    results = []
    for block in reversed(plan.blocks):
        own = {op.name for op in block.operations()}
        results.append(sorted(needed & (own | set(block.binding.values()))))
        needed = (needed - own) | set(block.binding.values())
    return results[::-1]
