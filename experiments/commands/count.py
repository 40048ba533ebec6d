"""`mnv2 count`: what a network costs, whole or layer by layer, under any tool's convention."""

import json as jsonlib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import tyro

from analysis.arch import Plan, Shape, Variant, label, unroll
from analysis.arch.deeplab import DeepLabV3, passes
from analysis.cost import Cost, count, items, operation_cost, operation_training, repeated, training
from analysis.problem import Problem
from experiments.commands.options import Network

COLUMNS = ("MAdds", "parameters", "norm", "activation", "addition", "pooling", "output elements")
IMAGE, NONE = (1, 3, 224, 224), ()
TRAINING_COLUMNS = ("weight gradient MAdds", "input gradient MAdds")


def main(
    network: Annotated[Network, tyro.conf.OmitArgPrefixes] = Network(),  # noqa: B008 (frozen)
    layers: bool = False,
    training: bool = False,
    multi_scale: bool = False,
    kernels: bool = False,
    convention: str | None = None,
    format: Literal["text", "csv", "markdown", "latex", "json"] = "text",
    json: bool = False,
    module: str | None = None,
    input: tuple[int, ...] = IMAGE,
    inputs: tuple[str, ...] = NONE,
    weights: Path | None = None,
    layout: Literal["torchvision", "timm", "keras", "tflite"] | None = None,
) -> None:
    """Count multiply-adds and parameters of a network for one image, without building it.

    Args:
        network: the network.
        layers: one row an operation. The rows sum to the total.
        training: multiply-adds of the backward pass too.
        multi_scale: deeplab_v3 at six scales, each with its mirror image.
        kernels: which operations the fused backend runs with kernels of its own, and which by torch's operators.
        convention: what a tool prints for this network: paper, torch, fvcore, ptflops, ptflops-aten, torchinfo, thop.
        format: how to print.
        json: the same as --format json.
        module: count a torch module of yours instead, package.module:factory, by the operators that it runs.
        input: shape of its input.
        inputs: shapes of several inputs, or of another type: 2x6x32 2x6:int64.
        weights: count the network that a file of published weights shows (see mnv2 evaluate).
        layout: whose weights they are, where their content does not say so.

    Raises:
        Problem: an unknown network or convention, a module that cannot be had, options that do not go together.
    """
    form = "json" if json else format
    if module:
        choices = {"a network": network != Network(), "--layers": layers, "--training": training}
        choices |= {"--multi-scale": multi_scale, "--convention": convention, "--format": form not in ("text", "json")}
        choices |= {"--kernels": kernels}
        if refused := [choice for choice, given in choices.items() if given]:
            raise Problem(f"--module counts what a module runs: leave {', '.join(refused)} out")
        answer = _module(module, input, inputs)
        print(jsonlib.dumps(answer, indent=2) if form == "json" else _lines(module, answer))
        return
    if input != IMAGE or inputs:
        raise Problem("--input and --inputs belong to --module; a network of this suite has a --resolution")
    variant = _published(weights, layout, network) if weights else network.choose()
    if multi_scale and not isinstance(variant, DeepLabV3):
        raise Problem("--multi-scale belongs to --head deeplab_v3")
    runs = passes(variant) if multi_scale and isinstance(variant, DeepLabV3) else (variant,)
    plans = [unroll(run) for run in runs]
    name = label(variant) + (f", {len(plans)} passes" if multi_scale else "")
    runs_it = {"fused backend": _fused(plans[0])} if kernels else {}
    if form == "json":
        answer = _answer(plans, layers, training, convention) | runs_it
        print(jsonlib.dumps({"variant": variant.text, **answer}, indent=2))
    elif form != "text" or layers:
        print(_table(name, plans, layers, training, convention, form, runs_it), end="")
    else:
        print(_lines(name, _answer(plans, False, training, convention) | runs_it))


def _answer(plans: Sequence[Plan], layers: bool, trained: bool, convention: str | None) -> dict[str, Any]:
    answer: dict[str, Any] = as_json(repeated([count(plan) for plan in plans]))
    if trained:
        answer["training"] = _training(plans)
    if convention:
        answer["convention"] = _convention(plans, convention)
    if layers:
        rows = [{"name": name, "shape": shape, **as_json(cost)} for name, shape, cost in layer_costs(plans)]
        if trained:
            rows = [row | step for row, step in zip(rows, _layer_training(plans), strict=True)]
        answer["layers"] = rows
    return answer


def as_json(cost: Cost) -> dict[str, int]:
    """Every column of a cost by name."""
    params = {"params": cost.params, "params_without_norm": cost.params_without_norm}
    return {"madds": cost.madds} | params | cost._asdict()


