"""Bodies have the operations and the shapes that their names say."""

import pytest

from analysis.arch.blocks import classifier, full, identity, pointwise, separable, stem

X = (8, 6, 10)


def names(body):
    return [operation.name for operation in body.operations]


def test_an_identity_has_no_operation_where_no_shape_changes():
    body = identity(X, 8, 1, False)
    assert (names(body), body.output) == ([], "x")


@pytest.mark.parametrize(("channels", "stride", "shape"), [(12, 1, (12, 6, 10)), (8, 2, (8, 3, 5))])
def test_an_identity_that_changes_the_shape_is_a_convolution_with_norm_alone(channels, stride, shape):
    body = identity(X, channels, stride, True)
    assert names(body) == ["conv", "norm"]
    assert body.shape == shape


def test_shapes_follow_stride_and_channels():
    assert stem((3, 32, 32), 16, 2, "relu6").shape == (16, 16, 16)
    assert pointwise(X, 20, "relu").shape == (20, 6, 10)
    assert full(X, 20, 2, 1, "relu").shape == separable(X, 20, 2, 1, "relu").shape == (20, 3, 5)
    assert names(separable(X, 20, 1, 1, "relu"))[::3] == ["depthwise.conv", "pointwise.conv"]


def test_a_classifier_ends_in_its_classes():
    body = classifier(X, 10, 0.5)
    assert body.operations[-1].name == "linear"
    assert body.shape[0] == 10
