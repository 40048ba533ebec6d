"""Of a detector and a segmentation network that were trained, Plan, counts, module and ONNX file agree."""

import importlib.util

import pytest
import torch
from pictures import KINDS, write_pictures
from scenes import CLASSES, write_scenes

from analysis.arch import unroll
from analysis.arch.deeplab import DeepLabV3
from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.arch.ssd import SSD
from analysis.cost import count
from analysis.data.boxes import load_detection
from analysis.data.masks import load_segmentation
from analysis.nn.export import onnx_model, runs_onnx, session, verify
from analysis.nn.measure import measure
from analysis.tasks.detection.learner import TASK as DETECTION
from analysis.tasks.detection.recipe import DetectionRecipe
from analysis.tasks.segmentation.learner import TASK as SEGMENTATION
from analysis.tasks.segmentation.recipe import SegmentationRecipe
from analysis.tasks.task import fit

LACKS = [name for name in ("pycocotools", "onnx", "onnxruntime", "onnxscript") if not importlib.util.find_spec(name)]
pytestmark = pytest.mark.skipif(bool(LACKS), reason=f"the extras `detection` and `export` lack {', '.join(LACKS)}")
SIZE = (48, 64)
TRUNK = MobileNetV2(resolution=SIZE, stem=8, rows=((1, 8, 1, 1), (3, 16, 2, 2), (3, 24, 1, 2), (3, 32, 1, 2)), last=48)


def trained_ssdlite(folder):
    data = load_detection(write_pictures(folder, size=SIZE), SIZE, KINDS, "drawn")
    variant = SSD(TRUNK, lite=True, classes=2, extras=(32,), anchors=(3, 6, 6))
    return variant, fit(DETECTION, variant, DetectionRecipe(epochs=1, batch=5), data, 0, read_test=False)[0]


def trained_deeplab(folder):
    data = load_segmentation(write_scenes(folder, size=SIZE), SIZE, CLASSES)
    variant = DeepLabV3(TRUNK, output_stride=8, aspp=True, depth=16, classes=3)
    return variant, fit(
        SEGMENTATION, variant, SegmentationRecipe(epochs=1, batch=5, crop=SIZE), data, 0, read_test=False
    )[0]


@pytest.mark.parametrize("trained", [trained_ssdlite, trained_deeplab])
def test_plan_counts_module_and_onnx_file_agree(tmp_path, trained):
    variant, network = trained(tmp_path)
    plan, cost = unroll(variant), count(unroll(variant))
    network.eval()
    images = torch.randn(1, *plan.image)
    maps = network.intermediates(images, plan.shapes)
    assert {name: tuple(tensor.shape[1:]) for name, tensor in maps.items()} == dict(plan.shapes)
    measured = measure(network, images)
    assert (measured.madds, measured.params, measured.norm) == (cost.madds, cost.params, cost.norm)
    model = onnx_model(network)
    assert len(verify(network, runs_onnx(model))) == 2
    assert session(model, 1).get_inputs()[0].shape == ["batch", *plan.image]
