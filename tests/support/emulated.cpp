// The kernels whose products are of bfloat16 pairs, for maps in bfloat16, on emulated instructions: in one file, as most
// of the time of compiling it goes into headers. And multiply() and outer() as C functions.
#include "gemm.h"
#include "panel.h"
#undef FUSED_FOR_STORAGE
#define FUSED_FOR_STORAGE(INSTANCE) INSTANCE(bf16)

#include "expand.cpp"
#undef INSTANCE
#include "join.cpp"
#undef INSTANCE
#include "pointwise.cpp"
#undef INSTANCE
#include "filter.cpp"
#include "tiles.cpp"

using namespace fused;

namespace {

Panel<bf16> panel_of(Scratch& scratch, const bf16* map, long pixels, long channels, bool rows) {
  const Panel<bf16> panel = take_panel<bf16>(scratch, vectors_of(channels, kTile), pixels, rows, !rows);
  load_panel<false>(Lazy<bf16>{map, nullptr, nullptr, kLinear}, map, pixels, channels, panel);
  return panel;
}

}  // namespace

// y [pixels, n] = start + x W^T for x [pixels, k], W [n, k], from a panel of x or from x as it lies.
extern "C" void emulated_multiply(const bf16* x, long pixels, long k, const float* w, long n, const float* start,
                                  bool in_place, float* y) {
  Scratch scratch;
  const long column = column_of<bf16>(k), vectors = vectors_of(n, kTile);
  std::vector<bf16> packed(vectors * column);
  pack(w, n, k, k, 1, packed.data());
  const auto lanes = [&](long v) { return lanes_left(n, v * kTile, kTile); };
  multiply(
      in_place ? Left<bf16>(x, k) : Left<bf16>(panel_of(scratch, x, pixels, k, true)), pixels, k, packed.data(), column,
      vectors, [&](long p, long v) { return load(start + p * n + v * kTile, lanes(v)); },
      [&](long p, long v, const auto& values) {
        for (const Vec<float>& value : values) store(y + p++ * n + v * kTile, value, lanes(v));
      });
}

// sums [n, k] += a^T b for a [pixels, k], b [pixels, n].
extern "C" void emulated_outer(const bf16* a, long k, const bf16* b, long n, long pixels, float* sums) {
  Scratch scratch;
  std::vector<float> packed(vectors_of(n, kTile) * k * kTile);
  for (long i = 0; i < n; ++i)
    for (long j = 0; j < k; ++j) packed[(i / kTile * k + j) * kTile + i % kTile] = sums[i * k + j];
  outer(panel_of(scratch, a, pixels, k, false), k, panel_of(scratch, b, pixels, n, false), vectors_of(n, kTile), pixels,
        packed.data());
  unpack(packed.data(), n, k, k, 1, sums);
}

extern "C" long emulated_count(bool requests) { return requests ? emulated_requests : emulated_products; }
