// The operators as functions of tensors. Maps are (N, C, H, W), channels last in memory, of the storage type; weights,
// scales and shifts are float (double where maps are double); sums, moments and their gradients are double.
#pragma once
#include <ATen/core/Tensor.h>

#include <optional>
#include <tuple>

namespace fused {

using at::Tensor;
using Optional = std::optional<Tensor>;
using Two = std::tuple<Tensor, Tensor>;
using Three = std::tuple<Tensor, Tensor, Tensor>;
using Four = std::tuple<Tensor, Tensor, Tensor, Tensor>;

// Activations are numbered: 0 linear, 1 relu, 2 relu6, 3 hard-swish. `affine` is [2, C]: scale and shift.
Two pointwise(const Tensor& z, const Optional& affine, int64_t activation, const Tensor& weight);
Three pointwise_backward(const Tensor& z, const Optional& affine, int64_t activation, const Tensor& weight,
                         const Tensor& y, const Tensor& y_grad, const Optional& sums_grad, bool z_needed);
Two depthwise(const Tensor& z, const Optional& affine, int64_t activation, const Tensor& weight, int64_t stride,
              int64_t dilation);
Three depthwise_backward(const Tensor& z, const Optional& affine, int64_t activation, const Tensor& weight,
                         int64_t stride, int64_t dilation, const Tensor& y, const Tensor& y_grad,
                         const Optional& sums_grad);
Two expand_depthwise(const Tensor& x, const Tensor& expand_weight, const Tensor& expand_bias, int64_t activation,
                     const Tensor& weight, int64_t stride);
Four expand_depthwise_backward(const Tensor& x, const Tensor& expand_weight, const Tensor& expand_bias,
                               int64_t activation, const Tensor& weight, int64_t stride, const Tensor& y,
                               const Tensor& y_grad, const Optional& sums_grad);
Two join(const Tensor& z, const Optional& affine, int64_t activation, const Optional& shortcut,
         int64_t joined_activation, bool with_moments);
Three join_backward(const Tensor& z, const Optional& affine, int64_t activation, const Optional& shortcut,
                    int64_t joined_activation, const Tensor& x, const Tensor& x_grad, const Optional& moments_grad);
Tensor pool(const Tensor& z, const Optional& affine, int64_t activation);
Two pool_backward(const Tensor& z, const Optional& affine, int64_t activation, const Tensor& mean_grad);
Two dense(const Tensor& image, const Tensor& weight, int64_t stride, at::ScalarType storage);
Tensor dense_backward(const Tensor& image, const Tensor& weight, int64_t stride, const Tensor& y, const Tensor& y_grad,
                      const Optional& sums_grad);

// Batch normalisation from sums: affine [2, C] with scale = gamma / sqrt(var + eps), shift = beta - mean * scale;
// statistics [2, C]: mean and variance (of all `count` values, not of a sample).
Two norm(const Tensor& sums, const Tensor& gamma, const Tensor& beta, int64_t count, double eps);
Three norm_backward(const Tensor& sums, const Tensor& gamma, int64_t count, double eps, const Tensor& affine_grad);
// Moves the running statistics of a batch normalisation towards those of `count` values and counts the batch, in place.
void update_statistics(const Tensor& statistics, int64_t count, double momentum, Tensor& running_mean,
                       Tensor& running_var, Tensor& batches);
// The same as norm() for z = W x from the moments of x, folded into W: (scale W, shift, statistics).
Three norm_expansion(const Tensor& moments, const Tensor& weight, const Tensor& gamma, const Tensor& beta,
                     int64_t count, double eps);
Four norm_expansion_backward(const Tensor& moments, const Tensor& weight, const Tensor& gamma, int64_t count,
                             double eps, const Tensor& weight_grad, const Tensor& bias_grad);

}  // namespace fused
