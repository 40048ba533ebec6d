"""Small files of published weights, made from a network of this suite: in each of the four layouts."""

from dataclasses import replace

import torch
from safetensors.torch import save_file
from tflite_files import TFLite

from analysis.arch import unroll
from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.nn import build, initialise
from analysis.nn.published.keras import keras_names
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
