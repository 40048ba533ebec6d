// From tensors to what the kernels take: checks, types, layouts.
#pragma once
#include <ATen/Functions.h>

#include "kernels.h"
#include "ops.h"

namespace fused {

template <class S>
constexpr at::ScalarType kScalar = std::is_same_v<S, double>  ? at::kDouble
                                   : std::is_same_v<S, float> ? at::kFloat
                                                              : at::kBFloat16;

template <class Body>
void with_storage(at::ScalarType type, const Body& body) {
  switch (type) {
    case at::kFloat: return body(float{});
    case at::kBFloat16: return body(bf16{});
    case at::kDouble: return body(double{});
    default: TORCH_CHECK(false, "fused kernels store float32, bfloat16 or float64, not ", type);
  }
}

inline Activation activation_of(int64_t number) {
  TORCH_CHECK(number >= 0 && number <= 3, "no activation has the number ", number);
  return {number == 0 || number == 3 ? -kInfinity : 0, number == 2 ? 6 : kInfinity, number == 3};
}

inline at::ScalarType compute_type(const Tensor& map) { return map.scalar_type() == at::kDouble ? at::kDouble : at::kFloat; }
inline Tensor sums_like(const Tensor& map, at::IntArrayRef shape) { return at::empty(shape, map.options().dtype(at::kDouble)); }
inline Tensor weight_like(const Tensor& map, at::IntArrayRef shape) {
  return at::empty(shape, map.options().dtype(compute_type(map)));
}
inline Tensor map_like(const Tensor& map, at::IntArrayRef shape) {
  return at::empty(shape, map.options(), at::MemoryFormat::ChannelsLast);
}
inline Tensor as_map(const Tensor& t) {
  TORCH_CHECK(t.dim() == 4, "a map has four dimensions, not ", t.dim());
  return t.contiguous(at::MemoryFormat::ChannelsLast);
}
inline Tensor as_weight(const Tensor& t, const Tensor& map) { return t.to(compute_type(map)).contiguous(); }
inline Optional as_weight(const Optional& t, const Tensor& map) { return t ? Optional(as_weight(*t, map)) : t; }
inline Optional as_sums(const Optional& t) { return t ? Optional(t->to(at::kDouble).contiguous()) : t; }

template <class S>
S* data(const Tensor& t) {
  return static_cast<S*>(t.data_ptr());
}
template <class S>
S* data(const Optional& t) {
  return t && t->defined() ? static_cast<S*>(t->data_ptr()) : nullptr;
}

inline long pixels_of(const Tensor& t) { return t.size(0) * t.size(2) * t.size(3); }

inline Geometry geometry(const Tensor& x, const Tensor& weight, int64_t stride, int64_t dilation = 1) {
  const long kernel = weight.size(2), d = dilation;
  TORCH_CHECK(stride >= 1 && kernel % 2 == 1, "kernels are odd, strides positive");
  TORCH_CHECK(d == 1 || (d > 1 && stride == 1 && x.size(2) % d == 0 && x.size(3) % d == 0),
              "a dilation divides the map and goes with stride 1");
  const auto out = [&](long size) { return (size - 1) / stride + 1; };
  const long height = x.size(2) / d, width = x.size(3) / d;
  return {x.size(0) * d * d, height, width, out(height), out(width), kernel, long(stride), d};
}

inline void check_filter(const Geometry& shape, const Tensor& weight, int64_t channels) {
  TORCH_CHECK(weight.size(0) == channels && weight.size(1) == 1, "depthwise weights are (C, 1, k, k)");
  TORCH_CHECK(shape.kernel >= 3 && shape.kernel <= 7 && shape.stride <= 2, "depthwise kernels 3, 5, 7, strides 1, 2");
}

template <class S>
Lazy<S> lazy(const Tensor& z, const Optional& affine, int64_t activation) {
  using T = Compute<S>;
  TORCH_CHECK(!affine || (affine->dim() == 2 && affine->size(1) == z.size(1)), "affine is (2, C)");
  const T* scale = data<T>(affine);
  return {data<S>(z), scale, scale ? scale + z.size(1) : nullptr, activation_of(activation)};
}

template <class S>
OutputGrad<S> output_grad(const Tensor& y, const Tensor& y_grad, const Optional& sums_grad) {
  return {data<S>(y_grad), data<S>(y), data<double>(sums_grad)};
}

}  // namespace fused
