"""What does each change of the successors buy, at equal cost?

MnasNet, MobileNetV3 and V4 and EfficientNet keep the inverted residual with its linear bottleneck (sections 3.2 and
3.3) and change parts of it. Each change is made alone in the small network of the other studies, which then gets the
width at which it costs the same multiply-adds.

- squeeze-and-excitation in every block, ratio 1/4 (arXiv:1709.01507; MnasNet, arXiv:1807.11626)
- hard-swish instead of ReLU6 (MobileNetV3, arXiv:1905.02244)
- fused expansion in the first stage (EfficientNetV2, arXiv:2104.00298)
- universal blocks: a second depthwise convolution, before the expansion ("two depthwise"), or that one alone
  ("depthwise first") (MobileNetV4, arXiv:2404.10518)
- 5 x 5 kernels (MnasNet)
- branches: a 1 x 1 branch and the identity next to each depthwise convolution, merged after training (MobileOne,
  arXiv:2206.04040). The merged network is the one without branches, so it keeps its width.

    mnv2 study run successors
    mnv2 study run successors --at-equal latency     at widths that take as long on this machine

`mnv2 study show successors` prints the differences. The rules were fixed in experiments/claims before the runs: each
change leads the network of the paper.

What it does not show: changes that were found by search fit each other and their own size of network, and these are
alone. Ten epochs say little about what a change buys at the end of training.
"""

from analysis.arch import preset
from experiments.study import Study, like

BASE = preset("brief")
CHANGES = {
    "squeeze-and-excitation": {"squeeze": 0.25},
    "hard-swish": {"activation": "hard_swish"},
    "fused first stage": {"rows": ((None, 8, 2, 1, None, None, None, None, True), *BASE.rows[1:])},
    "two depthwise": {"start": 3},
    "depthwise first": {"start": 3, "kernel": 0},
    "5 x 5 kernels": {"kernel": 5},
}
FIRST, BRANCHES = "inverted residuals", "branches"

STUDY = Study(
    name="successors",
    question="What does each change of the successors buy, at equal multiply-adds?",
    source="sections 3.2 and 3.3, and the papers named above",
    recipe="tuned-10",
    arms={
        FIRST: BASE,
        **{name: like(preset("brief", rounding=1, **axes), BASE) for name, axes in CHANGES.items()},
        BRANCHES: preset("brief", branches=True),
    },
    seeds=range(8),
    looks=True,
)
