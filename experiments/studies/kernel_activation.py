"""Do larger depthwise kernels or another activation pay?

The paper uses 3 x 3 kernels and ReLU6 throughout (section 4) and asks neither question; later networks of the family
(MnasNet, MobileNetV3) use 5 x 5 kernels and hard swish. Here each kernel of 3, 5, 7 meets each of ReLU, ReLU6 and
hard swish. Larger kernels cost multiply-adds, activations none.

    mnv2 study run kernel-activation

What came out (five seeds, one epoch): nothing that five seeds could show. At 3 x 3, ReLU is 0.6 points behind ReLU6
[-0.9, 2.2] and hard swish 0.5 [-0.9, 1.9]. Within an activation 7 x 7 is 0.5 to 1.9 points above 3 x 3, for twice the
multiply-adds; the same money spent on width or pixels buys 2.6 (study width-resolution), so that a larger kernel is
not shown to be a good buy. The most accurate arm, 7 x 7 with ReLU, is 1.2 [-1.0, 3.5] above the paper's.

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
