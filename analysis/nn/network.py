"""A Plan as a torch module that runs its operations in the Plan's order and drops each tensor after its last use."""

from collections.abc import Iterable
from functools import lru_cache

from torch import Tensor, nn

from analysis.arch.plan import Block, Body, Plan
from analysis.arch.text import known
from analysis.nn.operations import operation_module


class BlockModule(nn.Module):
    """A Body as a module: sub-modules under the operations' names ("expand.conv")."""

    def __init__(self, body: Body):
        super().__init__()
        self.body = body
        for op in body.operations:
            *path, last = op.name.split(".")
            parent: nn.Module = self
            for name in path:
                if not hasattr(parent, name):
                    parent.add_module(name, nn.Module())
                parent = getattr(parent, name)
            parent.add_module(last, operation_module(op))
        last_use = {name: op.name for op in body.operations for name in op.inputs}
        self._last_used_by = {op.name: [n for n, user in last_use.items() if user == op.name] for op in body.operations}

    def forward(self, tensors: dict[str, Tensor], wanted: frozenset[str]) -> dict[str, Tensor]:
        """Run the body on its inputs by local name and return the `wanted` tensors by local name."""
        for op in self.body.operations:
            tensors[op.name] = self.get_submodule(op.name)(*(tensors[name] for name in op.inputs))
            for name in self._last_used_by[op.name]:
                if name not in wanted:
                    del tensors[name]
        return {name: tensors[name] for name in wanted}


class Network(nn.Module):
    """The module of a Plan. Its children carry the blocks' names, so keys read "bottleneck3.expand.conv.weight"."""

    block_type = BlockModule
    backend = "eager"  # what runs it
    storage = products = "float32"  # types of its maps in memory, and of what its matrix products multiply
    instructions = ""  # that multiply them, where they are not the usual ones of that type: "amx"

    def __init__(self, plan: Plan):
        super().__init__()
        self.plan = plan
        for block in plan.blocks:
            self.add_module(block.name, self.block_type(block.body))

    def forward(self, image: Tensor) -> Tensor | tuple[Tensor, ...]:
        """(N, C, H, W) images to the Plan's output, or to a tuple of them where there are several."""
        tensors = self.intermediates(image, self.plan.outputs)
        outputs = [tensors[name] for name in self.plan.outputs]
        return tuple(outputs) if len(outputs) > 1 else outputs[0]

    def intermediates(self, image: Tensor, names: Iterable[str]) -> dict[str, Tensor]:
        """The named tensors of the Plan ("bottleneck3.expand.activation"), (N, C, H, W) each.

        Raises:
            Problem: a name that the Plan does not have.
        """
        for name in (names := tuple(names)):
            known(name, self.plan.shapes, "tensor")
        tensors = {"image": image}
        for block, wanted, dropped in route(self.plan, names):
            inputs = {local: tensors[name] for local, name in block.binding.items()}
            for name in dropped:
                del tensors[name]
            made = self.get_submodule(block.name)(inputs, wanted)
            del inputs
            tensors |= {block.tensor(local): tensor for local, tensor in made.items()}
        return tensors


@lru_cache(maxsize=256)
def route(plan: Plan, names: tuple[str, ...]) -> list[tuple[Block, frozenset[str], list[str]]]:
    """For each block: which of its tensors, by local name, are needed after it for `names` or by a later block,
    and which tensors of the network need not outlive its start."""
    steps: list[tuple[Block, frozenset[str], list[str]]] = []
    needed = set(names)
    for block in reversed(plan.blocks):
        local = [*block.body.inputs, *(op.name for op in block.body.operations)]
        wanted = frozenset(name for name in local if block.tensor(name) in needed)
        before = needed | set(block.binding.values())
        steps.append((block, wanted, sorted(before - needed)))
        needed = before - {block.tensor(op.name) for op in block.body.operations}
    return steps[::-1]
