"""The optimiser and the schedule that every training shares."""

import warnings
from typing import Any

import torch
from torch import nn
from torch.optim import SGD
from torch.optim.lr_scheduler import OneCycleLR

from analysis.training.recipe import Descent

FUSED = ("cpu", "cuda", "mps", "xpu")  # devices on which torch has one kernel for the whole of it


def descent(network: nn.Module, recipe: Descent, steps: int) -> tuple[SGD, OneCycleLR]:
    """The optimiser that `recipe` describes, and its one-cycle learning rate over `steps` steps.

    On a CUDA device the rate is a tensor there, which a captured step reads anew each time.
    """
    device = next(network.parameters()).device
    optimizer = SGD(
        parameter_groups(network, recipe.weight_decay),
        lr=torch.tensor(recipe.peak_rate, device=device) if device.type == "cuda" else recipe.peak_rate,
        momentum=recipe.momentum,
        nesterov=recipe.momentum > 0,
        **{"fused" if device.type in FUSED else "foreach": True},
    )
    return optimizer, OneCycleLR(
        optimizer, recipe.peak_rate, total_steps=steps, pct_start=recipe.warmup, cycle_momentum=False
    )


def skip_to(schedule: OneCycleLR, steps: int) -> None:
    """Set the learning rate to that after `steps` steps, a function of their number alone."""
    if steps:
        schedule.last_epoch = steps - 1
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # no step of the optimiser came before: it is continued
            schedule.step()


def parameter_groups(network: nn.Module, weight_decay: float) -> list[dict[str, Any]]:
    """Weights of convolutions and linear layers with weight decay; norms and biases without."""
    decayed = [p for p in network.parameters() if p.dim() > 1]
    others = [p for p in network.parameters() if p.dim() <= 1]
    return [{"params": decayed, "weight_decay": weight_decay}, {"params": others, "weight_decay": 0.0}]
