#include "filter.h"

namespace fused {
namespace {

// Outputs w .. w + Run - 1 of a row share their loads of the input and hide the latency of the sums.
template <int K, int S, int Run, class T>
inline void filter_run(const T* a, long row, const Vec<T> (&weight)[K][K], T* out) {
  constexpr int L = kLanes<T>;
  Vec<T> sum[Run] = {};
#pragma GCC unroll 8
  for (int kh = 0; kh < K; ++kh)
#pragma GCC unroll 8
    for (int kw = 0; kw < K; ++kw)
#pragma GCC unroll 4
      for (int i = 0; i < Run; ++i) sum[i] += load(a + kh * row + (i * S + kw) * L) * weight[kh][kw];
#pragma GCC unroll 4
  for (int i = 0; i < Run; ++i) store(out + i * L, sum[i]);
}

template <int K, int S, class T>
void forward(const Geometry& shape, long images, Rows rows, const T* a, const T* weights, T* out) {
  constexpr int L = kLanes<T>;
  Vec<T> weight[K][K];
  for (int i = 0; i < K * K; ++i) weight[i / K][i % K] = load(weights + i * L);
  const long row = (shape.width + K - 1) * L, image = bordered(shape.height, shape.width, K / 2) * L;
  for (long i = 0; i < images; ++i, a += image)
    for (long h = rows.first; h < rows.last; ++h) {
      const T* line = a + h * S * row;
      long w = 0;
      for (; w + 4 <= shape.out_width; w += 4, out += 4 * L) filter_run<K, S, 4>(line + w * S * L, row, weight, out);
      for (; w < shape.out_width; ++w, out += L) filter_run<K, S, 1>(line + w * S * L, row, weight, out);
    }
}

// Input pixels whose distance to the filter's grid is (RH, RW) mod S meet the taps of the same residues, and only
// those: each class has its own pixels and its own taps. Taps of rows [First, Last) at a time, so that they and
// their gradients stay in registers.
template <int K, int S, int RH, int RW, int First, int Last, class T>
void backward_class(const Geometry& shape, long images, Rows rows, const T* a, const T* g, const T* weights,
                    T* a_grad, T* weight_grad) {
  constexpr int L = kLanes<T>, P = K / 2;
  constexpr auto meets = [](int kh, int kw) { return kh % S == RH && kw % S == RW; };
  const long row = (shape.out_width + 2 * P) * L, image = bordered(shape.out_height, shape.out_width, P) * L;
  Vec<T> weight[Last - First][K], sum[Last - First][K];
#pragma GCC unroll 8
  for (int kh = First; kh < Last; ++kh)
#pragma GCC unroll 8
    for (int kw = 0; kw < K; ++kw)
      if (meets(kh, kw)) {
        weight[kh - First][kw] = load(weights + (kh * K + kw) * L);
        sum[kh - First][kw] = Vec<T>{};
      }
  for (long i = 0; i < images; ++i, g += image)
    for (long h = rows.first + (RH + (S - 1) * (P + rows.first)) % S; h < rows.last; h += S)
      for (long w = (RW - P % S + S) % S; w < shape.width; w += S) {
        const long at = ((i * rows.count() + h - rows.first) * shape.width + w) * L;
        const T* corner = g + ((h + P - RH) / S + P) * row + ((w + P - RW) / S + P) * L;
        const Vec<T> value = load(a + at);
        Vec<T> grad = K > 3 ? load(a_grad + at) : Vec<T>{};
#pragma GCC unroll 8
        for (int kh = First; kh < Last; ++kh)
#pragma GCC unroll 8
          for (int kw = 0; kw < K; ++kw)
            if (meets(kh, kw)) {
              const Vec<T> y = load(corner - (kh - RH) / S * row - (kw - RW) / S * L);
              grad += y * weight[kh - First][kw];
              sum[kh - First][kw] += y * value;
            }
        store(a_grad + at, grad);
      }
#pragma GCC unroll 8
  for (int kh = First; kh < Last; ++kh)
#pragma GCC unroll 8
    for (int kw = 0; kw < K; ++kw)
      if (meets(kh, kw)) {
        T* out = weight_grad + (kh * K + kw) * L;
        store(out, load(out) + sum[kh - First][kw]);
      }
}

template <int K, int S, int First, class... Arguments>
void backward_rows(Arguments... arguments) {
  constexpr int Last = K == 3 ? K : First + 1;
  backward_class<K, S, First % S, 0, First, Last>(arguments...);
  if constexpr (S == 2) {
    backward_class<K, S, First % S, 1, First, Last>(arguments...);
    if constexpr (K == 3) {
      backward_class<K, S, 1, 0, First, Last>(arguments...);
      backward_class<K, S, 1, 1, First, Last>(arguments...);
    }
  }
  if constexpr (Last < K) backward_rows<K, S, Last>(arguments...);
}

template <class Body>
void with_filter(const Geometry& shape, const Body& body) {
  const auto with_stride = [&](auto kernel) {
    if (shape.stride == 1)
      body(kernel, std::integral_constant<int, 1>{});
    else
      body(kernel, std::integral_constant<int, 2>{});
  };
  if (shape.kernel == 3)
    with_stride(std::integral_constant<int, 3>{});
  else if (shape.kernel == 5)
    with_stride(std::integral_constant<int, 5>{});
  else
    with_stride(std::integral_constant<int, 7>{});
}

}  // namespace

template <class T>
void filter_forward(const Geometry& shape, long images, Rows rows, const T* a, const T* weight, T* out) {
  with_filter(shape, [&](auto k, auto s) { forward<k, s>(shape, images, rows, a, weight, out); });
}

template <class T>
void filter_backward(const Geometry& shape, long images, Rows rows, const T* a, const T* g, const T* weight,
                     T* a_grad, T* weight_grad) {
  if (shape.kernel > 3) std::memset(a_grad, 0, images * rows.count() * shape.width * kLanes<T> * sizeof(T));
  with_filter(shape,
              [&](auto k, auto s) { backward_rows<k, s, 0>(shape, images, rows, a, g, weight, a_grad, weight_grad); });
}

#define INSTANCE(T)                                                                                       \
  template void filter_forward(const Geometry&, long, Rows, const T*, const T*, T*);                            \
  template void filter_backward(const Geometry&, long, Rows, const T*, const T*, const T*, T*, T*);
INSTANCE(float)
INSTANCE(double)

}  // namespace fused
