"""How published networks judge five claims. Written before they were measured: the history of this file shows it.

What was known then: the top-1 of the files of TensorFlow Lite on 1,300 images, of which the 700 here are a part, and
the numbers that the paper and its authors printed. Networks go by the names of their files. Nothing is judged before
all that a rule names is measured. What the rules say under known truths is in the table imagenet-operating.

Activations are those of the first PATTERN_IMAGES images, low precision and bent bottlenecks are judged on every second
image (EVERY), top-1 on all.

- `figure7-initial`: untrained networks of width 1.0 at 160 x 160, SEEDS of them, norms settled on the images. "About
  half": in the layer furthest from it at most 10 % of the channels away. "Little spread": the geometric mean over
  layers of the spread over pixels is at most a quarter above that of independent coins. Each is a value a seed, judged
  by its 95 % t interval. Supported where both are on the claimed side, contradicted where one is on the other.
- `figure7-trained`: the two trainings of the paper's network (1.0 at 224), each against an untrained one. "About half"
  as above. "The spread grows": the mean over layers of the log of trained over untrained spread is above 0. "All but
  two": at most two layers have a pixel with fewer positive channels than the block has inputs. Supported where all hold
  in both networks, contradicted where one of the three fails in both, else undecided.
- `low-dimensional-manifold`: in the same two networks, the components for 95 % of the variance after an activated
  expansion, against those of a Gaussian that fills all dimensions of the block's input. Low: at most three quarters.
  Judged by the 95 % t interval over blocks of the mean log ratio. Supported where it lies below in both, contradicted
  where it lies above in both, else undecided.
- `relu6-low-precision`: every network of integers as float, quantised by this suite at 8 and at 6 bits with a scale for
  each channel, with ReLU6 and with ReLU on the same weights. The points of top-1 that ReLU loses more, one value a
  network, are judged by Holm at 5 %. Supported where one is shown to be above 0 and none below. Contradicted where one
  is shown to be below 0, or both are shown to be within 1 point. The networks were trained with ReLU6: this says what
  its clamp does for given weights. 4 bits are shown, not judged.
- `table4-accuracy`: Kendall's tau of measured top-1 (by the interpreter) with the published top-1, over the networks
  of one series. Supported where the 95 % interval over resampled images lies at 0.6 or above (at most three of 15 pairs
  reversed), contradicted where it lies below, else undecided.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from analysis.manifold.trained.null import null_components, over_coins
from analysis.manifold.trained.rows import Dimension, Positive
from analysis.stats import Rule, Verdict, contrast, judge_together
from analysis.stats.intervals import Estimate, mean_interval
from analysis.stats.proportions import Order, order
from analysis.stats.rules import Finding
from experiments.measurements.imagenet.rows import Accuracy, Rows

CLAIMS = (
    "figure7-initial",
    "figure7-trained",
    "low-dimensional-manifold",
    "relu6-low-precision",
    "table4-accuracy",
)
PAPERS = ("mobilenet_v2_1.0_224_quant", "tf2_mobilenet_v2_1.0_224_ptq")  # two trainings of 1.0 at 224
TWO = "two trainings of width 1.0 at 224 x 224 on ImageNet"
UNTRAINED = "untrained_1.0_160"
UNTRAINED_PAPERS = "untrained_1.0_224"
SEEDS = (0, 1, 2)
PATTERN_IMAGES, EVERY = 200, 2
SERIES = {  # of one training recipe: file -> row of slim_mobilenet_v2.csv
    "mobilenet_v2_1.0_224_quant": "mobilenet_v2_1.0_224",
    "mobilenet_v2_1.0_160_quant": "mobilenet_v2_1.0_160",
    "mobilenet_v2_1.0_96_quant": "mobilenet_v2_1.0_96",
    "mobilenet_v2_0.75_160_quant": "mobilenet_v2_0.75_160",
    "mobilenet_v2_0.5_224_quant": "mobilenet_v2_0.5_224",
    "mobilenet_v2_0.5_96_quant": "mobilenet_v2_0.5_96",
}
INTEGERS = (*SERIES, "tf2_mobilenet_v2_1.0_224_ptq")
HALF, COINS, LAYERS_BELOW, FILLED = 0.1, 1.25, 2, math.log(0.75)
BITS, NEGLIGIBLE, LEAST_TAU = (8, 6), 1.0, 0.6
CLAMP = Rule(">", negligible=NEGLIGIBLE)


def judge(rows: Rows, published: Mapping[str, float], where: str) -> list[Verdict]:
    """The verdicts on the claims whose networks are all measured. `published`: top-1 in percent by row of the authors'
    table."""
    found = [
        initial([row for row in rows.positive if row.arm == UNTRAINED], where),
        trained(rows.positive, where),
        low_dimensional(rows.dimensions, rows.positive, where),
        low_precision(rows.accuracy, where),
        accuracy(rows.accuracy, published, where),
    ]
    return [verdict for verdict in found if verdict is not None]


def initial(rows: Sequence[Positive], where: str) -> Verdict | None:
    """The verdict on `figure7-initial`, None before every seed is measured."""
    seeds = sorted({row.seed for row in rows})
    if seeds != list(SEEDS):
        return None
    by_seed = [[row for row in rows if row.seed == seed] for seed in seeds]
    away = mean_interval([max(abs(row.mean / row.channels - 0.5) for row in each) for each in by_seed])
    coins = mean_interval([math.exp(_mean(math.log(over_coins(row)) for row in each)) for each in by_seed])
    found: list[Finding] = [_at_most(away, HALF), _at_most(coins, COINS)]
    why = f"{len(SEEDS)} untrained networks of width 1.0 at 160 x 160, on ImageNet images: "
    why += f"share furthest from half {_text(away)}, at most {HALF} claimed: {found[0]}; "
    why += f"spread over that of independent coins {_text(coins)}, at most {COINS} claimed: {found[1]}"
    return _verdict("figure7-initial", _all(found), where, coins, why, "more seeds")


def trained(rows: Iterable[Positive], where: str) -> Verdict | None:
    """The verdict on `figure7-trained`, None before both networks and an untrained one are measured."""
    rows = list(rows)
    before = {row.block: row for row in rows if row.arm == UNTRAINED_PAPERS}
    after = {name: [row for row in rows if row.arm == name] for name in PAPERS}
    if not before or not all(after.values()):
        return None
    holds, said = [], []
    for name, layers in after.items():
        away = max(abs(row.mean / row.channels - 0.5) for row in layers)
        growth = _mean(math.log(row.sd / before[row.block].sd) for row in layers)
        below = [row.block for row in layers if row.least < row.inputs]
        holds.append((away <= HALF, growth > 0, len(below) <= LAYERS_BELOW))
        text = f"{name}: furthest from half {away:.3f}, spread x {math.exp(growth):.2f}, layers below {len(below)}"
        said.append(text + (f" ({', '.join(below)})" if below else ""))
    every = zip(*holds, strict=True)
    failed = any(not any(part) for part in every)
    word: Finding = "supported" if all(map(all, holds)) else "contradicted" if failed else "undecided"
    return Verdict(
        "figure7-trained",
        word,
        where,
        n=len(PAPERS),
        why=f"{TWO}: {'; '.join(said)}",
        needs="a third training of the network" if word == "undecided" else "",
    )


def filled(dimensions: Iterable[Dimension], positive: Iterable[Positive], network: str) -> list[float]:
    """For each block: log of the components of its activated expansion over those of the Gaussian null."""
    inputs = {row.block: row.inputs for row in positive if row.arm == network}
    return [
        math.log(row.components / null_components(inputs[row.block], inputs[row.block], row.channels))
        for row in dimensions
        if row.arm == network and row.tensor == "expand.activation" and row.block in inputs and row.components
    ]


def low_dimensional(dimensions: Sequence[Dimension], positive: Sequence[Positive], where: str) -> Verdict | None:
    """The verdict on `low-dimensional-manifold`, None before both networks are measured."""
    values = {name: filled(dimensions, positive, name) for name in PAPERS}
    if not all(len(each) > 1 for each in values.values()):
        return None
    estimates = {name: mean_interval(each) for name, each in values.items()}
    found: dict[str, Finding] = {name: _at_most(estimate, FILLED) for name, estimate in estimates.items()}
    word: Finding = found[PAPERS[0]] if len(set(found.values())) == 1 else "undecided"
    why = "; ".join(
        f"{name}: {math.exp(e.mean):.2f} [{math.exp(e.low):.2f}, {math.exp(e.high):.2f}] of a full Gaussian's "
        f"components over {e.n} blocks, at most {math.exp(FILLED):.2f} claimed: {found[name]}"
        for name, e in estimates.items()
    )
    why, first = f"{TWO}: {why}", estimates[PAPERS[0]]
    effect, low, high = (math.exp(each) for each in (first.mean, first.low, first.high))
    needs = "other trainings" if word == "undecided" else ""
    return Verdict("low-dimensional-manifold", word, where, effect, low, high, first.n, why=why, needs=needs)


def clamped(rows: Iterable[Accuracy], bits: int, weights: str = "channel") -> dict[str, float]:
    """Network -> points of top-1 that ReLU loses more than ReLU6 at so many bits, each from its own float network."""
    at = {(row.network, row.activation, row.bits): 100 * row.right / row.images
          for row in rows if row.runs == "quantised" and row.weights in (weights, "")}  # fmt: skip
    found = {}
    for name in INTEGERS:
        keys = [(name, activation, b) for activation in ("relu6", "relu") for b in (0, bits)]
        if all(key in at for key in keys):
            loss6, loss = (at[keys[i]] - at[keys[i + 1]] for i in (0, 2))
            found[name] = loss - loss6
    return found


def low_precision(rows: Sequence[Accuracy], where: str) -> Verdict | None:
    """The verdict on `relu6-low-precision`, None before every network of integers is measured."""
    found = {bits: clamped(rows, bits) for bits in BITS}
    if any(len(each) < len(INTEGERS) for each in found.values()):
        return None
    word, estimates = clamp_finding(list(found.values()))
    why = f"{len(INTEGERS)} networks trained on ImageNet ({', '.join(INTEGERS)}): " + "; ".join(
        f"{bits} bits: ReLU loses {_text(e)} points more than ReLU6 over {e.n} networks"
        for bits, e in zip(BITS, estimates, strict=True)
    )
    shown = [e for e in estimates if (e.low > 0 if word == "supported" else e.high < 0)]
    return _verdict("relu6-low-precision", word, where, (shown or estimates)[0], why, "more networks")


def clamp_finding(parts: Sequence[Mapping[str, float]]) -> tuple[Finding, list[Estimate]]:
    """The finding from the points that ReLU loses more, by network, at each number of bits, and their estimates."""
    values = [dict(enumerate(each.values())) for each in parts]
    differences = [contrast([each, dict.fromkeys(each, 0.0)], [1.0, -1.0], title="points") for each in values]
    findings = [judged.finding for judged in judge_together([(CLAMP, each) for each in differences])]
    estimates = [mean_interval(list(each.values())) for each in parts]
    if all(word == "contradicted" for word in findings):
        word: Finding = "contradicted"
    elif any(word == "contradicted" and e.mean < 0 for word, e in zip(findings, estimates, strict=True)):
        word = "contradicted"
    else:
        word = "supported" if "supported" in findings else "undecided"
    return word, estimates


def accuracy_order(rows: Iterable[Accuracy], published: Mapping[str, float], runs: str = "interpreter") -> Order | None:
    """How well measured top-1 follows the published, None before the whole series is measured on the same images."""
    at = {row.network: row.answers for row in rows if row.runs == runs}
    if not all(name in at for name in SERIES) or len({len(at[name]) for name in SERIES}) != 1:
        return None
    return _order(tuple(at[name] for name in SERIES), tuple(published[row] for row in SERIES.values()))


@lru_cache(maxsize=4)  # the verdict and its table ask the same
def _order(answers: tuple[str, ...], published: tuple[float, ...]) -> Order:
    return order([[digit == "1" for digit in each] for each in answers], published)


def accuracy(rows: Sequence[Accuracy], published: Mapping[str, float], where: str) -> Verdict | None:
    """The verdict on `table4-accuracy`: its order. None before the whole series is measured."""
    if (found := accuracy_order(rows, published)) is None:
        return None
    word = tau_finding(found)
    ends = f"{found.tau:.2f} [{found.low:.2f}, {found.high:.2f}]"
    why = f"Kendall's tau {ends} of {found.n} networks trained on ImageNet, {LEAST_TAU} asked"
    needs = "more images" if word == "undecided" else ""
    return Verdict("table4-accuracy", word, where, found.tau, found.low, found.high, found.n, why=why, needs=needs)


def tau_finding(found: Order) -> Finding:
    """The finding on an order."""
    if found.low >= LEAST_TAU:
        return "supported"
    return "contradicted" if found.high < LEAST_TAU else "undecided"


def _at_most(estimate: Estimate, limit: float) -> Finding:
    if estimate.high <= limit:
        return "supported"
    return "contradicted" if estimate.low > limit else "undecided"


def _all(found: Sequence[Finding]) -> Finding:
    return "contradicted" if "contradicted" in found else "undecided" if "undecided" in found else "supported"


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return math.fsum(listed) / len(listed)


def _text(e: Estimate) -> str:
    return f"{e.mean:.3g} [{e.low:.3g}, {e.high:.3g}]"


def _verdict(claim: str, word: Finding, where: str, e: Estimate, why: str, needs: str) -> Verdict:
    low, high = (end if math.isfinite(end) else None for end in (e.low, e.high))
    return Verdict(claim, word, where, e.mean, low, high, e.n, why=why, needs=needs if word == "undecided" else "")
