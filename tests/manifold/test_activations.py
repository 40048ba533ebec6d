"""What can be read back from an activation is true."""

import numpy as np
import pytest

from analysis.manifold.activations import ACTIVATIONS


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_what_an_activation_tells_is_true(activation):
    apply, read = ACTIVATIONS[activation]
    u = np.linspace(-9, 9, 181)
    values, told = read(apply(u))
    np.testing.assert_allclose(values[told], u[told], atol=1e-12)
    assert told.sum() == {"relu": 90, "relu6": 59, "leaky_relu": 181, "linear": 181}[activation]
