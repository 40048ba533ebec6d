// Derivatives of the operators. Each forward pass saves what its kernel's backward pass reads, and no more: raw
// convolution outputs and per-channel values.
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include "ops.h"

namespace fused {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

// The operator through the dispatcher, so that tracing sees it.
#define OPERATOR(op)                                                                                                  \
  ([]() -> const auto& {                                                                                              \
    static const auto handle = c10::Dispatcher::singleton().findSchemaOrThrow("mnv2::" #op, "").typed<decltype(op)>(); \
    return handle;                                                                                                    \
  }())

Tensor plain(const Optional& t) { return t.value_or(Tensor()); }
Optional optional(const Tensor& t) { return t.defined() ? Optional(t) : Optional(); }
Tensor or_zeros(const Tensor& grad, const Tensor& like) { return grad.defined() ? grad : at::zeros_like(like); }
int64_t integer(AutogradContext* context, const char* name) { return context->saved_data[name].toInt(); }

struct Pointwise : Function<Pointwise> {
  static variable_list forward(AutogradContext* context, const Tensor& z, const Optional& affine, int64_t activation,
                               const Tensor& weight) {
    at::AutoDispatchBelowADInplaceOrView below;
    const auto [y, sums] = OPERATOR(pointwise).call(z, affine, activation, weight);
    context->save_for_backward({z, plain(affine), weight, y});
    context->saved_data["activation"] = activation;
    context->set_materialize_grads(false);
    return {y, sums};
  }
  static variable_list backward(AutogradContext* context, const variable_list& grads) {
    const auto saved = context->get_saved_variables();
    const auto [z, affine, weight] = OPERATOR(pointwise_backward)
                                         .call(saved[0], optional(saved[1]), integer(context, "activation"), saved[2],
                                               saved[3], or_zeros(grads[0], saved[3]), optional(grads[1]),
                                               context->needs_input_grad(0) || context->needs_input_grad(1));
    return {context->needs_input_grad(0) ? z : Tensor(), saved[1].defined() ? affine : Tensor(), Tensor(), weight};
  }
};

struct Depthwise : Function<Depthwise> {
  static variable_list forward(AutogradContext* context, const Tensor& z, const Optional& affine, int64_t activation,
                               const Tensor& weight, int64_t stride) {
    at::AutoDispatchBelowADInplaceOrView below;
    const auto [y, sums] = OPERATOR(depthwise).call(z, affine, activation, weight, stride);
    context->save_for_backward({z, plain(affine), weight, y});
    context->saved_data["activation"] = activation;
    context->saved_data["stride"] = stride;
    context->set_materialize_grads(false);
    return {y, sums};
  }
  static variable_list backward(AutogradContext* context, const variable_list& grads) {
    const auto saved = context->get_saved_variables();
    const auto [z, affine, weight] =
        OPERATOR(depthwise_backward)
            .call(saved[0], optional(saved[1]), integer(context, "activation"), saved[2], integer(context, "stride"),
                  saved[3], or_zeros(grads[0], saved[3]), optional(grads[1]));
    return {z, saved[1].defined() ? affine : Tensor(), Tensor(), weight, Tensor()};
  }
};

struct ExpandDepthwise : Function<ExpandDepthwise> {
  static variable_list forward(AutogradContext* context, const Tensor& x, const Tensor& expand_weight,
                               const Tensor& expand_bias, int64_t activation, const Tensor& weight, int64_t stride) {
    at::AutoDispatchBelowADInplaceOrView below;
    const auto [y, sums] = OPERATOR(expand_depthwise).call(x, expand_weight, expand_bias, activation, weight, stride);
    context->save_for_backward({x, expand_weight, expand_bias, weight, y});
    context->saved_data["activation"] = activation;
    context->saved_data["stride"] = stride;
    context->set_materialize_grads(false);
    return {y, sums};
  }
  static variable_list backward(AutogradContext* context, const variable_list& grads) {
    const auto saved = context->get_saved_variables();
    const auto [x, expand_weight, expand_bias, weight] =
        OPERATOR(expand_depthwise_backward)
            .call(saved[0], saved[1], saved[2], integer(context, "activation"), saved[3], integer(context, "stride"),
                  saved[4], or_zeros(grads[0], saved[4]), optional(grads[1]));
    return {x, expand_weight, expand_bias, Tensor(), weight, Tensor()};
  }
};

struct Join : Function<Join> {
  static variable_list forward(AutogradContext* context, const Tensor& z, const Optional& affine, int64_t activation,
                               const Optional& shortcut, int64_t joined_activation, bool with_moments) {
    at::AutoDispatchBelowADInplaceOrView below;
    const auto [x, moments] = OPERATOR(join).call(z, affine, activation, shortcut, joined_activation, with_moments);
    context->save_for_backward({z, plain(affine), plain(shortcut), x});
    context->saved_data["activation"] = activation;
    context->saved_data["joined_activation"] = joined_activation;
    context->saved_data["with_moments"] = with_moments;
    context->set_materialize_grads(false);
    return {x, moments};
  }
  static variable_list backward(AutogradContext* context, const variable_list& grads) {
    const auto saved = context->get_saved_variables();
    const bool with_moments = context->saved_data["with_moments"].toBool();
    const auto [z, affine, shortcut] =
        OPERATOR(join_backward)
            .call(saved[0], optional(saved[1]), integer(context, "activation"), optional(saved[2]),
                  integer(context, "joined_activation"), saved[3], or_zeros(grads[0], saved[3]),
                  with_moments ? optional(grads[1]) : Optional());
    return {z,        saved[1].defined() ? affine : Tensor(),   Tensor(), saved[2].defined() ? shortcut : Tensor(),
            Tensor(), Tensor()};
  }
};

struct Pool : Function<Pool> {
  static Tensor forward(AutogradContext* context, const Tensor& z, const Optional& affine, int64_t activation) {
    at::AutoDispatchBelowADInplaceOrView below;
    context->save_for_backward({z, plain(affine)});
    context->saved_data["activation"] = activation;
    return OPERATOR(pool).call(z, affine, activation);
  }
  static variable_list backward(AutogradContext* context, const variable_list& grads) {
    const auto saved = context->get_saved_variables();
    const auto [z, affine] = OPERATOR(pool_backward)
                                 .call(saved[0], optional(saved[1]), integer(context, "activation"), grads[0]);
    return {z, saved[1].defined() ? affine : Tensor(), Tensor()};
  }
};

struct Dense : Function<Dense> {
  static variable_list forward(AutogradContext* context, const Tensor& image, const Tensor& weight, int64_t stride,
                               at::ScalarType storage) {
    TORCH_CHECK(!image.requires_grad(), "mnv2::dense gives no gradient of the image");
    at::AutoDispatchBelowADInplaceOrView below;
    const auto [y, sums] = OPERATOR(dense).call(image, weight, stride, storage);
    context->save_for_backward({image, weight, y});
    context->saved_data["stride"] = stride;
    context->set_materialize_grads(false);
    return {y, sums};
  }
  static variable_list backward(AutogradContext* context, const variable_list& grads) {
    const auto saved = context->get_saved_variables();
    return {Tensor(),
            OPERATOR(dense_backward)
                .call(saved[0], saved[1], integer(context, "stride"), saved[2], or_zeros(grads[0], saved[2]),
                      optional(grads[1])),
            Tensor(), Tensor()};
  }
};

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

template <class F, class... Arguments>
Two two(const Arguments&... arguments) {
  const variable_list r = F::apply(arguments...);
  return {r[0], r[1]};
}
Two pointwise_autograd(const Tensor& z, const Optional& affine, int64_t activation, const Tensor& weight) {
  return two<Pointwise>(z, affine, activation, weight);
}
Two depthwise_autograd(const Tensor& z, const Optional& affine, int64_t activation, const Tensor& weight,
                       int64_t stride) {
  return two<Depthwise>(z, affine, activation, weight, stride);
}
Two expand_depthwise_autograd(const Tensor& x, const Tensor& expand_weight, const Tensor& expand_bias,
                              int64_t activation, const Tensor& weight, int64_t stride) {
  return two<ExpandDepthwise>(x, expand_weight, expand_bias, activation, weight, stride);
}
Two join_autograd(const Tensor& z, const Optional& affine, int64_t activation, const Optional& shortcut,
                  int64_t joined_activation, bool with_moments) {
  return two<Join>(z, affine, activation, shortcut, joined_activation, with_moments);
}
Tensor pool_autograd(const Tensor& z, const Optional& affine, int64_t activation) {
  return Pool::apply(z, affine, activation);
}
Two dense_autograd(const Tensor& image, const Tensor& weight, int64_t stride, at::ScalarType storage) {
  return two<Dense>(image, weight, stride, storage);
}
Two norm_autograd(const Tensor& sums, const Tensor& gamma, const Tensor& beta, int64_t count, double eps) {
  return two<Norm>(sums, gamma, beta, count, eps);
}
Three norm_expansion_autograd(const Tensor& moments, const Tensor& weight, const Tensor& gamma, const Tensor& beta,
                              int64_t count, double eps) {
  const variable_list r = NormExpansion::apply(moments, weight, gamma, beta, count, eps);
  return {r[0], r[1], r[2]};
}

}  // namespace

#define LAZY "Tensor z, Tensor? affine, int activation"
#define OUTPUT "Tensor y, Tensor y_grad, Tensor? sums_grad"
TORCH_LIBRARY(mnv2, library) {
  library.def("pointwise(" LAZY ", Tensor weight) -> (Tensor, Tensor)");
  library.def("pointwise_backward(" LAZY ", Tensor weight, " OUTPUT ", bool z_needed) -> (Tensor, Tensor, Tensor)");
  library.def("depthwise(" LAZY ", Tensor weight, int stride) -> (Tensor, Tensor)");
  library.def("depthwise_backward(" LAZY ", Tensor weight, int stride, " OUTPUT ") -> (Tensor, Tensor, Tensor)");
#define EXPANSION "Tensor x, Tensor expand_weight, Tensor expand_bias, int activation, Tensor weight, int stride"
  library.def("expand_depthwise(" EXPANSION ") -> (Tensor, Tensor)");
  library.def("expand_depthwise_backward(" EXPANSION ", " OUTPUT ") -> (Tensor, Tensor, Tensor, Tensor)");
  library.def("join(" LAZY ", Tensor? shortcut, int joined_activation, bool with_moments) -> (Tensor, Tensor)");
  library.def("join_backward(" LAZY ", Tensor? shortcut, int joined_activation, Tensor x, Tensor x_grad, "
              "Tensor? moments_grad) -> (Tensor, Tensor, Tensor)");
  library.def("pool(" LAZY ") -> Tensor");
  library.def("pool_backward(" LAZY ", Tensor mean_grad) -> (Tensor, Tensor)");
  library.def("dense(Tensor image, Tensor weight, int stride, ScalarType storage) -> (Tensor, Tensor)");
  library.def("dense_backward(Tensor image, Tensor weight, int stride, " OUTPUT ") -> Tensor");
  library.def("norm(Tensor sums, Tensor gamma, Tensor beta, int count, float eps) -> (Tensor, Tensor)");
  library.def("norm_backward(Tensor sums, Tensor gamma, int count, float eps, Tensor affine_grad) "
              "-> (Tensor, Tensor, Tensor)");
  library.def("update_statistics(Tensor statistics, int count, float momentum, Tensor(a!) running_mean, "
              "Tensor(b!) running_var) -> ()");
  library.def("norm_expansion(Tensor moments, Tensor weight, Tensor gamma, Tensor beta, int count, float eps) "
              "-> (Tensor, Tensor, Tensor)");
  library.def("norm_expansion_backward(Tensor moments, Tensor weight, Tensor gamma, int count, float eps, "
              "Tensor weight_grad, Tensor bias_grad) -> (Tensor, Tensor, Tensor, Tensor)");
}

#define FOR_EACH(DO) \
  DO(pointwise) DO(depthwise) DO(expand_depthwise) DO(join) DO(pool) DO(dense) DO(norm) DO(norm_expansion)
TORCH_LIBRARY_IMPL(mnv2, CPU, library) {
#define CPU(op) library.impl(#op, op), library.impl(#op "_backward", op##_backward);
  FOR_EACH(CPU)
  library.impl("update_statistics", update_statistics);
}
TORCH_LIBRARY_IMPL(mnv2, Autograd, library) {
#define AUTOGRAD(op) library.impl(#op, op##_autograd);
  FOR_EACH(AUTOGRAD)
}

}  // namespace fused
