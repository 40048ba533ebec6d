"""Values of axes are checked, and a refusal says what is allowed."""

import pytest

from analysis.arch import checks, preset, unroll
from analysis.arch.mobilenet_v1 import MobileNetV1
from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.problem import Problem


def test_a_resolution_that_the_strides_do_not_allow_is_refused():
    with pytest.raises(Problem, match="resolution 97 is not a multiple of the total stride 32: use 96, for example"):
        unroll(preset("imagenet", resolution=97))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: checks.choice("mode", 3, (1, 2)), "unknown mode 3: known are 1, 2"),
        (lambda: checks.number("rate", True, 0), "rate True is not a number of at least 0"),
        (lambda: checks.number("rate", 2, 0, 1), "at least 0 and at most 1"),
        (lambda: checks.number("rate", 0, 0, 1, above=True), "above 0 and at most 1"),
        (lambda: checks.whole("classes", 0, 1), "classes 0 is not a whole number of at least 1"),
        (lambda: checks.odd("kernel", 4), "kernel 4 is not odd"),
        (lambda: checks.resolution((32, 30), 8), "resolution 30 is not a multiple of the total stride 8"),
        (lambda: checks.rows(()), r"rows \(\) are not a tuple"),
        (lambda: checks.rows(((1, 2),), "c, s, n"), r"not of the form \(c, s, n\)"),
        (lambda: checks.rows(((-1, 8, 1, 1),)), "t -1 is not a number of at least 0"),
        (lambda: checks.backbone(3, (MobileNetV1,)), "backbone 3 is none of MobileNetV1"),
        (lambda: checks.backbone(MobileNetV2(features=(1,)), (MobileNetV2,)), "the head chooses its maps"),
    ],
)
def test_what_does_not_fit_is_said_with_what_does(call, message):
    with pytest.raises(Problem, match=message):
        call()


def test_what_fits_passes():
    checks.number("rate", 0.5, 0, 1)
    checks.rows(((None, 8, 1, 1), (0.5, 8, 1, 2)))
    checks.rows(((8, 2),), "c, s")
    checks.backbone(MobileNetV2(), (MobileNetV1, MobileNetV2))
