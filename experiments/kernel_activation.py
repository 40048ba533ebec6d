"""Do larger depthwise kernels or another activation pay?

The paper uses 3 x 3 kernels and ReLU6 throughout (section 4) and asks neither question; later networks of the family
(MnasNet, MobileNetV3) use 5 x 5 kernels and hard swish. Here each kernel of 3, 5, 7 meets each of ReLU, ReLU6 and
hard swish. Larger kernels cost multiply-adds, activations none.

    mnv2 study run kernel-activation

The answer is written to results/tables/kernel-activation-cifar10-brief.md. No claim of the paper is judged. What it
does not show: kernels at equal cost, and resolutions where 7 x 7 is small beside the map.
"""

from analysis.arch import preset
from experiments.study import Study

ACTIVATIONS = {"ReLU6": "relu6", "ReLU": "relu", "hard swish": "hard_swish"}

STUDY = Study(
    name="kernel-activation",
    question="Do larger depthwise kernels or another activation pay?",
    source="an open question; the paper uses 3 x 3 and ReLU6",
    arms={
        f"{kernel} x {kernel}, {name}": preset("brief", kernel=kernel, activation=activation)
        for name, activation in ACTIVATIONS.items()
        for kernel in (3, 5, 7)
    },
    x="kernel",
    lines={name: [f"{kernel} x {kernel}, {name}" for kernel in (3, 5, 7)] for name in ACTIVATIONS},
)
