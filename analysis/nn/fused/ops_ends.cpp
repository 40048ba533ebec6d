// The operators between and at the ends: outputs, one call for each storage type.
#include "tensors.h"

namespace fused {

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
