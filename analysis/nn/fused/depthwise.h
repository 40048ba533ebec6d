// What the two depthwise operations share: a vector of channels of the output, and of its gradient.
#pragma once
#include "filter.h"
#include "panel.h"

namespace fused {

constexpr long kStrip = 128;  // pixels: their vectors of one block of channels fill part of the first-level cache

// Images that make up one job: enough pixels to fill register tiles also where maps are small.
inline long images_per_job(const Geometry& shape) { return std::clamp(kStrip / shape.pixels(), 1l, shape.images); }

// Rows of a job that are worked on together: all where several images make up a job, else an even number of pixels.
inline long rows_at_once(const Geometry& shape) {
  const long rows = std::clamp(kStrip / shape.width, 1l, shape.height);
  return std::min(rows + (rows & shape.width & 1), shape.height);
}

// Depthwise weights [channels, kernel^2] to [vector][kernel^2][lane], and their gradient back.
template <class T>
std::vector<T> pack_filters(const T* weight, long channels, long taps) {
  std::vector<T> packed(vectors_of(channels, kLanes<T>) * taps * kLanes<T>);
  for (long c = 0; c < channels; ++c)
    for (long t = 0; t < taps; ++t)
      packed[(c / kLanes<T> * taps + t) * kLanes<T> + c % kLanes<T>] = weight[c * taps + t];
  return packed;
}

// Filter one bordered vector of channels, store rows of it at channel c of y, all of it, add its sums.
template <class S>
void filter_store(const Geometry& shape, long image, long images, Rows rows, const Compute<S>* a,
                  const Compute<S>* weight, Compute<S>* out, S* y, long channels, long c, double* sum, double* square) {
  using T = Compute<S>;
  constexpr int L = kLanes<T>;
  filter_forward(shape, images, rows, a, weight, out);
  Vec<T> total = {}, squares = {};
  with_lanes<T>(lanes_left(channels, c, L), [&](auto n) {
    Vec<T> some = {}, some_squares = {};
    for (long i = image; i < image + images; ++i)
      for (long h = rows.first; h < rows.last; ++h) {
        S* row = y + shape.row_start(i, h, shape.out_height, shape.out_width) * channels + c;
        for (long w = 0; w < shape.out_width; ++w, row += shape.dilation * channels, out += L) {
          const Vec<T> value = load(out);
          store(row, value, n);
          some += value;
          some_squares += value * value;
        }
      }
    total = some;
    squares = some_squares;
  });
  add_lanes<T>(sum + c, total);
  add_lanes<T>(square + c, squares);
}

// Rows of one vector of channels of the gradient of y, bordered; `border` is already zero outside the images.
template <class S>
void load_bordered_grad(const OutputGrad<S>& y, const Geometry& shape, long image, long images, Rows rows,
                        long channels, long c, Compute<S>* border) {
  using T = Compute<S>;
  constexpr int L = kLanes<T>;
  const long padding = shape.padding(), step = shape.out_width + 2 * padding;
  const auto each_pixel = [&](const auto& grad) {
    for (long i = 0; i < images; ++i)
      for (long h = rows.first; h < rows.last; ++h) {
        T* row = border + (i * bordered(shape.out_height, shape.out_width, padding) + (h + padding) * step + padding) * L;
        long at = shape.row_start(image + i, h, shape.out_height, shape.out_width) * channels + c;
        for (long w = 0; w < shape.out_width; ++w, row += L, at += shape.dilation * channels) store(row, grad(at));
      }
  };
  with_lanes<T>(lanes_left(channels, c, L), [&](auto n) {
    if (!y.sums_grad) return each_pixel([&](long at) { return load(y.grad + at, n); });
    const SumsGrad<S> add(y, channels, c, n);
    each_pixel([&](long at) { return add(load(y.grad + at, n), load(y.y + at, n)); });
  });
}

}  // namespace fused
