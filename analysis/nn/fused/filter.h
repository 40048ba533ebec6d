// Depthwise filters over one vector of channels of a few images, held in the cache as [pixel][lane].
#pragma once
#include "kernels.h"

namespace fused {

// Pixels of an image with a border of zeros as wide as the padding.
inline long bordered(long height, long width, long padding) { return (height + 2 * padding) * (width + 2 * padding); }

// A range of rows of each image.
struct Rows {
  long first, last;
  long count() const { return last - first; }
};

// out [images, rows, out_width]: rows of the filter applied to a [images, bordered(height, width)].
template <class T>
void filter_forward(const Geometry& shape, long images, Rows rows, const T* a, const T* weight, T* out);

// a_grad [images, rows, width]: gradient of a; weight_grad [kernel * kernel] vectors are added to.
// a [images, rows, width]; out_grad [images, bordered(out_height, out_width)].
template <class T>
void filter_backward(const Geometry& shape, long images, Rows rows, const T* a, const T* out_grad, const T* weight,
                     T* a_grad, T* weight_grad);

// Offset of each pixel of `images` images inside their bordered copies, in pixels.
inline void border_offsets(long images, long height, long width, long padding, long* offsets) {
  for (long i = 0; i < images; ++i)
    for (long h = 0; h < height; ++h)
      for (long w = 0; w < width; ++w)
        *offsets++ = i * bordered(height, width, padding) + (h + padding) * (width + 2 * padding) + w + padding;
}

}  // namespace fused
