// The kernels' entry points. S is the storage type (float, bf16, double), T the type of the arithmetic. Tensors
// are [pixel][channel], pixels of N images in row order. Pointers named null may be null.
#pragma once
#include "vec.h"

namespace fused {

// A tensor as its consumer sees it: activation(scale * data + shift), per channel; data itself without `scale`.
template <class S>
struct Lazy {
  const S* data;
  const Compute<S>* scale;  // null
  const Compute<S>* shift;  // null
  Activation activation;
};

// What the backward pass knows of a convolution's output y whose sums the forward pass made: the gradient of y
// is grad + sums_grad[0] + 2 * y * sums_grad[1].
template <class S>
struct OutputGrad {
  const S* grad;
  const S* y;
  const double* sums_grad;  // [2, channels], null
};

// Maps and filters of a convolution. One of dilation d, whose map d divides, is an ordinary one of the d x d maps that
// every d-th row and column make: `images` counts them, height and width are theirs.
struct Geometry {
  long images, height, width, out_height, out_width, kernel, stride, dilation = 1;
  long pixels() const { return height * width; }
  long out_pixels() const { return out_height * out_width; }
  long padding() const { return (kernel - 1) / 2; }
  // Pixel of the tensor at which row h of map `image` starts, `rows` x `columns` being the size of such a map; its
  // pixels are `dilation` apart.
  long row_start(long image, long h, long rows, long columns) const {
    const long d = dilation, row = (image / (d * d) * rows + h) * d + image % (d * d) / d;
    return row * columns * d + image % d;
  }
};

// y = a(z) W^T for W [outputs, channels]; sums [2, outputs]: of y and y^2 over all pixels.
template <class S>
void pointwise_forward(Lazy<S> z, long pixels, long channels, long outputs, const Compute<S>* weight, S* y,
                       double* sums);
// z_grad: of z itself; affine_grad [2, channels]: of scale and shift, null; weight_grad [outputs, channels].
template <class S>
void pointwise_backward(Lazy<S> z, long pixels, long channels, long outputs, const Compute<S>* weight,
                        OutputGrad<S> y, S* z_grad /*null*/, double* affine_grad, Compute<S>* weight_grad);

// Depthwise convolution of a(z) with weight [channels, kernel, kernel].
template <class S>
void depthwise_forward(Lazy<S> z, Geometry shape, long channels, const Compute<S>* weight, S* y, double* sums);
template <class S>
void depthwise_backward(Lazy<S> z, Geometry shape, long channels, const Compute<S>* weight, OutputGrad<S> y,
                        S* z_grad, double* affine_grad, Compute<S>* weight_grad);

// Depthwise convolution of activation(x E^T + bias): the expanded tensor lives in the cache only.
template <class S>
struct Expansion {
  const S* x;
  long channels, expanded;
  const Compute<S>* weight;  // [expanded, channels]
  const Compute<S>* bias;    // [expanded]
  Activation activation;
};
template <class S>
void expand_forward(Expansion<S> expansion, Geometry shape, const Compute<S>* weight, S* y, double* sums);
template <class S>
void expand_backward(Expansion<S> expansion, Geometry shape, const Compute<S>* weight, OutputGrad<S> y, S* x_grad,
                     Compute<S>* expand_grad, Compute<S>* bias_grad, Compute<S>* weight_grad);

// x = activation(a(z) + shortcut); moments [1 + channels, channels]: sum of x and sum of x x^T over pixels.
template <class S>
void join_forward(Lazy<S> z, const S* shortcut /*null*/, Activation activation, long pixels, long channels, S* x,
                  double* moments /*null*/);
template <class S>
void join_backward(Lazy<S> z, const S* shortcut, Activation activation, long pixels, long channels, const S* x,
                   const S* x_grad, const double* moments_grad /*null*/, S* z_grad, S* shortcut_grad /*null*/,
                   double* affine_grad /*null*/);

// Mean over each image's pixels of a(z): [images, channels].
template <class S>
void pool_forward(Lazy<S> z, long images, long pixels, long channels, Compute<S>* mean);
template <class S>
void pool_backward(Lazy<S> z, long images, long pixels, long channels, const Compute<S>* mean_grad, S* z_grad,
                   double* affine_grad);

// Dense convolution of images with strides (image, channel, row, column).
template <class S>
void dense_forward(const Compute<S>* image, const long* strides, long channels, Geometry shape, long outputs,
                   const Compute<S>* weight, S* y, double* sums);
template <class S>
void dense_backward(const Compute<S>* image, const long* strides, long channels, Geometry shape, long outputs,
                    OutputGrad<S> y, Compute<S>* weight_grad);

}  // namespace fused
