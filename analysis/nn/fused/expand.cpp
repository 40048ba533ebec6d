// Expansion and depthwise convolution in one: the expanded tensor is made, filtered and forgotten in the cache, a
// few vectors of channels of a few images at a time, and made again in the backward pass.
#include "depthwise.h"
#include "gemm.h"

namespace fused {
namespace {

// Vectors of expanded channels made at a time: a full register tile where that leaves room in the second-level cache.
template <class T>
long vectors_at_once(const Geometry& shape, long group) {
  return group * shape.pixels() * kBytes * kColumns < (1 << 18) ? kColumns : 1;
}

}  // namespace

template <class S>
void expand_forward(Expansion<S> e, Geometry shape, const Compute<S>* weight, S* y, double* sums) {
  using T = Compute<S>;
  constexpr int L = kLanes<T>;
  const long group = images_per_job(shape), jobs = (shape.images + group - 1) / group, pixels = group * shape.pixels();
  const long vectors = vectors_of(e.expanded, L), blocks = vectors_of(e.channels, L), column = e.channels * L;
  const long taps = shape.kernel * shape.kernel, padding = shape.padding(), once = vectors_at_once<T>(shape, group);
  const std::vector<T> filters = pack_filters(weight, e.expanded, taps);
  const std::vector<T> bias = pack_filters(e.bias, e.expanded, 1);
  std::vector<T> packed(vectors * column);
  pack(e.weight, e.expanded, e.channels, e.channels, 1, packed.data());
  Partial<double> partial(parts_of(jobs), 2 * vectors * L);
  with_activation(e.activation, [&](auto hard_swish) {
    split(jobs, [&](long part, long first, long last) {
      Scratch scratch;
      const Act<T, hard_swish> act(e.activation);
      const Lazy<S> x{e.x, nullptr, nullptr, kLinear};
      const long border = group * bordered(shape.height, shape.width, padding) * L;
      T* panel = scratch.take<T>(blocks * pixels * L);
      T* a = scratch.zeros<T>(once * border);
      T* out = scratch.take<T>(group * shape.out_pixels() * L);
      long* offsets = scratch.take<long>(pixels);
      border_offsets(group, shape.height, shape.width, padding, offsets);
      for (long job = first; job < last; ++job) {
        const long image = job * group, images = std::min(group, shape.images - image);
        const long count = images * shape.pixels();
        load_panel<false>(x, e.x + image * shape.pixels() * e.channels, count, e.channels, panel, pixels * L);
        for (long v = 0; v < vectors; v += once) {
          const long some = std::min(once, vectors - v);
          multiply(
              panel, pixels * L, count, e.channels, packed.data() + v * column, column, some,
              [&](long, long j) { return load(bias.data() + (v + j) * L); },
              [&](long p, long j, const auto& values) {
                for (const Vec<T>& value : values) store(a + j * border + offsets[p++] * L, act.value(value));
              });
          for (long j = 0; j < some; ++j)
            filter_store(shape, images, a + j * border, filters.data() + (v + j) * taps * L, out,
                         y + image * shape.out_pixels() * e.expanded, e.expanded, (v + j) * L, partial[part],
                         partial[part] + vectors * L);
        }
      }
    });
  });
  copy_sums(partial.total(), vectors * L, e.expanded, sums);
}

template <class S>
void expand_backward(Expansion<S> e, Geometry shape, const Compute<S>* weight, OutputGrad<S> y, S* x_grad,
                     Compute<S>* expand_grad, Compute<S>* bias_grad, Compute<S>* weight_grad) {
  using T = Compute<S>;
  constexpr int L = kLanes<T>;
  const long group = images_per_job(shape), jobs = (shape.images + group - 1) / group, pixels = group * shape.pixels();
  const long vectors = vectors_of(e.expanded, L), blocks = vectors_of(e.channels, L), column = e.channels * L;
  const long taps = shape.kernel * shape.kernel, padding = shape.padding(), once = vectors_at_once<T>(shape, group);
  const std::vector<T> filters = pack_filters(weight, e.expanded, taps);
  const std::vector<T> bias = pack_filters(e.bias, e.expanded, 1);
  std::vector<T> packed(vectors * column), transposed(blocks * e.expanded * L);
  pack(e.weight, e.expanded, e.channels, e.channels, 1, packed.data());
  pack(e.weight, e.channels, e.expanded, 1, e.channels, transposed.data());
  Partial<T> expand_grads(parts_of(jobs), vectors * column), filter_grads(parts_of(jobs), vectors * taps * L);
  Partial<double> bias_grads(parts_of(jobs), vectors * L);
  with_activation(e.activation, [&](auto hard_swish) {
    split(jobs, [&](long part, long first, long last) {
      Scratch scratch;
      const Act<T, hard_swish> act(e.activation);
      const Lazy<S> x{e.x, nullptr, nullptr, kLinear};
      T* panel = scratch.take<T>(blocks * pixels * L);
      T* panel_grad = scratch.take<T>(blocks * pixels * L);
      T* a = scratch.take<T>(once * pixels * L);
      T* slope = scratch.take<T>(once * pixels * L);
      T* grad = scratch.take<T>(once * pixels * L);
      T* g = scratch.zeros<T>(group * bordered(shape.out_height, shape.out_width, padding) * L);
      for (long job = first; job < last; ++job) {
        const long image = job * group, images = std::min(group, shape.images - image);
        const long count = images * shape.pixels(), start = image * shape.pixels() * e.channels;
        load_panel<false>(x, e.x + start, count, e.channels, panel, pixels * L);
        std::memset(panel_grad, 0, blocks * pixels * L * sizeof(T));
        for (long v = 0; v < vectors; v += once) {
          const long some = std::min(once, vectors - v);
          multiply(
              panel, pixels * L, count, e.channels, packed.data() + v * column, column, some,
              [&](long, long j) { return load(bias.data() + (v + j) * L); },
              [&](long p, long j, const auto& values) {
                long at = (j * pixels + p) * L;
                for (const Vec<T>& value : values) {
                  store(a + at, act.value(value));
                  store(slope + at, act.slope(value));
                  at += L;
                }
              });
          for (long j = 0; j < some; ++j) {
            load_bordered_grad(y, shape, image, images, e.expanded, (v + j) * L, g);
            T* de = grad + j * pixels * L;
            filter_backward(shape, images, a + j * pixels * L, g, filters.data() + (v + j) * taps * L, de,
                            filter_grads[part] + (v + j) * taps * L);
            Vec<T> sum = {};
            for (long p = 0; p < count; ++p) {
              const Vec<T> value = load(de + p * L) * load(slope + (j * pixels + p) * L);
              store(de + p * L, value);
              sum += value;
            }
            add_lanes<T>(bias_grads[part] + (v + j) * L, sum);
          }
          outer(panel, pixels * L, e.channels, grad, pixels * L, some, count, expand_grads[part] + v * column);
          multiply(
              grad, pixels * L, count, std::min(some * L, e.expanded - v * L), transposed.data() + v * L * L,
              e.expanded * L, blocks, [&](long p, long c) { return load(panel_grad + (c * pixels + p) * L); },
              [&](long p, long c, const auto& values) {
                for (const Vec<T>& value : values) store(panel_grad + (c * pixels + p++) * L, value);
              });
        }
        for (long c = 0; c < blocks; ++c)
          for (long p = 0; p < count; ++p)
            store(x_grad + start + p * e.channels + c * L, load(panel_grad + (c * pixels + p) * L),
                  lanes_left(e.channels, c * L, L));
      }
    });
  });
  std::copy_n(bias_grads.total(), e.expanded, bias_grad);
  unpack(expand_grads.total(), e.expanded, e.channels, e.channels, 1, expand_grad);
  unpack(filter_grads.total(), e.expanded, taps, taps, 1, weight_grad);
}

#define INSTANCE(S)                                                                                              \
  template void expand_forward(Expansion<S>, Geometry, const Compute<S>*, S*, double*);                          \
  template void expand_backward(Expansion<S>, Geometry, const Compute<S>*, OutputGrad<S>, S*, Compute<S>*,       \
                                Compute<S>*, Compute<S>*);
FUSED_FOR_STORAGE(INSTANCE)

}  // namespace fused
