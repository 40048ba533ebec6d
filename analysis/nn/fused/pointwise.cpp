// 1 x 1 convolutions: normalise and activate on load, multiply panel by panel, sum the statistics on store.
#include "gemm.h"
#include "panel.h"

namespace fused {
namespace {

// Pixels of a panel: about half of the first-level cache, a whole number of register tiles. What tiles read may lie in
// the second level, and more pixels share their configuration.
template <class E>
long panel_pixels(long channels) {
  const long bytes = on_tiles<E>() ? 98304 : 24576;
  return std::clamp<long>(bytes / (channels * long(sizeof(E))) / 16 * 16, 16, 128);
}

}  // namespace

template <class S>
void pointwise_forward(Lazy<S> z, long pixels, long channels, long outputs, const Compute<S>* weight, S* y,
                       double* sums) {
  using T = Compute<S>;
  constexpr int L = kLanes<T>;
  using E = Operand<S>;
  const long panel = panel_pixels<E>(channels), blocks = vectors_of(channels, L), columns = vectors_of(outputs, L);
  const long jobs = (pixels + panel - 1) / panel;
  const long column = column_of<E>(channels);
  std::vector<E> packed(columns * column);
  pack(weight, outputs, channels, channels, 1, packed.data());
  Partial<double> partial(parts_of(jobs), 2 * columns * L);
  with_activation(z.activation, [&](auto hard_swish) {
    split(jobs, [&](long part, long first, long last) {
      Scratch scratch;
      const Panel<E> a = take_panel<E>(scratch, blocks, panel, true, false);
      T* total = scratch.take<T>(2 * columns * L);
      for (long job = first; job < last; ++job) {
        const long p0 = job * panel, count = std::min(panel, pixels - p0);
        load_panel<hard_swish>(z, z.data + p0 * channels, count, channels, a);
        std::memset(total, 0, 2 * columns * L * sizeof(T));
        multiply(
            Left<E>(a), count, channels, packed.data(), column, columns,
            [](long, long) { return Vec<T>{}; },
            StoreWithSums<S>{y + p0 * outputs, outputs, total, columns * L});
        add_to(partial[part], total, 2 * columns * L);
      }
    });
  });
  copy_sums(partial.total(), columns * L, outputs, sums);
}

template <class S>
void pointwise_backward(Lazy<S> z, long pixels, long channels, long outputs, const Compute<S>* weight,
                        OutputGrad<S> y, S* z_grad, double* affine_grad, Compute<S>* weight_grad) {
  using T = Compute<S>;
  constexpr int L = kLanes<T>;
  using E = Operand<S>;
  const long panel = panel_pixels<E>(channels + outputs), column = column_of<E>(outputs);
  const long blocks = vectors_of(channels, L), columns = vectors_of(outputs, L);
  const long jobs = (pixels + panel - 1) / panel;
  std::vector<E> packed(blocks * column);
  pack(weight, channels, outputs, 1, channels, packed.data());
  const bool linear = !z.scale && z.activation.low == -kInfinity && !z.activation.hard_swish;
  Partial<double> affine(parts_of(jobs), 2 * blocks * L);
  Partial<T> weights(parts_of(jobs), blocks * outputs * L);
  with_activation(z.activation, [&](auto hard_swish) {
    split(jobs, [&](long part, long first, long last) {
      Scratch scratch;
      const Act<T, hard_swish> act(z.activation);
      const Panel<E> a = take_panel<E>(scratch, blocks, panel, false, true);
      const Panel<E> g = take_panel<E>(scratch, columns, panel, true, true);
      T* total = scratch.take<T>(2 * blocks * L);
      for (long job = first; job < last; ++job) {
        const long p0 = job * panel, count = std::min(panel, pixels - p0);
        load_panel<hard_swish>(z, z.data + p0 * channels, count, channels, a);
        load_grad(y, p0, count, outputs, g);
        outer(g, outputs, a, blocks, count, weights[part]);
        if (!z_grad) continue;
        std::memset(total, 0, 2 * blocks * L * sizeof(T));
        multiply(
            Left<E>(g), count, outputs, packed.data(), column, blocks,
            [](long, long) { return Vec<T>{}; },
            [&](long p, long v, const auto& values) {
              with_lanes<T>(lanes_left(channels, v * L, L), [&](auto n) {
                const long at = (p0 + p) * channels + v * L;
                S* out = z_grad + at;
                if (linear) {
#pragma GCC unroll 16
                  for (const Vec<T>& value : values) store(out, value, n), out += channels;
                  return;
                }
                const S* in = z.data + at;
                const Affine<S> normalise(z, v * L, n);
                Vec<T> by_scale = load(total + v * L), by_shift = load(total + (blocks + v) * L);
#pragma GCC unroll 16
                for (const Vec<T>& value : values) {
                  const Vec<T> x = load(in, n), grad = value * act.slope(normalise(x));
                  by_scale += grad * x;
                  by_shift += grad;
                  store(out, grad * normalise.scale, n);
                  in += channels;
                  out += channels;
                }
                store(total + v * L, by_scale);
                store(total + (blocks + v) * L, by_shift);
              });
            });
        add_to(affine[part], total, 2 * blocks * L);
      }
    });
  });
  if (affine_grad) copy_sums(affine.total(), blocks * L, channels, affine_grad);
  unpack(weights.total(), channels, outputs, 1, channels, weight_grad);
}

#define INSTANCE(S)                                                                                        \
  template void pointwise_forward(Lazy<S>, long, long, long, const Compute<S>*, S*, double*);              \
  template void pointwise_backward(Lazy<S>, long, long, long, const Compute<S>*, OutputGrad<S>, S*, double*, \
                                   Compute<S>*);
FUSED_FOR_STORAGE(INSTANCE)

}  // namespace fused