def layer_costs(plans: Sequence[Plan]) -> list[tuple[str, Shape, Cost]]:
    """Name, shape in the first pass and cost over all passes of each operation."""
    runs = zip(*(plan.operations for plan in plans), strict=True)
    return [(ops[0].name, ops[0].shape, repeated([operation_cost(op) for op in ops])) for ops in runs]


def _training(plans: Sequence[Plan]) -> dict[str, int]:
    steps = [training(plan) for plan in plans]
    names = ("forward", "weight_gradient", "input_gradient", "backward", "total")
    return {name: sum(getattr(step, name) for step in steps) for name in names}


def _layer_training(plans: Sequence[Plan]) -> list[dict[str, int]]:
    runs = zip(*(map(operation_training, plan.operations) for plan in plans), strict=True)
    names = ("weight_gradient", "input_gradient")
    return [{name: sum(getattr(step, name) for step in steps) for name in names} for steps in runs]


def _convention(plans: Sequence[Plan], convention: str) -> dict[str, Any]:
    reasons: dict[str, int] = {}
    for plan in plans:
        for reason, number in items(plan, convention):
            reasons[reason] = reasons.get(reason, 0) + number
    return {"tool": convention, "printed": sum(reasons.values()), "items": reasons}


def _fused(plan: Plan) -> dict[str, Any]:
    """Operations of the fused backend's own kernels, and those of torch's by kind."""
    from analysis.nn.fused.fallback import left_to_torch

    kinds: dict[str, int] = {}
    for op in left_to_torch(plan):
        kind = f"by torch: {getattr(op, 'function', '') or type(op).__name__}"
        kinds[kind] = kinds.get(kind, 0) + 1
    return {"operations by fused kernels": len(plan.operations) - sum(kinds.values()), **kinds}


def _cells(cost: Cost) -> tuple[int, ...]:
    return cost.madds, cost.params, cost.norm, cost.activation, cost.addition, cost.pooling, cost.elements


def _table(
    name: str,
    plans: Sequence[Plan],
    layers: bool,
    trained: bool,
    convention: str | None,
    form: str,
    runs_it: dict[str, dict[str, Any]],
) -> str:
    from analysis.render.table import Table

    costs = layer_costs(plans) if layers else []
    whole = _cells(repeated([count(plan) for plan in plans]))
    steps = [tuple(step.values()) for step in _layer_training(plans)] if trained else []
    rows = [(row, "x".join(map(str, shape)), *_cells(cost)) for row, shape, cost in costs]
    if trained and layers:
        rows = [row + step for row, step in zip(rows, steps, strict=True)]
    if not layers or form != "csv":  # the rows of a CSV file sum to the total
        rows.append(("total", "", *whole, *(map(sum, zip(*steps, strict=True)) if trained else ())))
    notes = []
    if convention:
        explained = _convention(plans, convention)
        reasons = "; ".join(f"{number:,} {reason}" for reason, number in explained["items"].items())
        notes.append(f"{convention} prints {explained['printed']:,}: {reasons}.")
    for found in runs_it.values():
        notes.append(", ".join(f"{number} {what}" for what, number in found.items()) + ".")
    columns = ("layer", "output", *COLUMNS, *(TRAINING_COLUMNS if trained else ()))
    table = Table(name, columns, rows, tuple(notes))
    return {"csv": table.csv, "latex": table.latex}.get(form, table.markdown)()


def _lines(name: str, answer: dict[str, Any]) -> str:
    """The answer as aligned text."""
    lines = [name]
    for column, value in answer.items():
        if isinstance(value, tuple):
            lines += [f"  note: {note}" for note in value]
        elif isinstance(value, dict):
            lines.append(f"  {column}")
            lines += ["  " + line for line in _lines("", value).splitlines()[1:]]
        elif value:
            number = f"{value:,}" if isinstance(value, int) else value
            lines.append(f"  {number:>15}  {column.replace('_', ' ')}")
    return "\n".join(lines)


def _published(weights: Path, layout: str | None, network: Network) -> Variant:
    from analysis.nn.published.read import read_published

    if network != Network():
        raise Problem("--weights says which network: leave the options that choose one out")
    return read_published(weights, layout).variant


def _module(path: str, shape: tuple[int, ...], several: tuple[str, ...]) -> dict[str, Any]:
    from analysis.nn.measure import load_module, measure, parse_input, random_input

    if several and shape != IMAGE:
        raise Problem("name the inputs once: --input for one, --inputs for several")
    inputs = [parse_input(text) for text in several] or [random_input(shape)]
    return measure(load_module(path), *inputs)._asdict()
