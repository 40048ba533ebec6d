"""Keras's MobileNetV2 as an ONNX model, made from the arrays of its file alone: a second reading to compare with."""

import numpy as np


def keras_onnx(arrays, strides, epsilon, features=True):
    """An ONNX model (N, 3, H, W) -> the result of the last activation, or the class scores.

    `arrays`: "layer/tensor" -> Keras's array. `strides`: of each bottleneck. Nothing of this suite is asked.
    """
    from onnx import TensorProto, helper, numpy_helper

    nodes, values = [], {}

    def constant(name, array):
        values[name] = numpy_helper.from_array(np.ascontiguousarray(array, np.float32), name)
        return name

    def layer(x, conv, norm, stride=1, depthwise=False, bent=True):
        kernel = arrays[f"{conv}/{'depthwise_kernel' if depthwise else 'kernel'}"]
        weight = kernel.transpose(2, 3, 0, 1) if depthwise else kernel.transpose(3, 2, 0, 1)
        group = weight.shape[0] if depthwise else 1
        how = {"auto_pad": "SAME_UPPER", "strides": [stride, stride], "group": group}
        nodes.append(helper.make_node("Conv", [x, constant(f"{conv}.w", weight)], [conv], **how))
        names = [constant(f"{norm}.{leaf}", arrays[f"{norm}/{leaf}"]) for leaf in LEAVES]
        nodes.append(helper.make_node("BatchNormalization", [conv, *names], [norm], epsilon=epsilon))
        if not bent:
            return norm
        low, high = constant("zero", np.array(0.0)), constant("six", np.array(6.0))
        nodes.append(helper.make_node("Clip", [norm, low, high], [f"{norm}.relu"]))
        return f"{norm}.relu"

    x = layer("image", "Conv1", "bn_Conv1", 2)
    for index, stride in enumerate(strides):
        name, entering = f"block_{index}" if index else "expanded_conv", x
        if f"{name}_expand/kernel" in arrays:
            x = layer(x, f"{name}_expand", f"{name}_expand_BN")
        x = layer(x, f"{name}_depthwise", f"{name}_depthwise_BN", stride, depthwise=True)
        x = layer(x, f"{name}_project", f"{name}_project_BN", bent=False)
        channels = [arrays[f"{part}/gamma"].shape[0] for part in (f"{name}_project_BN", entering.removesuffix(".relu").removesuffix(".add")) if f"{part}/gamma" in arrays]  # fmt: skip  # noqa: E501
        if index and stride == 1 and len(set(channels)) == 1:
            nodes.append(helper.make_node("Add", [entering, x], [f"{x}.add"]))
            x = f"{x}.add"
    x = layer(x, "Conv_1", "Conv_1_bn")
    if not features:
        nodes.append(helper.make_node("GlobalAveragePool", [x], ["pool"]))
        nodes.append(helper.make_node("Flatten", ["pool"], ["flat"]))
        weight = constant("dense", arrays["predictions/kernel"])
        nodes.append(helper.make_node("Gemm", ["flat", weight, constant("b", arrays["predictions/bias"])], ["scores"]))
        x = "scores"
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, ["n", 3, "h", "w"])
    result = helper.make_tensor_value_info(x, TensorProto.FLOAT, None)
    graph = helper.make_graph(nodes, "keras", [image], [result], list(values.values()))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    return model.SerializeToString()


LEAVES = ("gamma", "beta", "moving_mean", "moving_variance")
