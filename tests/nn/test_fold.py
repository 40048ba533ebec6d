"""A folded network computes what the plain one does."""

import pytest
import torch
from networks import VARIANTS, images, trained

from analysis.arch import label
from analysis.nn.fold import fold


@pytest.mark.parametrize("variant", VARIANTS, ids=label)
def test_a_folded_network_computes_the_same_and_leaves_the_first_alone(variant):
    network = trained(variant)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    x = images(network.plan).double()
    with torch.inference_mode():
        plain, folded = network(x), fold(network)(x)
    for a, b in zip(*((y if isinstance(y, tuple) else (y,)) for y in (plain, folded)), strict=True):
        torch.testing.assert_close(b, a, rtol=1e-9, atol=1e-9)
    for name, value in network.state_dict().items():
        assert torch.equal(value, before[name])
