"""Whether steps are captured: where that is asked for, and agrees on this device with operators one by one."""

import hashlib
import inspect
import logging
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy
from torch.optim import SGD

from analysis.arch import preset, unroll
from analysis.files import cache_folder, write_whole
from analysis.nn import build, initialise
from analysis.problem import Problem
from analysis.training import step as steps
from analysis.training.device import arithmetic, facts, precision
from analysis.training.optimiser import descent
from analysis.training.recipe import Descent
from analysis.training.step import WARM, CapturedStep, Step

ROWS = ((1, 8, 1, 1), (6, 12, 2, 2), (3, 20, 1, 1))
REPLAYED = 5  # steps of the comparison after those that come before a capture
TOLERANCE = 1e-2  # of losses and weights after these steps: both are rounded alike, sums may be in another order

log = logging.getLogger(__name__)


def stepping(learner: Any, optimizer: SGD, device: torch.device) -> Step:
    """What takes the steps of a learner: captured where its network's backend is "captured" and that agrees with eager
    on this device. Otherwise, after a warning, eager, and the network's backend says so."""
    if device.type == "cuda" and learner.network.backend == "captured":
        torch.cuda.set_device(device)  # streams and graphs are made on the current one
        if not (reason := disagreement(device)):
            return CapturedStep(learner, optimizer)
        log.warning("steps are not captured, eager runs: %s", reason)
        learner.network.backend = learner.scored.backend = "eager"
    return Step(learner, optimizer)


@lru_cache(maxsize=8)
def disagreement(device: torch.device) -> str:
    """Why steps are not to be captured on this device, in one line, or "". That they agree is found once for a kind of
    device, version of torch and of the code, and kept in the cache."""
    known = [torch.__version__, str(torch.version.cuda), facts(device)["device"], inspect.getsource(steps)]
    digest = hashlib.sha256("\n".join(known).encode()).hexdigest()[:16]
    path = cache_folder() / "captured" / f"{digest}.agrees"
    if path.is_file():
        return ""
    reason = compared(device)
    if not reason:
        try:
            write_whole(path, b"captured steps agree with eager ones\n")
        except Problem as problem:
            log.info("not kept that captured steps agree: %s", problem)
    return reason


def compared(device: torch.device, graph: Any = None) -> str:
    """How captured steps of a small network differ from eager ones on the device, in one line, or "". `graph`: what
    captures, by default CUDA."""
    try:
        eager, captured = trained(device, None), trained(device, graph or steps.Graph())
    except RuntimeError as error:
        return f"capturing a step fails ({str(error).splitlines()[0]})"
    for name, expected in eager.items():
        error = float((captured[name] - expected).norm() / (expected.norm() + 1e-3))
        if not error < TOLERANCE:
            return f"captured steps end with {name} otherwise than eager ones (relative error {error:.1e})"
    return ""


def trained(device: torch.device, graph: Any) -> dict[str, Tensor]:
    """Losses, float32 (steps,), and weights by name after some steps of a small network, captured by `graph` or, with
    None, eager."""
    learner = Small(device)
    count = WARM + REPLAYED
    optimizer, schedule = descent(learner.network, learner.recipe, count)
    step = CapturedStep(learner, optimizer, graph) if graph else Step(learner, optimizer)
    learner.network.train()
    losses = []
    for batch in learner.batches(count):
        loss = step.loss(batch)
        step.descend(loss)
        schedule.step()
        losses.append(loss.detach())
    weights = {name: value.detach().float() for name, value in learner.network.state_dict().items()}
    return {"its losses": torch.stack(losses), **weights}


class Small:
    """A small classifier of drawn images."""

    def __init__(self, device: torch.device):
        plan = unroll(preset("brief", resolution=12, rows=ROWS, rounding=1))
        with torch.random.fork_rng(devices=[]):
            self.network = self.scored = build(plan, "eager", device)
        initialise(self.network, 0)
        self.device = device
        self.recipe: Descent = Clipped("small", 1, 16, 0.05, 0.3, 0.9, 5e-4)

    def batches(self, count: int) -> list[tuple[Tensor, Tensor]]:
        """So many batches: images float32 (16, 3, 12, 12) and labels int64 (16,)."""
        generator = torch.Generator().manual_seed(0)
        made = [
            (torch.randn((16, 3, 12, 12), generator=generator), torch.randint(10, (16,), generator=generator))
            for _ in range(count)
        ]
        return [(images.to(self.device), labels.to(self.device)) for images, labels in made]

    def loss(self, batch: tuple[Tensor, Tensor]) -> Tensor:
        """Cross-entropy of a batch (images, labels), a scalar."""
        with arithmetic(self.device, precision(self.device)):
            return cross_entropy(self.network(batch[0]), batch[1])


class Clipped(Descent):
    """The recipe of the comparison; its gradients are clipped, as those of detectors are."""

    kind, task, metric = "clipped", "", ""

    @property
    def largest_gradient(self) -> float:
        """The largest norm of the gradient of all parameters together."""
        return 1.0
