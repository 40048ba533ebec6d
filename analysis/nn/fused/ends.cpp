// The two ends of a network: the dense convolution of the images, the mean over each map before the classifier.
#include "gemm.h"
#include "panel.h"

namespace fused {
namespace {

// Images with a border of zeros, [channel][row][column], and where each tap of a filter finds its first value.
template <class T>
struct Border {
  long channels, height, width;
  std::vector<long> taps;
  Border(long channels, const Geometry& shape)
      : channels(channels), height(shape.height + 2 * shape.padding()), width(shape.width + 2 * shape.padding()) {
    for (long c = 0; c < channels; ++c)
      for (long h = 0; h < shape.kernel; ++h)
        for (long w = 0; w < shape.kernel; ++w) taps.push_back((c * height + h) * width + w);
  }
  long size() const { return channels * height * width; }
  long depth() const { return long(taps.size()); }
  void fill(const T* image, const long* strides, const Geometry& shape, T* border) const {
    for (long c = 0; c < channels; ++c)
      for (long h = 0; h < shape.height; ++h)
        for (long w = 0; w < shape.width; ++w)
          border[(c * height + h + shape.padding()) * width + w + shape.padding()] =
              image[c * strides[1] + h * strides[2] + w * strides[3]];
  }
};

// A run of outputs of one row, one vector of channels: the taps are read where they lie.
template <int Run, class S, class Lanes>
inline void dense_run(const Compute<S>* a, const std::vector<long>& taps, long stride, const Compute<S>* weight, S* y,
                      long outputs, Lanes n, Vec<Compute<S>>& total, Vec<Compute<S>>& squares) {
  using T = Compute<S>;
  Vec<T> sum[Run] = {};
  for (const long tap : taps) {
    const Vec<T> w = load(weight);
    weight += kLanes<T>;
#pragma GCC unroll 8
    for (int i = 0; i < Run; ++i) sum[i] += splat(a[tap + i * stride]) * w;
  }
  for (const Vec<T>& value : sum) {
    store(y, value, n);
    y += outputs;
    total += value;
    squares += value * value;
  }
}

// Gradients of `Taps` taps from a row of outputs.
template <int Taps, class T>
inline void dense_taps(const T* a, const long* taps, long stride, const T* grad, long width, T* weight_grad) {
  constexpr int L = kLanes<T>;
  Vec<T> sum[Taps];
#pragma GCC unroll 9
  for (int i = 0; i < Taps; ++i) sum[i] = load(weight_grad + i * L);
  for (long w = 0; w < width; ++w, a += stride) {
    const Vec<T> g = load(grad + w * L);
#pragma GCC unroll 9
    for (int i = 0; i < Taps; ++i) sum[i] += splat(a[taps[i]]) * g;
  }
#pragma GCC unroll 9
  for (int i = 0; i < Taps; ++i) store(weight_grad + i * L, sum[i]);
}

}  // namespace

template <class S>
void dense_forward(const Compute<S>* image, const long* strides, long channels, Geometry shape, long outputs,
                   const Compute<S>* weight, S* y, double* sums) {
  using T = Compute<S>;
  constexpr int L = kLanes<T>;
  const Border<T> border(channels, shape);
  const long depth = border.depth(), columns = vectors_of(outputs, L);
  std::vector<T> packed(columns * depth * L);
  pack(weight, outputs, depth, depth, 1, packed.data());
  Partial<double> partial(parts_of(shape.images), 2 * columns * L);
  split(shape.images, [&](long part, long first, long last) {
    Scratch scratch;
    T* a = scratch.zeros<T>(border.size());
    for (long i = first; i < last; ++i) {
      border.fill(image + i * strides[0], strides, shape, a);
      for (long v = 0; v < columns; ++v) {
        with_lanes<T>(lanes_left(outputs, v * L, L), [&](auto n) {
          const T* w0 = packed.data() + v * depth * L;
          Vec<T> total = {}, squares = {};
          S* row = y + i * shape.out_pixels() * outputs + v * L;
          for (long h = 0; h < shape.out_height; ++h) {
            const T* line = a + h * shape.stride * border.width;
            long w = 0;
            for (; w + 8 <= shape.out_width; w += 8, row += 8 * outputs, line += 8 * shape.stride)
              dense_run<8>(line, border.taps, shape.stride, w0, row, outputs, n, total, squares);
            for (; w < shape.out_width; ++w, row += outputs, line += shape.stride)
              dense_run<1>(line, border.taps, shape.stride, w0, row, outputs, n, total, squares);
          }
          add_lanes<T>(partial[part] + v * L, total);
          add_lanes<T>(partial[part] + (columns + v) * L, squares);
        });
      }
    }
  });
  copy_sums(partial.total(), columns * L, outputs, sums);
}

template <class S>
void dense_backward(const Compute<S>* image, const long* strides, long channels, Geometry shape, long outputs,
                    OutputGrad<S> y, Compute<S>* weight_grad) {
  using T = Compute<S>;
  constexpr int L = kLanes<T>;
  const Border<T> border(channels, shape);
  const long depth = border.depth(), columns = vectors_of(outputs, L);
  Partial<T> weights(parts_of(shape.images), columns * depth * L);
  split(shape.images, [&](long part, long first, long last) {
    Scratch scratch;
    T* a = scratch.zeros<T>(border.size());
    const Panel<T> grad = take_panel<T>(scratch, columns, shape.out_width, true, true);
    for (long row = first * shape.out_height; row < last * shape.out_height; ++row) {
      const long i = row / shape.out_height, h = row % shape.out_height;
      if (h == 0) border.fill(image + i * strides[0], strides, shape, a);
      load_grad(y, row * shape.out_width, shape.out_width, outputs, grad);
      const T* line = a + h * shape.stride * border.width;
      for (long v = 0; v < columns; ++v) {
        const T* gv = grad.at(v).rows;
        T* w = weights[part] + v * depth * L;
        long t = 0;
        for (; t + 9 <= depth; t += 9)
          dense_taps<9>(line, &border.taps[t], shape.stride, gv, shape.out_width, w + t * L);
        for (; t < depth; ++t) dense_taps<1>(line, &border.taps[t], shape.stride, gv, shape.out_width, w + t * L);
      }
    }
  });
  unpack(weights.total(), outputs, depth, depth, 1, weight_grad);
}

template <class S>
void pool_forward(Lazy<S> z, long images, long pixels, long channels, Compute<S>* mean) {
  using T = Compute<S>;
  constexpr int L = kLanes<T>;
  with_activation(z.activation, [&](auto hard_swish) {
    const Act<T, hard_swish> act(z.activation);
    split(images, [&](long, long first, long last) {
      for (long image = first; image < last; ++image)
        for (long c = 0; c < channels; c += L) {
          with_lanes<T>(lanes_left(channels, c, L), [&](auto n) {
            const Affine<S> normalise(z, c, n);
            Vec<T> sum = {};
            for (long p = image * pixels; p < (image + 1) * pixels; ++p)
              sum += act.value(normalise(load(z.data + p * channels + c, n)));
            store(mean + image * channels + c, sum / T(pixels), n);
          });
        }
    });
  });
}

template <class S>
void pool_backward(Lazy<S> z, long images, long pixels, long channels, const Compute<S>* mean_grad, S* z_grad,
                   double* affine_grad) {
  using T = Compute<S>;
  constexpr int L = kLanes<T>;
  const long vectors = vectors_of(channels, L);
  Partial<double> affine(parts_of(images), 2 * vectors * L);
  with_activation(z.activation, [&](auto hard_swish) {
    const Act<T, hard_swish> act(z.activation);
    split(images, [&](long part, long first, long last) {
      for (long image = first; image < last; ++image)
        for (long c = 0; c < channels; c += L) {
          with_lanes<T>(lanes_left(channels, c, L), [&](auto n) {
            const Affine<S> normalise(z, c, n);
            const Vec<T> grad = load(mean_grad + image * channels + c, n) / T(pixels);
            Vec<T> by_scale = {}, by_shift = {};
            for (long p = image * pixels; p < (image + 1) * pixels; ++p) {
              const Vec<T> x = load(z.data + p * channels + c, n), g = grad * act.slope(normalise(x));
              by_scale += g * x;
              by_shift += g;
              store(z_grad + p * channels + c, g * normalise.scale, n);
            }
            add_lanes<T>(affine[part] + c, by_scale);
            add_lanes<T>(affine[part] + vectors * L + c, by_shift);
          });
        }
    });
  });
  if (affine_grad) copy_sums(affine.total(), vectors * L, channels, affine_grad);
}

#define INSTANCE(S)                                                                                          \
  template void dense_forward(const Compute<S>*, const long*, long, Geometry, long, const Compute<S>*, S*,   \
                              double*);                                                                      \
  template void dense_backward(const Compute<S>*, const long*, long, Geometry, long, OutputGrad<S>,          \
                               Compute<S>*);                                                                 \
  template void pool_forward(Lazy<S>, long, long, long, Compute<S>*);                                        \
  template void pool_backward(Lazy<S>, long, long, long, const Compute<S>*, S*, double*);
FUSED_FOR_STORAGE(INSTANCE)

}  // namespace fused
