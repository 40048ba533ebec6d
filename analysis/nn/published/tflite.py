"""Files of TensorFlow Lite as plain values: tensors with the scales of their integers, and operators in their order.

Read with the package `tflite`, which knows the format's schema. Nothing of a file is run.
"""

import importlib
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from analysis.problem import Problem
from analysis.users_code import first_line

MAGIC = b"TFL3"  # at bytes 4 to 8
TYPES = {"FLOAT32": "<f4", "FLOAT16": "<f2", "UINT8": "u1", "INT8": "i1", "INT32": "<i4", "INT16": "<i2"}
OPTIONS = {  # operator -> the class of its options, and which of them are read
    "CONV_2D": ("Conv2DOptions", ("Padding", "StrideH", "StrideW", "FusedActivationFunction", "DilationHFactor")),
    "DEPTHWISE_CONV_2D": (
        "DepthwiseConv2DOptions",
        ("Padding", "StrideH", "StrideW", "FusedActivationFunction", "DilationHFactor", "DepthMultiplier"),
    ),
    "FULLY_CONNECTED": ("FullyConnectedOptions", ("FusedActivationFunction",)),
    "ADD": ("AddOptions", ("FusedActivationFunction",)),
}


class Stored(NamedTuple):
    """A tensor of a file.

    - `shape` as the file has it. `kind`: "UINT8", "FLOAT32", ...
    - `scales`, `zeros`: of its integers, one or one for each index of axis `axis`. None of numbers as they are.
    - `raw`: its values in the file, None of one that is computed.
    """

    name: str
    shape: tuple[int, ...]
    kind: str
    scales: np.ndarray | None
    zeros: np.ndarray | None
    axis: int
    raw: np.ndarray | None

    def values(self) -> np.ndarray:
        """Its values as float32, of its shape: scale x (integer - zero point).

        Raises:
            Problem: it has none, or integers without a scale.
        """
        if self.raw is None:
            raise Problem(f"{self.name} has no values in the file: it is not a network with its weights")
        if self.kind.startswith("FLOAT"):
            return self.raw.astype(np.float32)
        if self.scales is None or self.zeros is None:
            raise Problem(f"{self.name} is of {self.kind.lower()} without a scale: convert the network again")
        along = [1] * len(self.shape)
        if len(self.scales) > 1:
            along[self.axis] = -1
        scales, zeros = (each.reshape(along) for each in (self.scales.astype(np.float64), self.zeros))
        return (scales * (self.raw.astype(np.int64) - zeros)).astype(np.float32)


class Operator(NamedTuple):
    """An operator: "CONV_2D" with indices of its tensors (-1 for one that is absent) and its options."""

    kind: str
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    options: dict[str, int]


class Graph(NamedTuple):
    """The one graph of a file, with indices of its inputs and outputs."""

    tensors: tuple[Stored, ...]
    operators: tuple[Operator, ...]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]


def read_graph(path: Path) -> Graph:
    """The graph of a file.

    Raises:
        Problem: not such a file, damaged, several graphs, an index or a size that does not fit, or the package `tflite`
            is not installed.
    """
    try:
        schema = importlib.import_module("tflite")
    except ImportError as error:
        raise Problem("tflite is not installed: pip install -e '.[weights]' or ./run.sh --setup weights") from error
    try:
        content = path.read_bytes()
        if content[4:8] != MAGIC:
            raise Problem(f"{path} is not a file of TensorFlow Lite")
        model = schema.Model.GetRootAs(content, 0)
        if model.SubgraphsLength() != 1:
            raise Problem(f"{path} has {model.SubgraphsLength()} graphs: a network has one")
        graph = model.Subgraphs(0)
        tensors = tuple(_tensor(schema, model, graph.Tensors(i)) for i in range(graph.TensorsLength()))
        operators = tuple(_operator(schema, model, graph.Operators(i)) for i in range(graph.OperatorsLength()))
        ends = (tuple(graph.Inputs(i) for i in range(graph.InputsLength())), _outputs(graph))
    except (Problem, MemoryError):
        raise
    except Exception as error:  # damaged files raise anything
        reason = first_line(error) or type(error).__name__
        raise Problem(f"{path} cannot be read as TensorFlow Lite ({reason}): get it again") from error
    used = [i for op in operators for i in (*op.inputs, *op.outputs)]
    if any(not -1 <= i < len(tensors) for i in (*used, *ends[0], *ends[1])) or not operators:
        raise Problem(f"{path} names tensors that it does not have: it is damaged")
    return Graph(tensors, operators, *ends)


def _outputs(graph: Any) -> tuple[int, ...]:
    return tuple(graph.Outputs(i) for i in range(graph.OutputsLength()))


def _tensor(schema: Any, model: Any, stored: Any) -> Stored:
    kinds = {value: name for name, value in vars(schema.TensorType).items() if isinstance(value, int)}
    name = (stored.Name() or b"").decode(errors="replace") or "a tensor without a name"
    shape = tuple(int(side) for side in stored.ShapeAsNumpy()) if stored.ShapeLength() else ()
    kind, found = kinds.get(stored.Type(), "unknown"), stored.Quantization()
    scales = found.ScaleAsNumpy() if found is not None and found.ScaleLength() else None
    zeros = found.ZeroPointAsNumpy() if found is not None and found.ZeroPointLength() else None
    axis = found.QuantizedDimension() if found is not None else 0
    if scales is not None and zeros is None:
        zeros = np.zeros(len(scales), np.int64)
    if scales is not None and zeros is not None:
        of_axis = shape[axis] if 0 <= axis < len(shape) else 1
        bad = not (np.isfinite(scales).all() and (scales > 0).all()) or len(zeros) not in (1, len(scales))
        if bad or len(scales) not in (1, of_axis):
            raise Problem(f"{name} has scales that its integers cannot have: the file is damaged")
        zeros = np.broadcast_to(zeros, scales.shape)
    return Stored(name, shape, kind, scales, zeros, axis, _raw(model, stored, name, shape, kind))


def _raw(model: Any, stored: Any, name: str, shape: tuple[int, ...], kind: str) -> np.ndarray | None:
    buffer = model.Buffers(stored.Buffer())
    if buffer is None or not buffer.DataLength() or kind not in TYPES:
        return None
    content = np.frombuffer(buffer.DataAsNumpy().tobytes(), np.uint8)
    if len(content) != int(np.prod(shape, dtype=np.int64)) * np.dtype(TYPES[kind]).itemsize:
        raise Problem(f"{name} has {len(content)} bytes, which are not those of {shape} of {kind.lower()}")
    return content.view(TYPES[kind]).reshape(shape)


def _operator(schema: Any, model: Any, stored: Any) -> Operator:
    kinds = {value: name for name, value in vars(schema.BuiltinOperator).items() if isinstance(value, int)}
    code = model.OperatorCodes(stored.OpcodeIndex())
    kind = kinds.get(max(code.BuiltinCode(), code.DeprecatedBuiltinCode()), "unknown")
    options: dict[str, int] = {}
    if kind in OPTIONS and (table := stored.BuiltinOptions()) is not None:
        name, wanted = OPTIONS[kind]
        made = getattr(schema, name)()
        made.Init(table.Bytes, table.Pos)
        options = {each: int(getattr(made, each)()) for each in wanted}
    sides = [
        tuple(int(i) for i in (values() if length() else ()))
        for values, length in (
            (stored.InputsAsNumpy, stored.InputsLength),
            (stored.OutputsAsNumpy, stored.OutputsLength),
        )
    ]
    return Operator(kind, sides[0], sides[1], options)
