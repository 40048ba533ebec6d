// The operators' schemas and their implementations on a CPU.
#include <torch/library.h>

#include "ops.h"

extern "C" bool mnv2_tiles(int wanted);  // tiles.cpp

namespace fused {

#define LAZY "Tensor z, Tensor? affine, int activation"
#define OUTPUT "Tensor y, Tensor y_grad, Tensor? sums_grad"
TORCH_LIBRARY(mnv2, library) {
  library.def("pointwise(" LAZY ", Tensor weight) -> (Tensor, Tensor)");
  library.def("pointwise_backward(" LAZY ", Tensor weight, " OUTPUT ", bool z_needed) -> (Tensor, Tensor, Tensor)");
  library.def("depthwise(" LAZY ", Tensor weight, int stride, int dilation) -> (Tensor, Tensor)");
  library.def("depthwise_backward(" LAZY ", Tensor weight, int stride, int dilation, " OUTPUT ") "
              "-> (Tensor, Tensor, Tensor)");
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
              "Tensor(b!) running_var, Tensor(c!) batches) -> ()");
  library.def("norm_expansion(Tensor moments, Tensor weight, Tensor gamma, Tensor beta, int count, float eps) "
              "-> (Tensor, Tensor, Tensor)");
  library.def("norm_expansion_backward(Tensor moments, Tensor weight, Tensor gamma, int count, float eps, "
              "Tensor weight_grad, Tensor bias_grad) -> (Tensor, Tensor, Tensor, Tensor)");
  // Whether products of bfloat16 run on the processor's tiles in this process, after a wish.
  library.def("tiles(bool? wanted) -> bool",
              [](std::optional<bool> wanted) { return mnv2_tiles(wanted ? int(*wanted) : -1); });
}

TORCH_LIBRARY_IMPL(mnv2, CPU, library) {
#define WITH_BACKWARD(op) library.impl(#op, op), library.impl(#op "_backward", op##_backward);
  WITH_BACKWARD(pointwise)
  WITH_BACKWARD(depthwise)
  WITH_BACKWARD(expand_depthwise)
  WITH_BACKWARD(join)
  WITH_BACKWARD(pool)
  WITH_BACKWARD(dense)
  WITH_BACKWARD(norm)
  WITH_BACKWARD(norm_expansion)
  library.impl("update_statistics", update_statistics);
}

}  // namespace fused
