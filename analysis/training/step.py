"""A step of a training, run by operators one after the other, or captured: one CUDA graph of all its kernels.

Networks of this size are bound by the time that it takes to launch kernels. A graph launches all of a step at once.
"""

from collections.abc import Callable
from typing import Any, Protocol

import torch
from torch import Tensor, nn
from torch.nn.utils import clip_grad_norm_
from torch.optim import SGD

from analysis.training.recipe import Descent

WARM = 3  # steps before the capture: libraries load, the optimiser makes its buffers


class Loss(Protocol):
    """What a step needs of a learner."""

    network: Any
    recipe: Descent

    def loss(self, batch: Any) -> Tensor:
        """The loss of a batch, a scalar."""
        ...


class Step:
    """A step by torch's operators: first `loss`, then `descend`."""

    def __init__(self, learner: Loss, optimizer: SGD):
        self.learner, self.optimizer = learner, optimizer

    def loss(self, batch: Any) -> Tensor:
        """The loss of a batch, a scalar tensor."""
        return self.learner.loss(batch)

    def descend(self, loss: Tensor) -> None:
        """Take the step that follows from the loss, a scalar."""
        self.optimizer.zero_grad()
        loss.backward()
        if self.learner.recipe.largest_gradient is not None:
            network: nn.Module = self.learner.network
            clip_grad_norm_(network.parameters(), self.learner.recipe.largest_gradient)
        self.optimizer.step()


class Graph:
    """CUDA's graphs, on the current device."""

    def __init__(self) -> None:
        self.side = torch.cuda.Stream()

    def warm(self, function: Callable[[], Tensor]) -> Tensor:
        """Run `function`, which gives a scalar, now, on a stream of its own, as torch asks for before a capture."""
        self.side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(self.side):
            result = function()
        torch.cuda.current_stream().wait_stream(self.side)
        return result

    def record(self, function: Callable[[], Tensor]) -> Callable[[], Tensor]:
        """Capture the kernels of `function`, which gives a scalar, without running them. What is returned runs them.
        Its result is one tensor, written anew each time."""
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            result = function()

        def replay() -> Tensor:
            graph.replay()
            return result

        return replay


class CapturedStep(Step):
    """A step whose kernels are captured after a few steps by operators, which belong to the training as all others do.

    A batch is a tuple of tensors whose shapes and types do not change. It is copied to where the graph reads it.
    """

    def __init__(self, learner: Loss, optimizer: SGD, graph: Any = None):
        super().__init__(learner, optimizer)
        self.graph, self.done = graph or Graph(), 0
        self.batch: tuple[Tensor, ...] = ()
        self.replay: Callable[[], Tensor] | None = None

    def loss(self, batch: tuple[Tensor, ...]) -> Tensor:
        """The loss of the batch (a tuple of tensors), a scalar. The step is taken with it."""
        self.done += 1
        if self.done == 1:
            self.batch = tuple(part.clone() for part in batch)
        for place, part in zip(self.batch, batch, strict=True):
            place.copy_(part)
        if self.done <= WARM:
            return self.graph.warm(self._whole)
        replay = self.replay
        if replay is None:
            self.optimizer.zero_grad()  # the gradients of the graph lie in its own memory
            replay = self.replay = self.graph.record(self._whole)
        return replay().clone()

    def descend(self, loss: Tensor) -> None:
        """Nothing is left to do: the step was taken with its loss, a scalar."""

    def _whole(self) -> Tensor:
        loss = self.learner.loss(self.batch)
        super().descend(loss)
        return loss.detach()
