// Derivatives of the operators on maps. Each forward pass saves what its kernel's backward pass reads, and no more: raw
// convolution outputs and per-channel values.
#include "autograd.h"

namespace fused {
namespace {

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
                               const Tensor& weight, int64_t stride, int64_t dilation) {
    at::AutoDispatchBelowADInplaceOrView below;
    const auto [y, sums] = OPERATOR(depthwise).call(z, affine, activation, weight, stride, dilation);
    context->save_for_backward({z, plain(affine), weight, y});
    context->saved_data["activation"] = activation;
    context->saved_data["stride"] = stride;
    context->saved_data["dilation"] = dilation;
    context->set_materialize_grads(false);
    return {y, sums};
  }
  static variable_list backward(AutogradContext* context, const variable_list& grads) {
    const auto saved = context->get_saved_variables();
    const auto [z, affine, weight] =
        OPERATOR(depthwise_backward)
            .call(saved[0], optional(saved[1]), integer(context, "activation"), saved[2], integer(context, "stride"),
                  integer(context, "dilation"), saved[3], or_zeros(grads[0], saved[3]), optional(grads[1]));
    return {z, saved[1].defined() ? affine : Tensor(), Tensor(), weight, Tensor(), Tensor()};
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

Two pointwise_autograd(const Tensor& z, const Optional& affine, int64_t activation, const Tensor& weight) {
  return two<Pointwise>(z, affine, activation, weight);
}
Two depthwise_autograd(const Tensor& z, const Optional& affine, int64_t activation, const Tensor& weight,
                       int64_t stride, int64_t dilation) {
  return two<Depthwise>(z, affine, activation, weight, stride, dilation);
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

}  // namespace

TORCH_LIBRARY_IMPL(mnv2, Autograd, library) {
  library.impl("pointwise", pointwise_autograd);
  library.impl("depthwise", depthwise_autograd);
  library.impl("expand_depthwise", expand_depthwise_autograd);
  library.impl("join", join_autograd);
  library.impl("pool", pool_autograd);
  library.impl("dense", dense_autograd);
}

}  // namespace fused
