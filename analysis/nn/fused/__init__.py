"""Training steps of inverted residuals on a CPU with few trips to memory.

What a step of a narrow network waits for is memory: torch writes and reads every expanded tensor about a
dozen times (convolution, norm, activation, each forward and backward). Here a tensor travels *raw*, as a
convolution made it, in bfloat16 and channels last, together with what is left to do to it per channel. Its
reader does that as it loads.

**Pieces.** A convolution (`pointwise`, `depthwise`, `dense`) reads z, applies a(u) = activation(scale * z +
shift), writes y, and returns with it the sums of y and y^2 over all pixels. `norm` turns the sums into the
next scale and shift: scale = gamma / sqrt(var + eps), shift = beta - mean * scale. `join` stores act(a(z) +
shortcut) where a tensor is needed as it is. `pool` averages a(z) before the classifier. A depthwise filter with
holes takes the d x d maps that every d-th row and column make, one after another, where they lie. Any Plan is run
piece by piece (`block.run_block`). What no piece knows runs with torch's operators on float tensors.

**No backward pass of a norm.** A norm is arithmetic on sums, and so is its derivative. With g the gradient of
the normalised value after its activation, a reader's backward pass returns the gradient of z along the
direct path, scale * g, and of its per-channel values: sum(g * z) for scale, sum(g) for shift. `norm`'s
backward pass maps these to gradients (ds, dq) of the two sums, and the convolution that made y adds them as
it loads: dL/dy + ds + 2 * dq * y. No pass over a tensor is left that only normalises.

**The expanded tensor is not stored.** For z = W x the statistics follow from the input's: mean = W mean(x),
var = w^T cov(x) w, with x six times narrower. `join` sums x and x x^T when it stores x. `norm_expansion`
folds the norm into (scale * W, shift). `expand_depthwise` then makes the expanded channels of one image a few
vectors at a time, activates and filters them in the cache, and stores only the filtered result. Its backward
pass makes them again. The gradient through the statistics comes back to x as moments: dx += ds + x (dG +
dG^T), a product as narrow as x. From 64 input channels on a product costs more than the memory it saves, and
the pieces run.

**Stored for the backward pass**: block inputs, raw depthwise outputs, raw projections, per-channel values.
Sums are kept in double precision, activations and filters in float32, maps in bfloat16 (or float32:
`FusedNetwork(plan, storage)`).

**Products** run in the cache on panels (`gemm.h`, `operand.h`). Where the processor multiplies bfloat16 (AVX512_BF16)
and maps are kept in it, both operands are rounded to it, pairs of products are added in float32, and denormal numbers
count as 0: the 1 x 1 convolutions, their gradients, the moments (whose operands are stored values already). Everywhere
else, and for the depthwise filters, the dense stem and the gradient through the moments, products are float32 vectors.
Maps in float64 stay float64. `compiler.products` says which it is, and so does each trial's record. `load` compiles the
sources at first use. Without a compiler eager runs.

**Tiles.** Where the processor has AMX too, and Linux grants its tiles to the process, the products of bfloat16 run on
them (`tiles.h`): 16 x 16 sums of up to 32 terms at a time. Operands and rounding are the same, and sums are float32 as
before, but terms are added in another order, so last bits differ. `FusedNetwork.instructions` and a record's provenance
then say "amx". MNV2_TILES=0 switches tiles off, `torch.ops.mnv2.tiles(False)` within a process. Tests emulate them.

**What is left.** In processor time on one thread of a core with bfloat16 products but no tiles (Zen 4), steps of the
`cifar` preset reach 28, 33 and 41 % of a large product's rate at widths 0.35, 0.5 and 1 (`mnv2 bench train`). Those
products saved a fifth of the step. In the way are:

- the filters, which are float32,
- 8 or 24 channels, which fill half of their last vector,
- loading and storing around products that are only 8 to 100 terms long,
- in networks as small as `brief` some 7 of 28 ms in Python, the engine and torch's operators.
"""
