// Matrix products inside the cache. A panel is [block of channels][pixel][lane]: a pixel's channels in vectors,
// zero beyond the last channel. Rows of a register tile are then a constant distance apart.
#pragma once
#include "vec.h"

namespace fused {

// W [n, k] (strides sn, sk) to [vector of n][k][lane], zero beyond n.
template <class T>
void pack(const T* w, long n, long k, long sn, long sk, T* out) {
  constexpr int L = kLanes<T>;
  for (long v = 0; v * L < n; ++v)
    for (long j = 0; j < k; ++j)
      for (int l = 0; l < L; ++l) *out++ = v * L + l < n ? w[(v * L + l) * sn + j * sk] : T(0);
}

template <int Rows, int Columns, class T, class Start, class Finish>
inline void multiply_tile(const T* a, long block, long k, const T* b, long column, long pixel, long vector,
                          const Start& start, const Finish& finish) {
  constexpr int L = kLanes<T>;
  Vec<T> sum[Columns][Rows];
#pragma GCC unroll 16
  for (int i = 0; i < Rows; ++i)
#pragma GCC unroll 3
    for (int j = 0; j < Columns; ++j) sum[j][i] = start(pixel + i, vector + j);
  for (; k > 0; k -= L, a += block) {
    const int depth = k < L ? int(k) : L;
    for (int c = 0; c < depth; ++c, b += L) {
      Vec<T> w[Columns];
#pragma GCC unroll 3
      for (int j = 0; j < Columns; ++j) w[j] = load(b + j * column);
#pragma GCC unroll 16
      for (int i = 0; i < Rows; ++i) {
        const Vec<T> x = splat(a[i * L + c]);
#pragma GCC unroll 3
        for (int j = 0; j < Columns; ++j) sum[j][i] += x * w[j];
      }
    }
  }
#pragma GCC unroll 3
  for (int j = 0; j < Columns; ++j) finish(pixel, vector + j, sum[j]);
}

template <int Columns, class T, class Start, class Finish>
inline void multiply_columns(const T* a, long block, long pixels, long k, const T* b, long column, long vector,
                             const Start& start, const Finish& finish) {
  constexpr int L = kLanes<T>, rows = Columns == 1 ? 2 * kRows : kRows;
  long p = 0;
  for (; p + rows <= pixels; p += rows)
    multiply_tile<rows, Columns>(a + p * L, block, k, b, column, p, vector, start, finish);
  for (; p < pixels; ++p) multiply_tile<1, Columns>(a + p * L, block, k, b, column, p, vector, start, finish);
}

// finish(p, v, values) for all vectors v of the result and runs of pixels from p on, as long as the array `values`:
// start(p, v) + sum_k a[p, k] * w[k, v].
// a: panel whose blocks of channels are `block` apart; b: from pack(), its vectors `column` apart.
template <class T, class Start, class Finish>
inline void multiply(const T* a, long block, long pixels, long k, const T* b, long column, long vectors,
                     const Start& start, const Finish& finish) {
  long v = 0;
  for (; v + 3 <= vectors && v + 4 != vectors; v += 3)
    multiply_columns<3>(a, block, pixels, k, b + v * column, column, v, start, finish);
  for (; v + 2 <= vectors; v += 2)
    multiply_columns<2>(a, block, pixels, k, b + v * column, column, v, start, finish);
  if (v < vectors) multiply_columns<1>(a, block, pixels, k, b + v * column, column, v, start, finish);
}

template <int Rows, int Columns, class T>
inline void outer_tile(const T* a, const T* b, long column, long pixels, T* out, long out_column) {
  constexpr int L = kLanes<T>;
  Vec<T> sum[Rows][Columns];
#pragma GCC unroll 16
  for (int i = 0; i < Rows; ++i)
#pragma GCC unroll 3
    for (int j = 0; j < Columns; ++j) sum[i][j] = load(out + i * L + j * out_column);
  for (long p = 0; p < pixels; ++p, a += L, b += L) {
    Vec<T> y[Columns];
#pragma GCC unroll 3
    for (int j = 0; j < Columns; ++j) y[j] = load(b + j * column);
#pragma GCC unroll 16
    for (int i = 0; i < Rows; ++i) {
      const Vec<T> x = splat(a[i]);
#pragma GCC unroll 3
      for (int j = 0; j < Columns; ++j) sum[i][j] += x * y[j];
    }
  }
#pragma GCC unroll 16
  for (int i = 0; i < Rows; ++i)
#pragma GCC unroll 3
    for (int j = 0; j < Columns; ++j) store(out + i * L + j * out_column, sum[i][j]);
}

template <int Columns, class T>
inline void outer_columns(const T* a, long block, long n, const T* b, long column, long pixels, T* out) {
  constexpr int L = kLanes<T>, wanted = Columns == 1 ? 2 * kRows : kRows;
  constexpr int rows = wanted < L ? wanted : L;  // divides L: a tile stays inside one block of channels
  const long out_column = n * L;
  long i = 0;
  for (; i + rows <= n; i += rows)
    outer_tile<rows, Columns>(a + i / L * block + i % L, b, column, pixels, out + i * L, out_column);
  for (; i < n; ++i)
    outer_tile<1, Columns>(a + i / L * block + i % L, b, column, pixels, out + i * L, out_column);
}

// out[v][i][lane] += sum_p a[p, i] * b[p, v, lane]: the weight gradient, in the layout of pack().
// a: panel of n channels, blocks `block` apart; b: panel of `vectors` blocks, `column` apart.
template <class T>
inline void outer(const T* a, long block, long n, const T* b, long column, long vectors, long pixels, T* out) {
  const long step = n * kLanes<T>;
  long v = 0;
  for (; v + 3 <= vectors && v + 4 != vectors; v += 3)
    outer_columns<3>(a, block, n, b + v * column, column, pixels, out + v * step);
  for (; v + 2 <= vectors; v += 2)
    outer_columns<2>(a, block, n, b + v * column, column, pixels, out + v * step);
  if (v < vectors) outer_columns<1>(a, block, n, b + v * column, column, pixels, out + v * step);
}

}  // namespace fused
