// What the derivatives of the operators share.
#pragma once
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include "ops.h"

namespace fused {

using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

// The operator through the dispatcher, so that tracing sees it.
#define OPERATOR(op)                                                                                                  \
  ([]() -> const auto& {                                                                                              \
    static const auto handle = c10::Dispatcher::singleton().findSchemaOrThrow("mnv2::" #op, "").typed<decltype(op)>(); \
    return handle;                                                                                                    \
  }())

inline Tensor plain(const Optional& t) { return t.value_or(Tensor()); }
inline Optional optional(const Tensor& t) { return t.defined() ? Optional(t) : Optional(); }
inline Tensor or_zeros(const Tensor& grad, const Tensor& like) { return grad.defined() ? grad : at::zeros_like(like); }
inline int64_t integer(AutogradContext* context, const char* name) { return context->saved_data[name].toInt(); }

template <class F, class... Arguments>
Two two(const Arguments&... arguments) {
  const variable_list r = F::apply(arguments...);
  return {r[0], r[1]};
}

}  // namespace fused
