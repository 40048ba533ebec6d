// Batch normalisation as arithmetic on sums. No kernel ever sees a norm's backward pass: the gradients of scale and
// shift flow through these formulas to gradients of the sums, which the convolutions' backward passes add. All in
// double: variances are differences of large sums.
#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include <cmath>

#include "ops.h"

namespace fused {
namespace {

// A small tensor's values as doubles, without a torch operation.
struct Values {
  std::vector<double> copy;
  explicit Values(const Tensor& t_) {
    const Tensor t = t_.contiguous();
    const long n = t.numel();
    if (t.scalar_type() == at::kFloat)
      copy.assign(t.const_data_ptr<float>(), t.const_data_ptr<float>() + n);
    else
      copy.assign(t.const_data_ptr<double>(), t.const_data_ptr<double>() + n);
  }
  double operator[](long i) const { return copy[i]; }
};

// A small tensor like another, written from doubles.
template <class Value>
Tensor filled(const Tensor& like, at::IntArrayRef shape, const Value& value) {
  Tensor t = at::empty(shape, like.options());
  const auto fill = [n = t.numel(), &value](auto* p) {
    for (long i = 0; i < n; ++i) p[i] = value(i);
  };
  if (t.scalar_type() == at::kFloat)
    fill(t.mutable_data_ptr<float>());
  else
    fill(t.mutable_data_ptr<double>());
  return t;
}

// Negative variances come from rounding; NaN stays.
double inverse_deviation(double variance, double eps) {
  return 1 / std::sqrt((variance < 0 ? 0 : variance) + eps);
}

// Mean and variance of each channel of z = W x, from the moments of x.
struct Expanded {
  long channels, expanded;
  Tensor product;  // W cov(x), [E, C]
  std::vector<double> x_mean, mean, variance;
  Expanded(const Tensor& moments, const Tensor& weight, const Values& w, int64_t count)
      : channels(moments.size(1)), expanded(weight.size(0)), x_mean(channels), mean(expanded), variance(expanded) {
    const Values m(moments);
    for (long c = 0; c < channels; ++c) x_mean[c] = m[c] / count;
    Tensor covariance = at::empty({channels, channels}, moments.options());
    double* cov = covariance.mutable_data_ptr<double>();
    for (long i = 0; i < channels; ++i)
      for (long j = 0; j < channels; ++j)
        cov[i * channels + j] = m[(i + 1) * channels + j] / count - x_mean[i] * x_mean[j];
    product = weight.flatten(1).to(at::kDouble).mm(covariance);
    const double* p = product.const_data_ptr<double>();
    for (long e = 0; e < expanded; ++e)
      for (long c = 0; c < channels; ++c) {
        mean[e] += w[e * channels + c] * x_mean[c];
        variance[e] += w[e * channels + c] * p[e * channels + c];
      }
  }
};

}  // namespace

Two norm(const Tensor& sums, const Tensor& gamma, const Tensor& beta, int64_t count, double eps) {
  const Values s(sums), g(gamma), b(beta);
  const long channels = gamma.numel();
  std::vector<double> affine(2 * channels), statistics(2 * channels);
  for (long c = 0; c < channels; ++c) {
    const double mean = s[c] / count, variance = s[channels + c] / count - mean * mean;
    affine[c] = g[c] * inverse_deviation(variance, eps);
    affine[channels + c] = b[c] - mean * affine[c];
    statistics[c] = mean;
    statistics[channels + c] = variance < 0 ? 0 : variance;
  }
  const auto of = [](const std::vector<double>& values) { return [&](long i) { return values[i]; }; };
  return {filled(gamma, {2, channels}, of(affine)), filled(gamma, {2, channels}, of(statistics))};
}

Three norm_backward(const Tensor& sums, const Tensor& gamma, int64_t count, double eps, const Tensor& affine_grad) {
  const Values s(sums), g(gamma), grad(affine_grad);
  const long channels = gamma.numel();
  std::vector<double> sums_grad(2 * channels), gamma_grad(channels);
  for (long c = 0; c < channels; ++c) {
    const double mean = s[c] / count, inverse = inverse_deviation(s[channels + c] / count - mean * mean, eps);
    const double shift = grad[channels + c], scale = grad[c] - mean * shift;
    const double variance = -0.5 * scale * g[c] * inverse * inverse * inverse;
    sums_grad[c] = (-shift * g[c] * inverse - 2 * variance * mean) / count;
    sums_grad[channels + c] = variance / count;
    gamma_grad[c] = scale * inverse;
  }
  return {filled(sums, {2, channels}, [&](long i) { return sums_grad[i]; }),
          filled(gamma, {channels}, [&](long i) { return gamma_grad[i]; }),
          filled(gamma, {channels}, [&](long i) { return grad[channels + i]; })};
}

void update_statistics(const Tensor& statistics, int64_t count, double momentum, Tensor& running_mean,
                       Tensor& running_var, Tensor& batches) {
  const Values now(statistics), mean(running_mean), var(running_var);
  const long channels = running_mean.numel();
  ++*batches.mutable_data_ptr<int64_t>();
  const double sample = count > 1 ? double(count) / double(count - 1) : NAN;  // as torch: a sample's variance
  running_mean.copy_(filled(running_mean, {channels}, [&](long i) { return mean[i] + momentum * (now[i] - mean[i]); }));
  running_var.copy_(filled(running_var, {channels}, [&](long i) {
    return var[i] + momentum * (now[channels + i] * sample - var[i]);
  }));
}

Three norm_expansion(const Tensor& moments, const Tensor& weight, const Tensor& gamma, const Tensor& beta,
                     int64_t count, double eps) {
  const Values w(weight), g(gamma), b(beta);
  const Expanded z(moments, weight, w, count);
  std::vector<double> folded(z.expanded * z.channels), bias(z.expanded);
  for (long e = 0; e < z.expanded; ++e) {
    const double scale = g[e] * inverse_deviation(z.variance[e], eps);
    for (long c = 0; c < z.channels; ++c) folded[e * z.channels + c] = w[e * z.channels + c] * scale;
    bias[e] = b[e] - z.mean[e] * scale;
  }
  return {filled(weight, weight.sizes(), [&](long i) { return folded[i]; }),
          filled(gamma, {z.expanded}, [&](long e) { return bias[e]; }),
          filled(gamma, {2, z.expanded}, [&](long i) {
            return i < z.expanded ? z.mean[i] : std::max(z.variance[i - z.expanded], 0.0);
          })};
}

Four norm_expansion_backward(const Tensor& moments, const Tensor& weight, const Tensor& gamma, int64_t count,
                             double eps, const Tensor& weight_grad, const Tensor& bias_grad) {
  const Values w(weight), g(gamma), folded_grad(weight_grad), shift(bias_grad);
  const Expanded z(moments, weight, w, count);
  const long channels = z.channels, expanded = z.expanded;
  const double* product = z.product.const_data_ptr<double>();
  std::vector<double> inner(expanded * channels), gamma_grad(expanded), sum_grad(channels);
  Tensor weighted_rows = at::empty({expanded, channels}, moments.options());  // W times the variance's gradient
  double* weighted = weighted_rows.mutable_data_ptr<double>();
  for (long e = 0; e < expanded; ++e) {
    const double inverse = inverse_deviation(z.variance[e], eps), scale = g[e] * inverse, mean = -scale * shift[e];
    double scale_grad = -z.mean[e] * shift[e];
    for (long c = 0; c < channels; ++c) scale_grad += folded_grad[e * channels + c] * w[e * channels + c];
    const double variance = -0.5 * scale_grad * g[e] * inverse * inverse * inverse;
    gamma_grad[e] = scale_grad * inverse;
    for (long c = 0; c < channels; ++c) {
      const long i = e * channels + c;
      inner[i] = folded_grad[i] * scale + 2 * variance * product[i] + mean * z.x_mean[c];
      weighted[i] = w[i] * variance;
      sum_grad[c] += w[i] * mean;
    }
  }
  const Tensor gram_grad = weight.flatten(1).to(at::kDouble).t().mm(weighted_rows);
  const double* gram = gram_grad.const_data_ptr<double>();
  for (long i = 0; i < channels; ++i)
    for (long j = 0; j < channels; ++j) sum_grad[i] -= 2 * gram[i * channels + j] * z.x_mean[j];
  return {filled(moments, {1 + channels, channels},
                 [&](long i) { return (i < channels ? sum_grad[i] : gram[i - channels]) / count; }),
          filled(weight, weight.sizes(), [&](long i) { return inner[i]; }),
          filled(gamma, {expanded}, [&](long i) { return gamma_grad[i]; }),
          filled(gamma, {expanded}, [&](long i) { return shift[i]; })};
}

}  // namespace fused
