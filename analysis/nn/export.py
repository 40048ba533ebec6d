"""Networks as torch.export programs or ONNX models for other runtimes, and whether those compute the same."""

import copy
import importlib
import logging
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import torch
from torch import Tensor

from analysis.nn.network import Network
from analysis.problem import Problem

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

MOST = 20.0  # times torch's own rounding error: another order of additions costs some 1, a wrong layer 10^4 and more
Run = Callable[[Tensor], tuple[Tensor, ...]]


def program(network: Network, any_resolution: bool = False) -> torch.export.ExportedProgram:
    """A torch.export program of the network in evaluation mode: (N, C, H, W) images to its outputs.

    N is dynamic, with `any_resolution` H and W too, from `least_side` on.

    Raises:
        Problem: `any_resolution` for a head whose maps depend on the resolution (SSD, DeepLabv3).
    """
    dynamic = dict.fromkeys(_axes(network, any_resolution), torch.export.Dim.AUTO)
    with _quiet():
        return torch.export.export(network.eval(), _example(network, any_resolution), dynamic_shapes=(dynamic,))


def least_side(made: torch.export.ExportedProgram) -> int:
    """The least height and width, in pixels, that a program made for any resolution takes. Smaller images come to maps
    of one pixel, which torch keeps apart and refuses."""
    (name,) = made.graph_signature.user_inputs
    image = next(node for node in made.graph.nodes if node.name == name)
    limits = [made.range_constraints[side.node.expr].lower for side in image.meta["val"].shape[2:]]
    return max(int(limit) for limit in limits)


def onnx_model(network: Network, any_resolution: bool = False) -> bytes:
    """An ONNX model of the network in evaluation mode.

    Its input is "image", its dynamic axes "batch", "height", "width".

    Raises:
        Problem: the extra `export` is not installed, or what `program` raises.
    """
    axes = _axes(network, any_resolution)
    _package("onnxscript")
    with _quiet():
        made = torch.onnx.export(
            network.eval(),
            _example(network, any_resolution),
            dynamo=True,
            verbose=False,
            input_names=["image"],
            dynamic_shapes=(axes,),
        )
        assert made is not None
        return made.model_proto.SerializeToString()


def session(model: bytes, threads: int, sizes: Mapping[str, int] | None = None) -> "InferenceSession":
    """ONNX Runtime on the CPU with so many threads.

    `sizes` fixes dynamic axes by name, which lets it plan memory.

    Raises:
        Problem: ONNX Runtime is not installed.
    """
    runtime = _package("onnxruntime")
    options = runtime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.log_severity_level = 3  # errors
    for axis, size in (sizes or {}).items():
        options.add_free_dimension_override_by_name(axis, size)
    return runtime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def runs_onnx(model: bytes, threads: int = 1) -> Run:
    """A function of images that asks ONNX Runtime."""
    asked = session(model, threads)
    return lambda images: tuple(torch.from_numpy(y) for y in asked.run(None, {"image": images.numpy()}))


def runs_program(made: torch.export.ExportedProgram) -> Run:
    """A function of images that runs a torch.export program."""
    module = made.module()
    return lambda images: _tuple(module(images))


class Error(NamedTuple):
    """Largest distance of outputs from those in float64, over the largest of these: of torch itself, of the export."""

    torch: float
    exported: float


@torch.inference_mode()
def verify(network: Network, run: Run, any_resolution: bool = False, least: int = 0) -> dict[str, Error]:
    """Errors of `run` and of the network itself in float32, by input shape ("3x3x224x224").

    Shapes: one and three images, with `any_resolution` also two of another resolution, and one of `least` x `least`
    pixels if that is given.

    Raises:
        Problem: outputs of other shapes or that are not finite, or an error more than MOST times torch's own.
    """
    _, height, width = network.plan.image
    sizes = [(1, height, width), (3, height, width)]
    if any_resolution:
        sizes.append((2, height + 32, width + 64))
    if least:
        sizes.append((1, least, least))
    exact = copy.deepcopy(network).double().eval()
    errors = {}
    for images in (_images(network, *size) for size in sizes):
        shape = "x".join(map(str, images.shape))
        expected, own = _tuple(exact(images.double())), _tuple(network.eval()(images))
        if not all(bool(y.isfinite().all()) for y in (*expected, *own)):
            raise Problem(f"the network's own outputs for {shape} are not finite: check its weights")
        try:
            found = run(images)
        except AssertionError as error:  # a guard of torch.export
            raise Problem(f"the exported program does not take {shape} ({error}): export one resolution") from error
        if [y.shape for y in expected] != [y.shape for y in found]:
            raise Problem(f"the exported network gives outputs of other shapes for {shape}: not written")
        errors[shape] = error = Error(_distance(own, expected), _distance(found, expected))
        if not error.exported <= MOST * max(error.torch, 1e-7):
            raise Problem(f"the exported network is off by {error.exported:.2g} for {shape}: not written")
    return errors


def _distance(found: tuple[Tensor, ...], expected: tuple[Tensor, ...]) -> float:
    pairs = zip(found, expected, strict=True)
    return max(float((a - b).abs().max() / b.abs().max().clamp(min=1e-12)) for a, b in pairs)


def _axes(network: Network, any_resolution: bool) -> dict[int, str]:
    if not any_resolution:
        return {0: "batch"}
    kinds = {block.body.kind for block in network.plan.blocks}
    if kinds & {"predictor", "deeplab_v3", "yolo_v2"}:
        raise Problem("only classifiers and backbones take any resolution: export a detector or segmenter for one")
    return {0: "batch", 2: "height", 3: "width"}


def _example(network: Network, any_resolution: bool) -> tuple[Tensor]:
    """Two images to trace with, larger where any resolution is wanted, as torch takes maps of one pixel for fixed."""
    more = 64 if any_resolution else 0
    _, height, width = network.plan.image
    return (_images(network, 2, height + more, width + 2 * more),)


def _images(network: Network, batch: int, height: int, width: int) -> Tensor:
    generator = torch.Generator().manual_seed(batch)
    return torch.randn(batch, network.plan.image[0], height, width, generator=generator)


def _tuple(outputs: Tensor | tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    return outputs if isinstance(outputs, tuple) else (outputs,)


def _package(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise Problem(f"{name} is not installed: pip install -e '.[export]' or ./run.sh --setup export") from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the exporter's notes on packages that it would also know and on its own future."""
    logger = logging.getLogger("torch.onnx")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)
