"""Other people's counters on a built module, explained item by item from its Plan."""

import contextlib
import copy
import importlib.util
import io
import warnings
from collections.abc import Callable, Iterable
from typing import NamedTuple

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from analysis.arch.families import Variant, label, unroll
from analysis.cost.conventions import Item, items
from analysis.nn.backend import build
from analysis.nn.network import Network
from analysis.problem import Problem


class Check(NamedTuple):
    """What a tool reports for a network, the items that explain it, and what they leave unexplained."""

    network: str
    tool: str
    reported: int
    items: tuple[Item, ...]

    @property
    def residual(self) -> int:
        """Zero, or the Plan and the tool see different networks."""
        return self.reported - sum(item.count for item in self.items)


def _torch(network: nn.Module, images: torch.Tensor) -> int:
    with FlopCounterMode(display=False) as counter:
        network(images)
    return counter.get_total_flops()


def _fvcore(network: nn.Module, images: torch.Tensor) -> int:
    from fvcore.nn import FlopCountAnalysis

    analysis = FlopCountAnalysis(network, images)
    return int(analysis.unsupported_ops_warnings(False).uncalled_modules_warnings(False).total())


def _ptflops(backend: str) -> Callable[[nn.Module, torch.Tensor], int]:
    def report(network: nn.Module, images: torch.Tensor) -> int:
        from ptflops import get_model_complexity_info

        shape = tuple(images.shape[1:])
        count, _ = get_model_complexity_info(
            network, shape, print_per_layer_stat=False, as_strings=False, backend=backend
        )
        if not isinstance(count, int):
            raise Problem(f"ptflops ({backend}) could not count this network")
        return count

    return report


def _torchinfo(network: nn.Module, images: torch.Tensor) -> int:
    import torchinfo

    return int(torchinfo.summary(network, input_data=[images], verbose=0, cache_forward_pass=False).total_mult_adds)


def _thop(network: nn.Module, images: torch.Tensor) -> int:
    import thop

    return int(thop.profile(network, inputs=(images,), verbose=False)[0])


# Name -> the package that it needs, and how to ask it.
TOOLS: dict[str, tuple[str, Callable[[nn.Module, torch.Tensor], int]]] = {
    "torch": ("torch", _torch),
    "fvcore": ("fvcore", _fvcore),
    "ptflops": ("ptflops", _ptflops("pytorch")),
    "ptflops-aten": ("ptflops", _ptflops("aten")),
    "torchinfo": ("torchinfo", _torchinfo),
    "thop": ("thop", _thop),
}


def installed_tools() -> tuple[str, ...]:
    """The tools that can be asked here."""
    return tuple(name for name, (package, _) in TOOLS.items() if importlib.util.find_spec(package))


def report(network: Network, tool: str) -> int:
    """What `tool` prints for one image, asked on a copy, as most tools leave hooks, buffers or modes on a module."""
    scratch = copy.deepcopy(network).eval()
    quiet = contextlib.redirect_stdout(io.StringIO())
    with torch.random.fork_rng(devices=[]), torch.no_grad(), warnings.catch_warnings(), quiet:
        warnings.simplefilter("ignore")
        return TOOLS[tool][1](scratch, torch.zeros(1, *network.plan.image))


def crosscheck(variants: Iterable[Variant], tools: Iterable[str] = ()) -> list[Check]:
    """Ask each tool (by default all that are installed) about each variant's module."""
    asked = tuple(tools) or installed_tools()
    checks = []
    for variant in variants:
        plan = unroll(variant)
        network = build(plan)
        checks += [Check(label(variant), tool, report(network, tool), items(plan, tool)) for tool in asked]
    return checks
