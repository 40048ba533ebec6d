"""Whether the compiled kernels compute here what torch's operators compute: a training step of a small network."""

import torch

from analysis.arch import preset, unroll
from analysis.nn.fused.network import FusedNetwork
from analysis.nn.initialise import initialise
from analysis.nn.network import Network

# Each kind of kernel once: a dense stem, blocks without expansion, with stride, with a shortcut; channels that fill
# no vector.
ROWS = ((1, 8, 1, 1), (6, 12, 2, 2), (3, 20, 1, 1))
TOLERANCE = 1e-3  # both sum in float32, in another order: some 1e-5 apart


def disagreement() -> str:
    """Why the kernels are not to be used, in one line, or "".

    It takes some 20 ms and leaves the random state alone.
    """
    plan = unroll(preset("brief", resolution=12, rows=ROWS, rounding=1))
    results = []
    images = torch.randn((3, *plan.image), generator=torch.Generator().manual_seed(0))
    with torch.random.fork_rng(devices=[]):
        for network in (Network(plan), FusedNetwork(plan, torch.float32)):
            initialise(network, 0)
            scores = network(images)
            torch.nn.functional.cross_entropy(scores, torch.arange(3)).backward()
            results.append({"the scores": scores.detach(), **{n: p.grad for n, p in network.named_parameters()}})
    for name, expected in results[0].items():
        error = (results[1][name] - expected).norm() / (expected.norm() + 1e-3)
        if not error < TOLERANCE:
            return f"the compiled kernels compute {name} otherwise than torch here (relative error {error:.1e})"
    return ""
