// The end of a block: normalise, add the shortcut, activate, store; and the moments from which the next expansion's
// statistics follow without making it. The backward pass adds the moments' gradient.
#include "gemm.h"
#include "panel.h"

namespace fused {
namespace {

constexpr long kPixels = 64;  // of a panel

// Rows of L channels: the normalised value and what the two activations make of it.
template <class S, bool First, bool Second>
struct Joiner {
  using T = Compute<S>;
  Act<T, First> first;
  Act<T, Second> second;
  Affine<S> affine;
  Joiner(const Lazy<S>& z, const Activation& activation, long c, int n)
      : first(z.activation), second(activation), affine(z, c, n) {}
  Vec<T> joined(Vec<T> u, Vec<T> shortcut) const { return first.value(u) + shortcut; }
};

template <class S, class Body>
void with_joiner(const Lazy<S>& z, const Activation& activation, const Body& body) {
  with_activation(z.activation, [&](auto first) {
    with_activation(activation, [&](auto second) { body(std::type_identity<Joiner<S, first, second>>{}); });
  });
}

}  // namespace

template <class S>
void join_forward(Lazy<S> z, const S* shortcut, Activation activation, long pixels, long channels, S* x,
                  double* moments) {
  using T = Compute<S>;
  using E = Operand<S>;  // the moments are of stored values: products of them are exact
  constexpr int L = kLanes<T>;
  const long most = on_tiles<E>() ? 2 * kPixels : kPixels, jobs = (pixels + most - 1) / most;
  const long vectors = vectors_of(channels, L), gram = vectors * channels * L;
  Partial<double> partial(parts_of(jobs), moments ? vectors * L + gram : 1);
  with_joiner(z, activation, [&](auto type) {
    split(jobs, [&](long part, long first, long last) {
      Scratch scratch;
      const Panel<E> panel = take_panel<E>(scratch, vectors, most, false, true);
      T* products = scratch.take<T>(gram);
      for (long job = first; job < last; ++job) {
        const long p0 = job * most, count = std::min(most, pixels - p0);
        for (long v = 0; v < vectors; ++v) {
          with_lanes<T>(lanes_left(channels, v * L, L), [&](auto n) {
            const typename decltype(type)::type joiner(z, activation, v * L, n);
            Vec<T> sum = {};
            panel.at(v).fill(count, [&](long p) {
              const long at = (p0 + p) * channels + v * L;
              const Vec<T> added = shortcut ? load(shortcut + at, n) : Vec<T>{};
              const Vec<T> u = joiner.affine(load(z.data + at, n));
              const Vec<T> value = rounded<S>(joiner.second.value(joiner.joined(u, added)));
              store(x + at, value, n);
              sum += value;
              return value;
            });
            if (moments) add_lanes<T>(partial[part] + v * L, sum);
          });
        }
        if (!moments) continue;
        std::memset(products, 0, gram * sizeof(T));
        outer(panel, channels, panel, vectors, count, products);
        add_to(partial[part] + vectors * L, products, gram);
      }
    });
  });
  if (!moments) return;
  const double* total = partial.total();
  std::copy_n(total, channels, moments);
  unpack(total + vectors * L, channels, channels, channels, 1, moments + channels, L);
}

template <class S>
void join_backward(Lazy<S> z, const S* shortcut, Activation activation, long pixels, long channels, const S* x,
                   const S* x_grad, const double* moments_grad, S* z_grad, S* shortcut_grad, double* affine_grad) {
  using T = Compute<S>;
  constexpr int L = kLanes<T>;
  const long jobs = (pixels + kPixels - 1) / kPixels, vectors = vectors_of(channels, L);
  std::vector<T> constant(vectors * L), packed(vectors * channels * L);
  if (moments_grad) {  // of sum x: itself; of sum x x^T: x times the symmetric part, twice
    std::vector<T> symmetric(channels * channels);
    for (long i = 0; i < channels; ++i)
      for (long j = 0; j < channels; ++j)
        symmetric[i * channels + j] = T(moments_grad[(i + 1) * channels + j] + moments_grad[(j + 1) * channels + i]);
    pack(symmetric.data(), channels, channels, channels, 1, packed.data());
    for (long i = 0; i < channels; ++i) constant[i] = T(moments_grad[i]);
  }
  Partial<double> affine(parts_of(jobs), 2 * vectors * L);
  with_joiner(z, activation, [&](auto type) {
    split(jobs, [&](long part, long first, long last) {
      Scratch scratch;
      const Panel<T> panel = take_panel<T>(scratch, vectors, kPixels, true, true);
      const Panel<T> grads = take_panel<T>(scratch, vectors, kPixels, true, true);
      T* grad = grads.rows;
      for (long job = first; job < last; ++job) {
        const long p0 = job * kPixels, count = std::min(kPixels, pixels - p0);
        const Lazy<S> as_is{x, nullptr, nullptr, kLinear};
        load_panel<false>(as_is, x_grad + p0 * channels, count, channels, grads);
        if (moments_grad) {
          load_panel<false>(as_is, x + p0 * channels, count, channels, panel);
          multiply(
              Left<T>(panel), count, channels, packed.data(), channels * L, vectors,
              [&](long p, long v) { return load(grad + (v * kPixels + p) * L) + load(constant.data() + v * L); },
              [&](long p, long v, const auto& values) {
                for (const Vec<T>& value : values) store(grad + (v * kPixels + p++) * L, value);
              });
        }
        for (long v = 0; v < vectors; ++v) {
          with_lanes<T>(lanes_left(channels, v * L, L), [&](auto n) {
            const typename decltype(type)::type joiner(z, activation, v * L, n);
            Vec<T> by_scale = {}, by_shift = {};
            for (long p = 0; p < count; ++p) {
              const long at = (p0 + p) * channels + v * L;
              const Vec<T> added = shortcut ? load(shortcut + at, n) : Vec<T>{};
              const Vec<T> raw = load(z.data + at, n), u = joiner.affine(raw);
              Vec<T> g = load(grad + (v * kPixels + p) * L) * joiner.second.slope(joiner.joined(u, added));
              if (shortcut_grad) store(shortcut_grad + at, g, n);
              g *= joiner.first.slope(u);
              by_scale += g * raw;
              by_shift += g;
              store(z_grad + at, g * joiner.affine.scale, n);
            }
            add_lanes<T>(affine[part] + v * L, by_scale);
            add_lanes<T>(affine[part] + (vectors + v) * L, by_shift);
          });
        }
      }
    });
  });
  if (affine_grad) copy_sums(affine.total(), vectors * L, channels, affine_grad);
}

#define INSTANCE(S)                                                                                                \
  template void join_forward(Lazy<S>, const S*, Activation, long, long, S*, double*);                              \
  template void join_backward(Lazy<S>, const S*, Activation, long, long, const S*, const S*, const double*, S*, S*, \
                              double*);
FUSED_FOR_STORAGE(INSTANCE)

}  // namespace fused
