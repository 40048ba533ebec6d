// From tensors to kernels: checks, outputs, one call for each storage type.
#include "ops.h"

#include <ATen/Functions.h>

#include "kernels.h"

namespace fused {
namespace {

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

Activation activation_of(int64_t number) {
  TORCH_CHECK(number >= 0 && number <= 3, "no activation has the number ", number);
  return {number == 0 || number == 3 ? -kInfinity : 0, number == 2 ? 6 : kInfinity, number == 3};
}

at::ScalarType compute_type(const Tensor& map) { return map.scalar_type() == at::kDouble ? at::kDouble : at::kFloat; }
Tensor sums_like(const Tensor& map, at::IntArrayRef shape) { return at::empty(shape, map.options().dtype(at::kDouble)); }
Tensor weight_like(const Tensor& map, at::IntArrayRef shape) {
  return at::empty(shape, map.options().dtype(compute_type(map)));
}
Tensor map_like(const Tensor& map, at::IntArrayRef shape) {
  return at::empty(shape, map.options(), at::MemoryFormat::ChannelsLast);
}
Tensor as_map(const Tensor& t) {
  TORCH_CHECK(t.dim() == 4, "a map has four dimensions, not ", t.dim());
  return t.contiguous(at::MemoryFormat::ChannelsLast);
}
Tensor as_weight(const Tensor& t, const Tensor& map) { return t.to(compute_type(map)).contiguous(); }
Optional as_weight(const Optional& t, const Tensor& map) { return t ? Optional(as_weight(*t, map)) : t; }
Optional as_sums(const Optional& t) { return t ? Optional(t->to(at::kDouble).contiguous()) : t; }

template <class S>
S* data(const Tensor& t) {
  return static_cast<S*>(t.data_ptr());
}
template <class S>
S* data(const Optional& t) {
  return t && t->defined() ? static_cast<S*>(t->data_ptr()) : nullptr;
}

long pixels_of(const Tensor& t) { return t.size(0) * t.size(2) * t.size(3); }

Geometry geometry(const Tensor& x, const Tensor& weight, int64_t stride) {
  const long kernel = weight.size(2);
  TORCH_CHECK(stride >= 1 && kernel % 2 == 1, "kernels are odd, strides positive");
  const auto out = [&](long size) { return (size - 1) / stride + 1; };
  return {x.size(0), x.size(2), x.size(3), out(x.size(2)), out(x.size(3)), kernel, long(stride)};
}

void check_filter(const Geometry& shape, const Tensor& weight, int64_t channels) {
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

}  // namespace

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

Two depthwise(const Tensor& z_, const Optional& affine_, int64_t activation, const Tensor& weight_, int64_t stride) {
  const Tensor z = as_map(z_), weight = as_weight(weight_, z);
  const Optional affine = as_weight(affine_, z);
  const Geometry shape = geometry(z, weight, stride);
  check_filter(shape, weight, z.size(1));
  Tensor y = map_like(z, {z.size(0), z.size(1), shape.out_height, shape.out_width}), sums = sums_like(z, {2, z.size(1)});
  with_storage(z.scalar_type(), [&](auto s) {
    using S = decltype(s);
    depthwise_forward<S>(lazy<S>(z, affine, activation), shape, z.size(1), data<Compute<S>>(weight), data<S>(y),
                         data<double>(sums));
  });
  return {y, sums};
}

Three depthwise_backward(const Tensor& z_, const Optional& affine_, int64_t activation, const Tensor& weight_,
                         int64_t stride, const Tensor& y_, const Tensor& y_grad_, const Optional& sums_grad_) {
  const Tensor z = as_map(z_), weight = as_weight(weight_, z), y = as_map(y_), y_grad = as_map(y_grad_);
  const Optional affine = as_weight(affine_, z), sums_grad = as_sums(sums_grad_);
  Tensor z_grad = map_like(z, z.sizes()), weight_grad = weight_like(z, weight.sizes());
  Tensor affine_grad = sums_like(z, {2, affine ? z.size(1) : 0});
  with_storage(z.scalar_type(), [&](auto s) {
    using S = decltype(s);
    using T = Compute<S>;
    depthwise_backward<S>(lazy<S>(z, affine, activation), geometry(z, weight, stride), z.size(1), data<T>(weight),
                          output_grad<S>(y, y_grad, sums_grad), data<S>(z_grad),
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

Two join(const Tensor& z_, const Optional& affine_, int64_t activation, const Optional& shortcut_,
         int64_t joined_activation, bool with_moments) {
  const Tensor z = as_map(z_);
  const Optional affine = as_weight(affine_, z), shortcut = shortcut_ ? Optional(as_map(*shortcut_)) : shortcut_;
  TORCH_CHECK(!shortcut || (shortcut->sizes() == z.sizes() && shortcut->dtype() == z.dtype()), "unlike shortcut");
  const long channels = z.size(1);
  Tensor x = map_like(z, z.sizes()), moments = sums_like(z, {with_moments ? 1 + channels : 0, channels});
  with_storage(z.scalar_type(), [&](auto s) {
    using S = decltype(s);
    join_forward<S>(lazy<S>(z, affine, activation), data<S>(shortcut), activation_of(joined_activation), pixels_of(z),
                    channels, data<S>(x), with_moments ? data<double>(moments) : nullptr);
  });
  return {x, moments};
}

Three join_backward(const Tensor& z_, const Optional& affine_, int64_t activation, const Optional& shortcut_,
                    int64_t joined_activation, const Tensor& x_, const Tensor& x_grad_, const Optional& moments_grad_) {
  const Tensor z = as_map(z_), x = as_map(x_), x_grad = as_map(x_grad_);
  const Optional affine = as_weight(affine_, z), shortcut = shortcut_ ? Optional(as_map(*shortcut_)) : shortcut_;
  const Optional moments_grad = as_sums(moments_grad_);
  Tensor z_grad = map_like(z, z.sizes()), affine_grad = sums_like(z, {2, affine ? z.size(1) : 0});
  Tensor shortcut_grad = map_like(z, shortcut ? z.sizes() : at::IntArrayRef{0, 1, 1, 1});
  with_storage(z.scalar_type(), [&](auto s) {
    using S = decltype(s);
    join_backward<S>(lazy<S>(z, affine, activation), data<S>(shortcut), activation_of(joined_activation), pixels_of(z),
                     z.size(1), data<S>(x), data<S>(x_grad), data<double>(moments_grad), data<S>(z_grad),
                     shortcut ? data<S>(shortcut_grad) : nullptr, affine ? data<double>(affine_grad) : nullptr);
  });
  return {z_grad, affine_grad, shortcut_grad};
}

Tensor pool(const Tensor& z_, const Optional& affine_, int64_t activation) {
  const Tensor z = as_map(z_);
  const Optional affine = as_weight(affine_, z);
  Tensor mean = weight_like(z, {z.size(0), z.size(1), 1, 1});
  with_storage(z.scalar_type(), [&](auto s) {
    using S = decltype(s);
    pool_forward<S>(lazy<S>(z, affine, activation), z.size(0), z.size(2) * z.size(3), z.size(1),
                    data<Compute<S>>(mean));
  });
  return mean;
}

Two pool_backward(const Tensor& z_, const Optional& affine_, int64_t activation, const Tensor& mean_grad_) {
  const Tensor z = as_map(z_), mean_grad = as_weight(mean_grad_, z);
  const Optional affine = as_weight(affine_, z);
  Tensor z_grad = map_like(z, z.sizes()), affine_grad = sums_like(z, {2, affine ? z.size(1) : 0});
  with_storage(z.scalar_type(), [&](auto s) {
    using S = decltype(s);
    pool_backward<S>(lazy<S>(z, affine, activation), z.size(0), z.size(2) * z.size(3), z.size(1),
                     data<Compute<S>>(mean_grad), data<S>(z_grad), affine ? data<double>(affine_grad) : nullptr);
  });
  return {z_grad, affine_grad};
}

Two dense(const Tensor& image_, const Tensor& weight_, int64_t stride, at::ScalarType storage) {
  const Tensor like = at::empty({0}, image_.options().dtype(storage));
  const Tensor image = image_.to(compute_type(like)), weight = as_weight(weight_, like);
  const Geometry shape = geometry(image, weight, stride);
  const long outputs = weight.size(0);
  Tensor y = map_like(like, {shape.images, outputs, shape.out_height, shape.out_width});
  Tensor sums = sums_like(like, {2, outputs});
  with_storage(storage, [&](auto s) {
    using S = decltype(s);
    dense_forward<S>(data<Compute<S>>(image), image.strides().data(), image.size(1), shape, outputs,
                     data<Compute<S>>(weight), data<S>(y), data<double>(sums));
  });
  return {y, sums};
}

Tensor dense_backward(const Tensor& image_, const Tensor& weight, int64_t stride, const Tensor& y_, const Tensor& y_grad_,
                      const Optional& sums_grad_) {
  const Tensor y = as_map(y_), y_grad = as_map(y_grad_), image = image_.to(compute_type(y));
  const Optional sums_grad = as_sums(sums_grad_);
  Tensor weight_grad = weight_like(y, weight.sizes());
  with_storage(y.scalar_type(), [&](auto s) {
    using S = decltype(s);
    dense_backward<S>(data<Compute<S>>(image), image.strides().data(), image.size(1), geometry(image, weight, stride),
                      y.size(1), output_grad<S>(y, y_grad, sums_grad), data<Compute<S>>(weight_grad));
  });
  return weight_grad;
}

}  // namespace fused
