"""Small files of published weights, made from a network of this suite: Keras's HDF5 and TensorFlow Lite's."""

from dataclasses import replace
from itertools import count
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file

from analysis.arch import unroll
from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.arch.plan import Activation, Add, Conv, Linear, Pool
from analysis.nn import build, initialise
from analysis.nn.fold import fold
from analysis.nn.published.keras import keras_names
from analysis.nn.quantise import activation_ranges
from analysis.nn.weights import timm_names, torchvision_names

ROWS = ((1, 8, 1, 1), (6, 8, 2, 2), (6, 16, 1, 2))
SMALL = MobileNetV2(resolution=32, rows=ROWS, stem=8, last=24, classes=1001, padding="one_sided", rounding=1)
NAMES = {"torchvision": torchvision_names, "timm": timm_names}
BATCH_NORM = {"weight": "gamma", "bias": "beta", "running_mean": "moving_mean", "running_var": "moving_variance"}


def trained(variant=SMALL, seed=0):
    """A network whose weights and norms are of the size of a trained one's."""
    network = build(unroll(variant))
    initialise(network, seed)
    generator = torch.Generator().manual_seed(seed)
    network.train()(torch.randn(8, *network.plan.image, generator=generator))
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.bias.data.normal_(0.3, 0.3, generator=generator)
            module.running_var.mul_(1.3)
    return network.eval()


def keras_arrays(network, names):
    """Keras's "layer/tensor" -> array, from a network of this suite and its names of layers."""
    arrays = {}
    for key, value in network.state_dict().items():
        layer, _, leaf = key.rpartition(".")
        if leaf == "num_batches_tracked":
            continue
        values = value.detach().numpy()
        if leaf == "weight" and values.ndim == 4:
            depthwise = layer.endswith("depthwise.conv")
            values = values.transpose(2, 3, 0, 1) if depthwise else values.transpose(2, 3, 1, 0)
        if leaf == "weight" and values.ndim == 2:
            values = values.T
        theirs = BATCH_NORM[leaf] if layer.endswith("norm") else {"weight": "kernel"}.get(leaf, leaf)
        if layer.endswith("depthwise.conv"):
            theirs = "depthwise_kernel"
        arrays[f"{names[layer]}/{theirs}"] = values
    return arrays


def write_keras(path, arrays, group="model_weights/{layer}/{layer}", suffix=":0", config=None):
    """Write arrays as Keras does: `group` is where a layer's tensors lie, `suffix` what follows their names."""
    import h5py

    with h5py.File(path, "w") as file:
        for name, values in arrays.items():
            layer, leaf = name.split("/")
            file[f"{group.format(layer=layer)}/{leaf}{suffix}"] = values
        if config:
            file.attrs["model_config"] = config
    return path


def named(network, names):
    """A state dict under the names that another library has for the layers of a network of this suite."""
    table = names(network)
    items = network.state_dict().items()
    return {f"{table[k.rpartition('.')[0]]}.{k.rpartition('.')[2]}": v.contiguous() for k, v in items}


def write_layout(path, layout, variant, seed=0):
    """Write made-up weights of a variant in one of the four layouts. Return the network that has them."""
    variant = replace(variant, padding="symmetric" if layout in NAMES else "one_sided")
    network = trained(variant, seed)
    if layout == "keras":
        write_keras(path, keras_arrays(network, keras_names(variant)))
    elif layout == "tflite":
        TFLite(network, "int8").write(path)
    else:
        save_file(named(network, NAMES[layout]), path)
    return network


