// multiply() and outer() for a compiler that has the tiles' instructions.
#include "gemm.h"

void products(fused::Panel<fused::bf16> a, long k, long pixels, const fused::bf16* w, long vectors, float* out) {
  fused::multiply(
      fused::Left<fused::bf16>(a), pixels, k, w, fused::column_of<fused::bf16>(k), vectors,
      [](long, long) { return fused::Vec<float>{}; },
      [&](long p, long v, const auto& values) {
        for (const auto& value : values) fused::store(out + (p++ * vectors + v) * 16, value);
      });
  fused::outer(a, k, a, vectors, pixels, out);
}
