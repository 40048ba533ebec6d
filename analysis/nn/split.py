"""Blocks run a group of inner channels at a time (section 5.1): less memory, the same sum."""

import torch
from torch import Tensor, nn

from analysis.cost.splitting import LAST, even_groups, inner_channels, split_body, to_split
from analysis.nn.fold import fold
from analysis.nn.network import BlockModule, Network


class SplitBlock(nn.Module):
    """An inverted residual in groups of `sizes` inner channels, whose results are summed in place.

    Made from a block of a folded network, it takes and returns what that block does.

    Raises:
        Problem: sizes that do not sum to the inner channels.
    """

    def __init__(self, block: BlockModule, sizes: tuple[int, ...]):
        super().__init__()
        split = split_body(block.body, sizes)
        self.expands, self.sizes = split.expands, sizes
        self.x_is_last_read_here = all("x" not in op.inputs for op in split.rest.operations)
        self.groups = nn.ModuleList(BlockModule(body) for body in split.groups)
        self.rest = BlockModule(split.rest)
        self.to(next(block.parameters()))
        self.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue] (not in torch's stubs)
        start = 0
        for index, (size, group) in enumerate(zip(sizes, self.groups, strict=True)):
            _copy_group(block, group, slice(start, start + size), first=index == 0)
            start += size
        self.eval()

    def forward(self, tensors: dict[str, Tensor], wanted: frozenset[str]) -> dict[str, Tensor]:
        """Run the groups in turn, then what follows their sum."""
        start, last = 0, len(self.sizes) - 1
        for index, (size, group) in enumerate(zip(self.sizes, self.groups, strict=True)):
            gone = index == last and self.x_is_last_read_here and "x" not in wanted
            x = tensors.pop("x") if gone else tensors["x"]
            inputs = {"x": x if self.expands else x[:, start : start + size]}
            del x  # so that the group drops it after its last use
            start += size
            partial = group(inputs, frozenset([LAST]))[LAST]
            tensors[LAST] = tensors[LAST].add_(partial) if index else partial
            del inputs, partial
        return self.rest(tensors, wanted)


def split(network: Network, ways: int) -> Network:
    """The folded network with each block that splits run `ways` ways. The network itself is left as it was.

    Raises:
        Problem: fewer than one way, more ways than a block has inner channels, or no block that splits.
    """
    result = fold(network)
    for block in to_split(result.plan):
        plain = result.get_submodule(block.name)
        assert isinstance(plain, BlockModule)
        setattr(result, block.name, SplitBlock(plain, even_groups(inner_channels(block.body), ways)))
    return result


@torch.no_grad()
def _copy_group(block: nn.Module, group: nn.Module, channels: slice, first: bool) -> None:
    """Copy the parameters of the inner `channels`: rows of what makes them, columns of what projects them."""
    for name, parameter in group.named_parameters():
        whole = block.get_parameter(name)
        if name == f"{LAST}.bias":
            parameter.copy_(whole)
        elif name == f"{LAST}.weight":
            parameter.copy_(whole[:, channels])
        else:
            parameter.copy_(whole[channels])