class TFLite:
    """A file of TensorFlow Lite with a folded network of this suite, as TensorFlow converts one.

    `kind`: "uint8" with one scale a tensor, "int8" with one for each channel, or "float32". `fused`: whether ReLU6 is
    in the operators or only the clamp of the grids.
    """

    def __init__(self, network, kind="uint8", fused=True):
        from ai_edge_litert import schema_py_generated as schema

        self.schema: Any = schema
        self.kind, self.fused = kind, fused
        self.network = fold(network)
        images = torch.rand(16, *network.plan.image, generator=torch.Generator().manual_seed(1)) * 2 - 1
        (self.ranges,) = activation_ranges(self.network, images, (100.0,))
        scores = self.network(images).detach()
        self.ranges |= {"image": (-1.0, 1.0), network.plan.outputs[0]: (float(scores.min()), float(scores.max()))}
        self.model = schema.ModelT()
        self.model.version, self.model.operatorCodes, self.model.buffers = 3, [], [schema.BufferT()]
        self.graph = schema.SubGraphT()
        self.graph.tensors, self.graph.operators = [], []
        self.model.subgraphs, self.model.description = [self.graph], "made by a test"
        self.numbers = count()
        self.indices: dict[str, int] = {}
        self.grids: dict[str, tuple[float, int]] = {}
        self._make()

    def write(self, path):
        """Write the file."""
        import flatbuffers

        builder = flatbuffers.Builder(1024)
        builder.Finish(self.model.Pack(builder), b"TFL3")
        path.write_bytes(bytes(builder.Output()))
        return path

    def tensor(self, name, shape, grid=None, values=None, kind=None, axis=0):
        """Add a tensor with the scale and zero point of `grid`, arrays or numbers, and return its index."""
        made = self.schema.TensorT()
        kind = kind or self.kind
        made.name, made.shape = name, np.array(shape, np.int32)
        made.type = getattr(self.schema.TensorType, kind.upper())
        if grid is not None and kind != "float32":
            made.quantization = self.schema.QuantizationParametersT()
            made.quantization.scale = np.atleast_1d(np.asarray(grid[0], np.float32))
            made.quantization.zeroPoint = np.broadcast_to(np.asarray(grid[1], np.int64), made.quantization.scale.shape)
            made.quantization.quantizedDimension = axis
        made.buffer = 0
        if values is not None:
            buffer = self.schema.BufferT()
            buffer.data = np.frombuffer(np.ascontiguousarray(values).tobytes(), np.uint8)
            made.buffer = len(self.model.buffers)
            self.model.buffers.append(buffer)
        self.graph.tensors.append(made)
        return len(self.graph.tensors) - 1

    def operator(self, kind, inputs, outputs, options=None, **values):
        """Add an operator."""
        code = self.schema.OperatorCodeT()
        code.builtinCode = getattr(self.schema.BuiltinOperator, kind)
        newer = {"CONV_2D": 3, "DEPTHWISE_CONV_2D": 3, "ADD": 2, "AVERAGE_POOL_2D": 2, "SOFTMAX": 2}
        code.version = newer.get(kind, 1) if self.kind == "int8" else 1
        code.deprecatedBuiltinCode = min(code.builtinCode, 127)
        self.model.operatorCodes.append(code)
        made = self.schema.OperatorT()
        made.opcodeIndex = len(self.model.operatorCodes) - 1
        made.inputs, made.outputs = np.array(inputs, np.int32), np.array(outputs, np.int32)
        if options:
            made.builtinOptionsType = getattr(self.schema.BuiltinOptions, options)
            made.builtinOptions = getattr(self.schema, f"{options}T")()
            for name, value in values.items():
                setattr(made.builtinOptions, name, value)
        self.graph.operators.append(made)

    def grid(self, name, bent):
        """Scale and zero point of an activation: ReLU6's from 0 to 6, else what was seen."""
        low, high = (0.0, 6.0) if bent else self.ranges[name]
        least = 0 if self.kind == "uint8" else -128
        scale = (high - low) / 255
        self.grids[name] = scale, least + round(-low / scale)
        return self.grids[name]

    def made(self, name, shape, bent=False):
        """Add the tensor that an operator makes, (C, H, W) in this suite."""
        channels, height, width = shape
        self.indices[name] = self.tensor(name, (1, height, width, channels), self.grid(name, bent))
        return self.indices[name]

    def _make(self):
        plan = self.network.plan
        self.graph.inputs = np.array([self.made("image", plan.image)], np.int32)
        for op in plan.operations:
            after = [each for each in plan.operations if op.name in each.inputs]
            bent = len(after) == 1 and isinstance(after[0], Activation)
            if isinstance(op, Activation):
                self.indices[op.name], self.grids[op.name] = self.indices[op.inputs[0]], self.grids[op.inputs[0]]
            elif isinstance(op, Conv | Linear):
                self._layer(op, bent)
            elif isinstance(op, Add):
                inputs = [self.indices[name] for name in op.inputs]
                self.operator("ADD", inputs, [self.made(op.name, op.shape)], "AddOptions")
            else:
                assert isinstance(op, Pool)
                self._pool(op, plan)
        scores = self.indices[plan.outputs[0]]
        classes = self.network.get_submodule("head.linear").out_features
        probabilities = (1 / 256, 0 if self.kind == "uint8" else -128)
        flat = self.tensor("flat", (1, classes), self.grids[plan.outputs[0]])
        shape = self.tensor("shape", (2,), values=np.array([1, classes], np.int32), kind="int32")
        self.operator("RESHAPE", [scores, shape], [flat])
        last = self.tensor("probabilities", (1, classes), probabilities)
        self.operator("SOFTMAX", [flat], [last], "SoftmaxOptions", beta=1.0)
        self.graph.outputs = np.array([last], np.int32)

    def _pool(self, op, plan):
        source, side = self.indices[op.inputs[0]], plan.shapes[op.inputs[0]][1]
        grid = self.grids[op.inputs[0]]
        self.indices[op.name] = self.tensor(op.name, (1, 1, 1, op.shape[0]), grid)
        self.grids[op.name] = grid
        options = {"padding": 1, "strideW": 1, "strideH": 1, "filterWidth": side, "filterHeight": side}
        self.operator("AVERAGE_POOL_2D", [source], [self.indices[op.name]], "Pool2DOptions", **options)

    def _layer(self, op, bent):
        layer = self.network.get_submodule(op.name)
        weight = layer.weight.detach().double().numpy()
        weight = weight if weight.ndim == 4 else weight[:, :, None, None]
        depthwise = isinstance(op, Conv) and op.groups > 1
        weight = weight.transpose(1, 2, 3, 0) if depthwise else weight.transpose(0, 2, 3, 1)
        name, scale = f"weights of {op.name}", None
        if self.kind == "float32":
            index = self.tensor(name, weight.shape, values=weight.astype(np.float32))
        elif self.kind == "int8":
            axis = 3 if depthwise else 0
            others = tuple(i for i in range(4) if i != axis)
            scale = np.maximum(np.abs(weight).max(axis=others) / 127, 1e-6).astype(np.float32)
            along = [-1 if i == axis else 1 for i in range(4)]
            values = np.rint(weight / scale.reshape(along)).astype(np.int8)
            index = self.tensor(name, weight.shape, (scale, 0), values, axis=axis)
        else:
            low, high = min(weight.min(), 0.0), max(weight.max(), 0.0)
            scale = np.float32((high - low) / 255)
            zero = round(-low / float(scale))
            values = np.clip(np.rint(weight / scale) + zero, 0, 255).astype(np.uint8)
            index = self.tensor(name, weight.shape, (scale, zero), values)
        source = op.inputs[0]
        bias = layer.bias.detach().double().numpy()
        if scale is None:
            biases = self.tensor(f"bias of {op.name}", bias.shape, values=bias.astype(np.float32))
        else:
            step = np.float32(self.grids[source][0]) * scale
            whole = np.rint(bias / step).astype(np.int32)
            biases = self.tensor(f"bias of {op.name}", bias.shape, (step, 0), whole, kind="int32")
        result = self.made(op.name, op.shape, bent)
        stride = op.stride if isinstance(op, Conv) else 1
        act = 3 if bent and (self.fused or self.kind == "float32") else 0
        options = {"padding": 0, "strideW": stride, "strideH": stride, "fusedActivationFunction": act}
        options |= {"dilationWFactor": 1, "dilationHFactor": 1}
        inputs = [self.indices[source], index, biases]
        if depthwise:
            self.operator("DEPTHWISE_CONV_2D", inputs, [result], "DepthwiseConv2DOptions", depthMultiplier=1, **options)
        else:
            self.operator("CONV_2D", inputs, [result], "Conv2DOptions", **options)
