"""A file of Keras read a second time: an ONNX model made from its arrays alone, to hold the first reading against.

Of this suite it asks only how older layers are called today. Layers follow one another as in
keras.applications.mobilenet_v2, channels are left in the order in which Keras has them, norms stay apart, and strided
convolutions are padded by ONNX's own SAME_UPPER, which is TensorFlow's "same".
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from analysis.nn.published.keras import name_today
from analysis.problem import Problem

STRIDES = (1, 2, 1, 2, 1, 1, 2, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1)  # of expanded_conv, block_1 ... block_16
EPSILON = 1e-3
LEAVES = ("gamma", "beta", "moving_mean", "moving_variance")


def keras_arrays(path: Path) -> dict[str, np.ndarray]:
    """The arrays of a file by "layer/tensor", whatever groups they lie in.

    Raises:
        Problem: h5py is not installed.
    """
    try:
        import h5py
    except ImportError as error:
        raise Problem("h5py is not installed: pip install -e '.[weights]'") from error
    found: dict[str, np.ndarray] = {}

    def visit(name: str, item: Any) -> None:
        if isinstance(item, h5py.Dataset):
            *_, layer, leaf = name.split("/")
            found[f"{name_today(layer)}/{leaf.removesuffix(':0')}"] = item[()]

    with h5py.File(path, "r") as file:
        file.visititems(visit)
    return found


def keras_onnx(
    arrays: Mapping[str, np.ndarray], strides: Sequence[int] = STRIDES, epsilon: float = EPSILON
) -> tuple[bytes, list[str]]:
    """An ONNX model of images (N, 3, H, W), and the names of its results: each norm's, by Keras's name of it, that of
    the last activation, and the class scores where the file has a classifier.

    Raises:
        Problem: the package onnx is not installed.
    """
    try:
        from onnx import TensorProto, helper, numpy_helper
    except ImportError as error:
        raise Problem("onnx is not installed: pip install -e '.[export]'") from error
    nodes, values, results = [], {}, []

    def constant(name: str, array: np.ndarray) -> str:
        values[name] = numpy_helper.from_array(np.ascontiguousarray(array, np.float32), name)
        return name

    def layer(x: str, conv: str, norm: str, stride: int = 1, bent: bool = True) -> str:
        depthwise = f"{conv}/depthwise_kernel" in arrays or conv.endswith("depthwise")
        kernel = arrays.get(f"{conv}/depthwise_kernel", arrays.get(f"{conv}/kernel"))
        assert kernel is not None
        weight = kernel.transpose(2, 3, 0, 1) if depthwise else kernel.transpose(3, 2, 0, 1)
        group = weight.shape[0] if depthwise else 1
        how = {"auto_pad": "SAME_UPPER", "strides": [stride, stride], "group": group}
        nodes.append(helper.make_node("Conv", [x, constant(f"{conv}.w", weight)], [conv], **how))
        names = [constant(f"{norm}.{leaf}", arrays[f"{norm}/{leaf}"]) for leaf in LEAVES]
        nodes.append(helper.make_node("BatchNormalization", [conv, *names], [norm], epsilon=epsilon))
        results.append(norm)
        if not bent:
            return norm
        low, high = constant("zero", np.array(0.0)), constant("six", np.array(6.0))
        nodes.append(helper.make_node("Clip", [norm, low, high], [f"{norm}.relu"]))
        return f"{norm}.relu"

    x, before = layer("image", "Conv1", "bn_Conv1", 2), len(arrays["bn_Conv1/gamma"])
    for index, stride in enumerate(strides):
        name, entering = f"block_{index}" if index else "expanded_conv", x
        if f"{name}_expand/kernel" in arrays:
            x = layer(x, f"{name}_expand", f"{name}_expand_BN")
        x = layer(x, f"{name}_depthwise", f"{name}_depthwise_BN", stride)
        x = layer(x, f"{name}_project", f"{name}_project_BN", bent=False)
        channels = len(arrays[f"{name}_project_BN/gamma"])
        if stride == 1 and channels == before:
            nodes.append(helper.make_node("Add", [entering, x], [f"{name}_add"]))
            x = f"{name}_add"
        before = channels
    x = layer(x, "Conv_1", "Conv_1_bn")
    results.append(x)
    if "predictions/kernel" in arrays:
        nodes.append(helper.make_node("GlobalAveragePool", [x], ["pool"]))
        nodes.append(helper.make_node("Flatten", ["pool"], ["flat"]))
        dense = [constant(f"dense.{leaf}", arrays[f"predictions/{leaf}"]) for leaf in ("kernel", "bias")]
        nodes.append(helper.make_node("Gemm", ["flat", *dense], ["scores"]))
        results.append("scores")
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, ["n", 3, "h", "w"])
    made = [helper.make_tensor_value_info(each, TensorProto.FLOAT, None) for each in results]
    graph = helper.make_graph(nodes, "keras", [image], made, list(values.values()))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    return model.SerializeToString(), results
