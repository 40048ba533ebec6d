"""Does one epoch rank networks as fifty do?

Every study of one epoch here assumes it. NAS-Bench-Macro (arXiv:2103.11922) trained 3,969 distinct networks of inverted
residuals for 50 epochs on CIFAR-10, three times each. Forty of them are trained here for one epoch, and every second
one for three. The forty are drawn one each from forty groups of equal size, from the least to the most accurate one.
So a pair of them is as hard to order as a pair of the whole benchmark.

    mnv2 study run short-predicts-long

`mnv2 study show short-predicts-long` prints the rank correlations with the published accuracy, and how many pairs are
in the right order. The same is shown of multiply-adds and of parameters, which need no training.

Two rules were fixed before the runs (`experiments/answers/ranking.py`), with how often each ends how under stated
truths (results/tables/power-ranking.md). Kendall's tau of one epoch is above 0.5: three of four pairs in the right
order. And it is above that of multiply-adds.

What it does not show: the published networks were trained with another schedule, and on the original images. A lower
tau mixes that with the shorter training. All networks have eight layers and three widths.
"""

import itertools
import random
from dataclasses import replace

from analysis.arch.nas_bench_macro import published, variant
from analysis.tasks.recipes import recipe
from experiments.study import Study

NETWORKS = 40
SEED = 2103


def drawn(accuracies: dict[str, float], count: int = NETWORKS, seed: int = SEED) -> list[str]:
    """One key from each of `count` groups of equal size, in ascending order of accuracy."""
    ordered, generator = sorted(accuracies, key=lambda key: (accuracies[key], key)), random.Random(seed)
    ends = [len(ordered) * i // count for i in range(count + 1)]
    return [ordered[start + int(generator.random() * (end - start))] for start, end in itertools.pairwise(ends)]


ACCURACIES = {key: sum(runs) / len(runs) for key, runs in published().items()}
KEYS = drawn(ACCURACIES)
LINES = {"1 epoch": KEYS, "3 epochs": KEYS[::2]}
RECIPES = {"1 epoch": recipe("brief"), "3 epochs": replace(recipe("brief"), name="brief-3", epochs=3)}

STUDY = Study(
    name="short-predicts-long",
    question="Does one epoch rank networks as fifty do?",
    source="NAS-Bench-Macro",
    arms={f"{key}, {line}": variant(key) for line, keys in LINES.items() for key in keys},
    recipes={f"{key}, {line}": RECIPES[line] for line, keys in LINES.items() for key in keys},
    x="epochs",
    lines={line: [f"{key}, {line}" for key in keys] for line, keys in LINES.items()},
    seeds=(0,),
    order={f"{key}, {line}": ACCURACIES[key] for line, keys in LINES.items() for key in keys},
    order_by="NAS-Bench-Macro, 50 epochs",
)
