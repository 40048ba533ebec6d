"""`mnv2 export`: a network as a torch.export program or an ONNX model, checked against float64 before it is written."""

import io
from pathlib import Path
from typing import Annotated, Literal

import tyro

from analysis.arch import label, parse_variant, unroll
from analysis.problem import Problem
from experiments.commands.options import Network


def main(
    to: Annotated[Path, tyro.conf.Positional],
    network: Annotated[Network, tyro.conf.OmitArgPrefixes] = Network(),  # noqa: B008 (frozen)
    weights: Path | None = None,
    layout: Literal["torchvision", "timm", "keras", "tflite"] | None = None,
    timm: str | None = None,
    checkpoint: Path | None = None,
    fold: bool = True,
    any_resolution: bool = False,
) -> None:
    """Export a network for other runtimes, for any number of images at a time.

    What is written has been run, for several numbers of images, and is as close to float64 as torch itself.

    Args:
        to: file to write: name.onnx (extra `export`) or name.pt2 (torch.export).
        network: the network.
        weights: file of published weights: safetensors, torch.save, Keras's .h5, .tflite (as float). Without it weights
            are drawn from a seed. Without options that choose a network it is the one that the weights show.
        layout: whose weights they are, where their content does not say so.
        timm: timm's name of the network instead: mobilenetv2_050, _100, _140, _110d, _120d.
        checkpoint: safetensors file of this suite instead (`mnv2 patterns` keeps some), which names its network.
        fold: fold norms into convolutions.
        any_resolution: classifiers and backbones: height and width dynamic too, from a least size on, which is printed.

    Raises:
        Problem: options that do not go together, weights that do not fit, another suffix, or a package that is missing.
    """
    if to.suffix not in (".onnx", ".pt2"):
        raise Problem(f"{to} ends in neither .onnx nor .pt2")
    if layout and weights is None:
        raise Problem("--layout goes with --weights FILE, which it says the names of")
    if timm and network != Network():
        raise Problem("--timm names the whole network: leave the other options that choose one out")
    if checkpoint and (weights or timm or network != Network()):
        raise Problem("--checkpoint has network and weights: leave the other options that choose them out")
    import torch

    from analysis.files import write_whole
    from analysis.nn import build, export, initialise
    from analysis.nn.checkpoint import load_checkpoint
    from analysis.nn.fold import fold as folded
    from analysis.nn.published.read import read_published
    from analysis.nn.settle import settle
    from analysis.nn.weights import timm_variant

    if checkpoint:
        module, origin = load_checkpoint(checkpoint)
        variant, said = parse_variant(origin.variant), f"{origin.stage} on {origin.dataset}, seed {origin.seed}"
    elif weights:
        chosen = timm_variant(timm) if timm else None if network == Network() else network.choose()
        published = read_published(weights, layout, chosen)
        module, variant, said = published.network(), published.variant, f"weights of {weights}"
        fold = fold and not published.folded
    else:
        variant, said = timm_variant(timm) if timm else network.choose(), "untrained"
        module = build(unroll(variant))
        initialise(module, 0)
        settle(module)
    module = folded(module) if fold else module.eval()
    if to.suffix == ".onnx":
        content = export.onnx_model(module, any_resolution)
        run, least = export.runs_onnx(content), 1
    else:
        made = export.program(module, any_resolution)
        buffer = io.BytesIO()
        torch.export.save(made, buffer)
        content, run = buffer.getvalue(), export.runs_program(made)
        least = export.least_side(made) if any_resolution else 0
    errors = export.verify(module, run, any_resolution, least if any_resolution else 0)
    write_whole(to, content)
    print(f"{to}: {label(variant)}, {said}")
    if any_resolution:
        print(f"  takes images from {least} x {least} pixels on")
    for shape, error in errors.items():
        print(f"  {shape}: {error.exported:.1e} of the largest output from float64, torch itself {error.torch:.1e}")
