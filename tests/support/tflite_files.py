"""Small files of TensorFlow Lite, made from a network of this suite."""

from itertools import count
from typing import Any

import numpy as np
import torch

from analysis.arch.plan import Activation, Add, Conv, Linear, Pool
from analysis.nn.fold import fold
from analysis.nn.quantise import activation_ranges


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
