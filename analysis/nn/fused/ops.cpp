// The convolutions inside a network: outputs, one call for each storage type.
#include "tensors.h"

namespace fused {

Two pointwise(const Tensor& z_, const Optional& affine_, int64_t activation, const Tensor& weight_) {
  const Tensor z = as_map(z_), weight = as_weight(weight_, z);
  const Optional affine = as_weight(affine_, z);
  TORCH_CHECK(weight.numel() == weight.size(0) * z.size(1), "pointwise weights are (K, C, 1, 1)");
  const long outputs = weight.size(0);
  Tensor y = map_like(z, {z.size(0), outputs, z.size(2), z.size(3)}), sums = sums_like(z, {2, outputs});
  with_storage(z.scalar_type(), [&](auto s) {
    using S = decltype(s);
    pointwise_forward<S>(lazy<S>(z, affine, activation), pixels_of(z), z.size(1), outputs, data<Compute<S>>(weight),
                         data<S>(y), data<double>(sums));
  });
  return {y, sums};
}

Three pointwise_backward(const Tensor& z_, const Optional& affine_, int64_t activation, const Tensor& weight_,
                         const Tensor& y_, const Tensor& y_grad_, const Optional& sums_grad_, bool z_needed) {
  const Tensor z = as_map(z_), weight = as_weight(weight_, z), y = as_map(y_), y_grad = as_map(y_grad_);
  const Optional affine = as_weight(affine_, z), sums_grad = as_sums(sums_grad_);
  Tensor z_grad = map_like(z, z_needed ? z.sizes() : at::IntArrayRef{0, 1, 1, 1});
  Tensor affine_grad = sums_like(z, {2, affine ? z.size(1) : 0}), weight_grad = weight_like(z, weight.sizes());
  with_storage(z.scalar_type(), [&](auto s) {
    using S = decltype(s);
    using T = Compute<S>;
    pointwise_backward<S>(lazy<S>(z, affine, activation), pixels_of(z), z.size(1), y.size(1), data<T>(weight),
                          output_grad<S>(y, y_grad, sums_grad), z_needed ? data<S>(z_grad) : nullptr,
                          affine ? data<double>(affine_grad) : nullptr, data<T>(weight_grad));
  });
  return {z_grad, affine_grad, weight_grad};
}

Two depthwise(const Tensor& z_, const Optional& affine_, int64_t activation, const Tensor& weight_, int64_t stride,
              int64_t dilation) {
  const Tensor z = as_map(z_), weight = as_weight(weight_, z);
  const Optional affine = as_weight(affine_, z);
  const Geometry shape = geometry(z, weight, stride, dilation);
  check_filter(shape, weight, z.size(1));
  Tensor y = map_like(z, {z.size(0), z.size(1), shape.out_height * dilation, shape.out_width * dilation});
  Tensor sums = sums_like(z, {2, z.size(1)});
  with_storage(z.scalar_type(), [&](auto s) {
    using S = decltype(s);
    depthwise_forward<S>(lazy<S>(z, affine, activation), shape, z.size(1), data<Compute<S>>(weight), data<S>(y),
                         data<double>(sums));
  });
  return {y, sums};
}

Three depthwise_backward(const Tensor& z_, const Optional& affine_, int64_t activation, const Tensor& weight_,
                         int64_t stride, int64_t dilation, const Tensor& y_, const Tensor& y_grad_,
                         const Optional& sums_grad_) {
  const Tensor z = as_map(z_), weight = as_weight(weight_, z), y = as_map(y_), y_grad = as_map(y_grad_);
  const Optional affine = as_weight(affine_, z), sums_grad = as_sums(sums_grad_);
  Tensor z_grad = map_like(z, z.sizes()), weight_grad = weight_like(z, weight.sizes());
  Tensor affine_grad = sums_like(z, {2, affine ? z.size(1) : 0});
  with_storage(z.scalar_type(), [&](auto s) {
    using S = decltype(s);
    using T = Compute<S>;
    depthwise_backward<S>(lazy<S>(z, affine, activation), geometry(z, weight, stride, dilation), z.size(1),
                          data<T>(weight), output_grad<S>(y, y_grad, sums_grad), data<S>(z_grad),
                          affine ? data<double>(affine_grad) : nullptr, data<T>(weight_grad));
  });
  return {z_grad, affine_grad, weight_grad};
}

template <class S>
Expansion<S> expansion(const Tensor& x, const Tensor& weight, const Tensor& bias, int64_t activation) {
  return {data<S>(x), x.size(1), weight.size(0), data<Compute<S>>(weight), data<Compute<S>>(bias),
          activation_of(activation)};
}

Two expand_depthwise(const Tensor& x_, const Tensor& expand_weight_, const Tensor& expand_bias_, int64_t activation,
                     const Tensor& weight_, int64_t stride) {
  const Tensor x = as_map(x_), weight = as_weight(weight_, x);
  const Tensor expand_weight = as_weight(expand_weight_, x), expand_bias = as_weight(expand_bias_, x);
  const long expanded = expand_weight.size(0);
  TORCH_CHECK(expand_weight.numel() == expanded * x.size(1), "expansion weights are (E, C, 1, 1)");
  const Geometry shape = geometry(x, weight, stride);
  check_filter(shape, weight, expanded);
  Tensor y = map_like(x, {x.size(0), expanded, shape.out_height, shape.out_width}), sums = sums_like(x, {2, expanded});
  with_storage(x.scalar_type(), [&](auto s) {
    using S = decltype(s);
    expand_forward<S>(expansion<S>(x, expand_weight, expand_bias, activation), shape, data<Compute<S>>(weight),
                      data<S>(y), data<double>(sums));
  });
  return {y, sums};
}

Four expand_depthwise_backward(const Tensor& x_, const Tensor& expand_weight_, const Tensor& expand_bias_,
                               int64_t activation, const Tensor& weight_, int64_t stride, const Tensor& y_,
                               const Tensor& y_grad_, const Optional& sums_grad_) {
  const Tensor x = as_map(x_), weight = as_weight(weight_, x), y = as_map(y_), y_grad = as_map(y_grad_);
  const Tensor expand_weight = as_weight(expand_weight_, x), expand_bias = as_weight(expand_bias_, x);
  const Optional sums_grad = as_sums(sums_grad_);
  Tensor x_grad = map_like(x, x.sizes()), expand_grad = weight_like(x, expand_weight.sizes());
  Tensor bias_grad = weight_like(x, expand_bias.sizes()), weight_grad = weight_like(x, weight.sizes());
  with_storage(x.scalar_type(), [&](auto s) {
    using S = decltype(s);
    using T = Compute<S>;
    expand_backward<S>(expansion<S>(x, expand_weight, expand_bias, activation), geometry(x, weight, stride),
                       data<T>(weight), output_grad<S>(y, y_grad, sums_grad), data<S>(x_grad), data<T>(expand_grad),
                       data<T>(bias_grad), data<T>(weight_grad));
  });
  return {x_grad, expand_grad, bias_grad, weight_grad};
}

}  // namespace fused
