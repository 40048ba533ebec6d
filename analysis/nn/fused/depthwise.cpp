// Depthwise convolutions: normalise and activate on load, sum the statistics on store; backward in one pass.
#include "depthwise.h"

namespace fused {
namespace {

// body(its number from 0, its pixel of the tensor) for each input pixel of some maps.
template <class Body>
void each_pixel(const Geometry& shape, long image, long images, const Body& body) {
  long p = 0;
  for (long i = image; i < image + images; ++i)
    for (long h = 0; h < shape.height; ++h) {
      long at = shape.row_start(i, h, shape.height, shape.width);
      for (long w = 0; w < shape.width; ++w, at += shape.dilation) body(p++, at);
    }
}

}  // namespace

template <class S>
void depthwise_forward(Lazy<S> z, Geometry shape, long channels, const Compute<S>* weight, S* y, double* sums) {
  using T = Compute<S>;
  constexpr int L = kLanes<T>;
  const long group = images_per_job(shape), jobs = (shape.images + group - 1) / group;
  const long vectors = vectors_of(channels, L), taps = shape.kernel * shape.kernel, padding = shape.padding();
  const std::vector<T> filters = pack_filters(weight, channels, taps);
  Partial<double> partial(parts_of(jobs), 2 * vectors * L);
  with_activation(z.activation, [&](auto hard_swish) {
    split(jobs, [&](long part, long first, long last) {
      Scratch scratch;
      const Act<T, hard_swish> act(z.activation);
      T* a = scratch.zeros<T>(group * bordered(shape.height, shape.width, padding) * L);
      T* out = scratch.take<T>(group * shape.out_pixels() * L);
      long* offsets = scratch.take<long>(group * shape.pixels());
      border_offsets(group, shape.height, shape.width, padding, offsets);
      for (long job = first; job < last; ++job) {
        const long image = job * group, images = std::min(group, shape.images - image);
        for (long v = 0; v < vectors; ++v) {
          with_lanes<T>(lanes_left(channels, v * L, L), [&](auto n) {
            const Affine<S> normalise(z, v * L, n);
            each_pixel(shape, image, images, [&](long p, long at) {
              store(a + offsets[p] * L, act.value(normalise(load(z.data + at * channels + v * L, n))));
            });
          });
          filter_store(shape, image, images, {0, shape.out_height}, a, filters.data() + v * taps * L, out, y, channels,
                       v * L, partial[part], partial[part] + vectors * L);
        }
      }
    });
  });
  copy_sums(partial.total(), vectors * L, channels, sums);
}

template <class S>
void depthwise_backward(Lazy<S> z, Geometry shape, long channels, const Compute<S>* weight, OutputGrad<S> y,
                        S* z_grad, double* affine_grad, Compute<S>* weight_grad) {
  using T = Compute<S>;
  constexpr int L = kLanes<T>;
  const long group = images_per_job(shape), jobs = (shape.images + group - 1) / group;
  const long vectors = vectors_of(channels, L), taps = shape.kernel * shape.kernel, padding = shape.padding();
  const std::vector<T> filters = pack_filters(weight, channels, taps);
  Partial<double> affine(parts_of(jobs), 2 * vectors * L);
  Partial<T> weights(parts_of(jobs), vectors * taps * L);
  with_activation(z.activation, [&](auto hard_swish) {
    split(jobs, [&](long part, long first, long last) {
      Scratch scratch;
      const Act<T, hard_swish> act(z.activation);
      T* g = scratch.zeros<T>(group * bordered(shape.out_height, shape.out_width, padding) * L);
      T* a = scratch.take<T>(group * shape.pixels() * L);
      T* a_grad = scratch.take<T>(group * shape.pixels() * L);
      for (long job = first; job < last; ++job) {
        const long image = job * group, images = std::min(group, shape.images - image);
        for (long v = 0; v < vectors; ++v) {
          load_bordered_grad(y, shape, image, images, {0, shape.out_height}, channels, v * L, g);
          with_lanes<T>(lanes_left(channels, v * L, L), [&](auto n) {
            const Affine<S> normalise(z, v * L, n);
            each_pixel(shape, image, images, [&](long p, long at) {
              store(a + p * L, act.value(normalise(load(z.data + at * channels + v * L, n))));
            });
            filter_backward(shape, images, {0, shape.height}, a, g, filters.data() + v * taps * L, a_grad,
                            weights[part] + v * taps * L);
            Vec<T> by_scale = {}, by_shift = {};
            each_pixel(shape, image, images, [&](long p, long at) {
              const Vec<T> x = load(z.data + at * channels + v * L, n);
              const Vec<T> grad = load(a_grad + p * L) * act.slope(normalise(x));
              by_scale += grad * x;
              by_shift += grad;
              store(z_grad + at * channels + v * L, grad * normalise.scale, n);
            });
            add_lanes<T>(affine[part] + v * L, by_scale);
            add_lanes<T>(affine[part] + (vectors + v) * L, by_shift);
          });
        }
      }
    });
  });
  if (affine_grad) copy_sums(affine.total(), vectors * L, channels, affine_grad);
  unpack(weights.total(), channels, taps, taps, 1, weight_grad);
}

#define INSTANCE(S)                                                                                     \
  template void depthwise_forward(Lazy<S>, Geometry, long, const Compute<S>*, S*, double*);             \
  template void depthwise_backward(Lazy<S>, Geometry, long, const Compute<S>*, OutputGrad<S>, S*, double*, \
                                   Compute<S>*);
FUSED_FOR_STORAGE(INSTANCE)

}  // namespace fused
