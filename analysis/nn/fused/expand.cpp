// Expansion and depthwise convolution in one: the expanded tensor is made, filtered and forgotten in the cache, a
// few vectors of channels of a few images at a time, and made again in the backward pass.
#include "depthwise.h"
#include "gemm.h"

namespace fused {
namespace {

constexpr long kVectors = kColumns;  // of expanded channels made together: a full register tile

// Weights, packed for the products, and sizes.
template <class S>
struct Plan {
  using T = Compute<S>;
  using E = Operand<S>;
  static constexpr int L = kLanes<T>;
  long group, jobs, strip, all /*pixels of a job*/, vectors, blocks, column, taps, padding;
  std::vector<T> filters, bias;
  std::vector<E> packed;
  Plan(const Expansion<S>& e, const Geometry& shape, const T* weight)
      : group(images_per_job(shape)),
        jobs((shape.images + group - 1) / group),
        strip(rows_at_once(shape)),
        all(steps_of<E>(group * shape.pixels()) * kStep<E>),
        vectors(vectors_of(e.expanded, L)),
        blocks(vectors_of(e.channels, L)),
        column(column_of<E>(e.channels)),
        taps(shape.kernel * shape.kernel),
        padding(shape.padding()),
        filters(pack_filters(weight, e.expanded, taps)),
        bias(pack_filters(e.bias, e.expanded, 1)),
        packed(vectors * column) {
    pack(e.weight, e.expanded, e.channels, e.channels, 1, packed.data());
  }

