"""Formulas of torch's operators: the same count whatever backend, thread or mode runs them."""

import threading

import pytest
import torch
from torch import nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.functional import scaled_dot_product_attention

from analysis.nn.counting import Totals
from analysis.nn.measure import measure, random_input
from analysis.nn.threads import everywhere


def counted(run):
    totals = Totals()
    with everywhere(totals):
        run()
    return totals


@pytest.mark.parametrize("backend", [SDPBackend.MATH, SDPBackend.FLASH_ATTENTION])
@pytest.mark.parametrize("options", [{}, {"is_causal": True}, {"attn_mask": torch.zeros(6, 7)}])
@pytest.mark.parametrize("heads", [4, 2])
def test_attention_counts_both_products_and_its_softmax(backend, options, heads):
    query, keys, value = torch.randn(2, 4, 6, 8), torch.randn(2, heads, 7, 8), torch.randn(2, heads, 7, 8)

    def run():
        with sdpa_kernel(backend):
            scaled_dot_product_attention(query, keys, value, enable_gqa=heads != 4, **options)

    if options.get("is_causal") and backend == SDPBackend.MATH:
        pytest.skip("torch makes a mask of it, in operators of its own")
    counts = counted(run).counts
    assert (counts["madds"], counts["activation"]) == (2 * 4 * 6 * 7 * (8 + 8), 2 * 4 * 6 * 7)


@pytest.mark.parametrize("fast", [True, False])
@pytest.mark.parametrize("mode", [True, False])
def test_layers_of_attention_are_counted_in_their_parts(fast, mode):
    torch.backends.mha.set_fastpath_enabled(fast)
    try:
        layer = nn.TransformerEncoderLayer(16, 2, 32, batch_first=True).train(mode)
        measured = measure(layer, random_input((3, 5, 16)))
        assert torch.backends.mha.get_fastpath_enabled() == fast
    finally:
        torch.backends.mha.set_fastpath_enabled(True)
    assert measured.madds == 3 * 5 * (4 * 16 * 16 + 2 * 5 * 16 + 2 * 16 * 32)
    assert (measured.norm, measured.uncounted) == (2 * 3 * 5 * 16, {})


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("layer", [nn.LSTM, nn.GRU])
@pytest.mark.parametrize("both", [1, 2])
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("kind", [torch.float32, torch.float64, torch.bfloat16])
def test_recurrent_layers_are_counted_from_their_weights(layer, both, bias, kind):
    gates = {nn.LSTM: 4, nn.GRU: 3}[layer]
    module = layer(16, 32, 2, bidirectional=both == 2, bias=bias, batch_first=True).to(kind)
    measured = measure(module, random_input((2, 6, 16)))
    inner = both * gates * 32
    assert measured.madds == 2 * 6 * inner * (16 + 32 + both * 32 + 32)
    assert (measured.activation, measured.uncounted) == (2 * 6 * 2 * both * 32 * (5 if gates == 4 else 3), {})


@pytest.mark.filterwarnings("ignore")
def test_projections_and_packed_sequences_have_their_steps():
    assert measure(nn.LSTM(16, 32, proj_size=8), random_input((6, 2, 16))).madds == 12 * (128 * (16 + 8) + 8 * 32)
    module = nn.GRU(16, 32, batch_first=True)
    packed = nn.utils.rnn.pack_padded_sequence(torch.randn(2, 6, 16), torch.tensor([6, 3]), batch_first=True)
    assert counted(lambda: module(packed)).counts["madds"] == 9 * 96 * (16 + 32)


def test_a_traced_lstm_counts_like_the_layer():
    traced = torch.jit.trace(nn.LSTM(16, 32), torch.zeros(6, 2, 16))
    assert measure(traced, random_input((6, 2, 16))).madds == 12 * 128 * (16 + 32)


W = torch.randn(16)
PRODUCTS = {
    "mv": lambda x: x @ W,
    "linear": lambda x: nn.functional.linear(x, W),
    "einsum": lambda x: torch.einsum("nk,k->n", x, W),
    "mm": lambda x: x @ W[:, None],
    "addmv": lambda x: torch.addmv(torch.zeros(3), x, W),
    "dot": lambda x: [torch.dot(row, W) for row in x],
}


@pytest.mark.parametrize("product", PRODUCTS)
@pytest.mark.parametrize("inference", [True, False])
def test_one_product_has_one_count_however_it_is_written(product, inference):
    x = torch.randn(3, 16)

    def run():
        with torch.inference_mode(inference):
            PRODUCTS[product](x)

    assert counted(run).counts["madds"] == 3 * 16


def test_a_thread_that_was_there_before_is_named_if_it_runs_a_layer():
    layer, work, done = nn.Linear(4, 4), threading.Event(), threading.Event()

    def run():
        work.wait()
        layer(torch.zeros(1, 4))
        done.set()

    thread = threading.Thread(target=run)
    thread.start()
    totals = counted(lambda: (work.set(), done.wait()))
    thread.join()
    assert totals.notes == ["Linear runs in a thread that was there before: not counted"]
    assert not totals.counts


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("need", [True, False])
def test_scripted_attention_counts_like_the_layer(need):
    """Scripted, it arrives as one operator."""
    layer = nn.TransformerEncoderLayer(16, 2, 32, batch_first=True).eval()
    one, other = (measure(made, random_input((3, 5, 16))) for made in (layer, torch.jit.script(layer)))
    assert (one.madds, one.norm, one.activation) == (other.madds, other.norm, other.activation)
    attention = nn.MultiheadAttention(16, 2, batch_first=True).eval()
    q, k = torch.randn(3, 5, 16), torch.randn(3, 7, 16)
    whole = torch.ops.aten._native_multi_head_attention.default
    packed = (attention.in_proj_weight, attention.in_proj_bias, attention.out_proj.weight, attention.out_proj.bias)
    found = counted(lambda: whole(q, q, q, 16, 2, *packed, need_weights=need)).counts
    assert found["madds"] == counted(lambda: attention(q, q, q, need_weights=need)).counts["madds"]
    assert counted(lambda: attention(q, k, k)).counts["madds"] == 3 * (10 + 14) * 256 + 3 * 2 * 5 * 7 * 16
