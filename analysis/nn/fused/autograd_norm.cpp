// Derivatives of the operators on sums.
#include "autograd.h"

namespace fused {
namespace {

struct Norm : Function<Norm> {
  static variable_list forward(AutogradContext* context, const Tensor& sums, const Tensor& gamma, const Tensor& beta,
                               int64_t count, double eps) {
    at::AutoDispatchBelowADInplaceOrView below;
    const auto [affine, statistics] = OPERATOR(norm).call(sums, gamma, beta, count, eps);
    context->save_for_backward({sums, gamma});
    context->saved_data["count"] = count;
    context->saved_data["eps"] = eps;
    context->mark_non_differentiable({statistics});
    return {affine, statistics};
  }
  static variable_list backward(AutogradContext* context, const variable_list& grads) {
    const auto saved = context->get_saved_variables();
    const auto [sums, gamma, beta] =
        OPERATOR(norm_backward)
            .call(saved[0], saved[1], integer(context, "count"), context->saved_data["eps"].toDouble(), grads[0]);
    return {sums, gamma, beta, Tensor(), Tensor()};
  }
};

struct NormExpansion : Function<NormExpansion> {
  static variable_list forward(AutogradContext* context, const Tensor& moments, const Tensor& weight,
                               const Tensor& gamma, const Tensor& beta, int64_t count, double eps) {
    at::AutoDispatchBelowADInplaceOrView below;
    const auto [folded, bias, statistics] =
        OPERATOR(norm_expansion).call(moments, weight, gamma, beta, count, eps);
    context->save_for_backward({moments, weight, gamma});
    context->saved_data["count"] = count;
    context->saved_data["eps"] = eps;
    context->mark_non_differentiable({statistics});
    return {folded, bias, statistics};
  }
  static variable_list backward(AutogradContext* context, const variable_list& grads) {
    const auto saved = context->get_saved_variables();
    const auto [moments, weight, gamma, beta] =
        OPERATOR(norm_expansion_backward)
            .call(saved[0], saved[1], saved[2], integer(context, "count"), context->saved_data["eps"].toDouble(),
                  grads[0], grads[1]);
    return {moments, weight, gamma, beta, Tensor(), Tensor()};
  }
};

Two norm_autograd(const Tensor& sums, const Tensor& gamma, const Tensor& beta, int64_t count, double eps) {
  return two<Norm>(sums, gamma, beta, count, eps);
}
Three norm_expansion_autograd(const Tensor& moments, const Tensor& weight, const Tensor& gamma, const Tensor& beta,
                              int64_t count, double eps) {
  const variable_list r = NormExpansion::apply(moments, weight, gamma, beta, count, eps);
  return {r[0], r[1], r[2]};
}

}  // namespace

TORCH_LIBRARY_IMPL(mnv2, Autograd, library) {
  library.impl("norm", norm_autograd);
  library.impl("norm_expansion", norm_expansion_autograd);
}

}  // namespace fused