  // Whether multiply() can take x where it lies: as it is, and without a step that reaches into the next pixel.
  static bool in_place(const Expansion<S>& e) { return std::is_same_v<E, S> && e.channels % kStep<E> == 0; }
  // `pixels` pixels of x from `first` on for multiply(), and in `panel` unless that has no memory.
  Left<E> load_x(const Expansion<S>& e, long first, long pixels, const Panel<E>& panel) const {
    const S* x = e.x + first * e.channels;
    if (panel.rows || panel.steps)
      load_panel<false>(Lazy<S>{x, nullptr, nullptr, kLinear}, x, pixels, e.channels, panel);
    if constexpr (std::is_same_v<E, S>)
      if (in_place(e)) return {x, e.channels};
    return panel;
  }
  // x from pixel `first` on times vectors [v, v + some) of the weights; finish as in multiply().
  template <class Finish>
  void expand(const Expansion<S>& e, Left<E> x, long first, long count, long v, long some, const Finish& finish) const {
    x.data += first * x.row;
    multiply(x, count, e.channels, packed.data() + v * column, column, some,
             [&](long, long j) { return load(bias.data() + (v + j) * L); }, finish);
  }
};

}  // namespace

template <class S>
void expand_forward(Expansion<S> e, Geometry shape, const Compute<S>* weight, S* y, double* sums) {
  using T = Compute<S>;
  constexpr int L = kLanes<T>;
  using E = Operand<S>;
  const Plan<S> plan(e, shape, weight);
  const long vectors = plan.vectors, border = plan.group * bordered(shape.height, shape.width, plan.padding) * L;
  Partial<double> partial(parts_of(plan.jobs), 2 * vectors * L);
  with_activation(e.activation, [&](auto hard_swish) {
    split(plan.jobs, [&](long part, long first, long last) {
      Scratch scratch;
      const Act<T, hard_swish> act(e.activation);
      const bool in_place = plan.in_place(e);
      const Panel<E> panel = in_place ? Panel<E>{} : take_panel<E>(scratch, plan.blocks, plan.all, true, false);
      T* a = scratch.zeros<T>(kVectors * border);
      T* out = scratch.take<T>(plan.group * shape.out_pixels() * L);
      long* offsets = scratch.take<long>(plan.group * shape.pixels());
      border_offsets(plan.group, shape.height, shape.width, plan.padding, offsets);
      for (long job = first; job < last; ++job) {
        const long image = job * plan.group, images = std::min(plan.group, shape.images - image);
        const Left<E> x = plan.load_x(e, image * shape.pixels(), images * shape.pixels(), panel);
        for (long v = 0; v < vectors; v += kVectors) {
          const long some = std::min(kVectors, vectors - v);
          Rows filtered{0, 0};
          for (long h = 0; h < shape.height; h += plan.strip) {
            const long end = std::min(h + plan.strip, shape.height), p0 = h * shape.width;
            plan.expand(e, x, p0, images * (end - h) * shape.width, v, some,
                        [&](long p, long j, const auto& values) {
                          for (const Vec<T>& value : values)
                            store(a + j * border + offsets[p0 + p++] * L, act.value(value));
                        });
            // Rows of the output whose last row of input is there.
            const long ready = (end - 1 + plan.padding - (shape.kernel - 1)) / shape.stride + 1;
            filtered = {filtered.last, end == shape.height ? shape.out_height : std::max(filtered.last, ready)};
            for (long j = 0; j < some; ++j)
              filter_store(shape, image, images, filtered, a + j * border,
                           plan.filters.data() + (v + j) * plan.taps * L, out, y, e.expanded, (v + j) * L,
                           partial[part], partial[part] + vectors * L);
          }
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
  using E = Operand<S>;
  const Plan<S> plan(e, shape, weight);
  const long vectors = plan.vectors, blocks = plan.blocks, taps = plan.taps, all = plan.all * L;
  const long most = std::min(plan.group * plan.strip * shape.width + 1, plan.all), strip = most * L;
  const long back = column_of<E>(e.expanded);
  const long border = plan.group * bordered(shape.out_height, shape.out_width, plan.padding) * L;
  std::vector<E> transposed(blocks * back);
  pack(e.weight, e.channels, e.expanded, 1, e.channels, transposed.data());
  Partial<T> expand_grads(parts_of(plan.jobs), vectors * e.channels * L), filter_grads(parts_of(plan.jobs), vectors * taps * L);
  Partial<double> bias_grads(parts_of(plan.jobs), vectors * L);
  with_activation(e.activation, [&](auto hard_swish) {
    split(plan.jobs, [&](long part, long first, long last) {
      Scratch scratch;
      const Act<T, hard_swish> act(e.activation);
      const Panel<E> panel = take_panel<E>(scratch, blocks, plan.all, !plan.in_place(e), true);
      const Panel<E> grad = take_panel<E>(scratch, kVectors, most, true, true);
      T* a = scratch.take<T>(kVectors * strip);
      T* slopes = hard_swish ? scratch.take<T>(kVectors * strip) : a;  // a clamped value tells its slope itself
      T* de = scratch.take<T>(strip);
      T* g = scratch.zeros<T>(kVectors * border);
      T* total = scratch.take<T>(blocks * all);
      for (long job = first; job < last; ++job) {
        const long image = job * plan.group, images = std::min(plan.group, shape.images - image);
        const Left<E> left = plan.load_x(e, image * shape.pixels(), images * shape.pixels(), panel);
        std::memset(total, 0, blocks * all * sizeof(T));
        for (long v = 0; v < vectors; v += kVectors) {
          const long some = std::min(kVectors, vectors - v);
          Rows loaded{0, 0};
          for (long h = 0; h < shape.height; h += plan.strip) {
            const Rows rows{h, std::min(h + plan.strip, shape.height)};
            const long p0 = h * shape.width, count = images * rows.count() * shape.width;
            plan.expand(e, left, p0, count, v, some,
                        [&](long p, long j, const auto& values) {
                          long at = j * strip + p * L;
                          for (const Vec<T>& value : values) {
                            store(a + at, act.value(value));
                            if (hard_swish) store(slopes + at, act.slope(value));
                            at += L;
                          }
                        });
            // Rows of the output that the strip's last row reaches.
            const long reached = (rows.last - 1 + plan.padding) / shape.stride + 1;
            loaded = {loaded.last, rows.last == shape.height ? shape.out_height : std::min(reached, shape.out_height)};
            for (long j = 0; j < some; ++j) {
              load_bordered_grad(y, shape, image, images, loaded, e.expanded, (v + j) * L, g + j * border);
              filter_backward(shape, images, rows, a + j * strip, g + j * border,
                              plan.filters.data() + (v + j) * taps * L, de, filter_grads[part] + (v + j) * taps * L);
              Vec<T> sum = {};
              grad.at(j).fill(count, [&](long p) {
                const Vec<T> s = load(slopes + j * strip + p * L);
                const Vec<T> value = load(de + p * L) * (hard_swish ? s : act.slope(s));
                sum += value;
                return value;
              });
              add_lanes<T>(bias_grads[part] + (v + j) * L, sum);
            }
            outer(panel.from(p0), e.channels, grad, some, count, expand_grads[part] + v * e.channels * L);
            T* x = total + p0 * L;
            multiply(
                Left<E>(grad), count, std::min(some * L, e.expanded - v * L),
                transposed.data() + v * L * L, back, blocks, [&](long p, long c) { return load(x + c * all + p * L); },
                [&](long p, long c, const auto& values) {
                  for (const Vec<T>& value : values) store(x + c * all + p++ * L, value);
                });
          }
        }
        S* out = x_grad + image * shape.pixels() * e.channels;
        for (long c = 0; c < blocks; ++c)
          with_lanes<T>(lanes_left(e.channels, c * L, L), [&](auto n) {
            for (long p = 0; p < images * shape.pixels(); ++p)
              store(out + p * e.channels + c * L, load(total + c * all + p * L), n);
          });
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
