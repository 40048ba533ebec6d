// Matrix products inside the cache. A panel is [block of channels][pixel][lane]: a pixel's channels in vectors,
// zero beyond the last channel. Rows of a register tile are then a constant distance apart.
#pragma once
#include "operand.h"

namespace fused {

// Elements of one packed vector of k terms.
template <class E>
constexpr long column_of(long k) {
  return steps_of<E>(k) * kStep<E> * kLanes<Compute<E>>;
}

// W [n, k] (strides sn, sk) to [vector of n][step of k][lane][term of step], zero beyond n and k.
template <class E>
void pack(const Compute<E>* w, long n, long k, long sn, long sk, E* out) {
  using T = Compute<E>;
  constexpr int L = kLanes<T>;
  for (long v = 0; v * L < n; ++v)
    for (long j = 0; j < k; j += kStep<E>, out += kStep<E> * L) {
      T terms[2][L] = {};
      for (int t = 0; t < kStep<E> && j + t < k; ++t)
        for (int l = 0; l < L && v * L + l < n; ++l) terms[t][l] = w[(v * L + l) * sn + (j + t) * sk];
      store_step<E>(kStep<E> == 1 ? out : nullptr, out, load(terms[0]), load(terms[1]));
    }
}

// The left operand of multiply(): pixel p's channel c at data[c / lanes * block + p * row + c % lanes].
template <class E>
struct Left {
  const E* data;
  long row, block;
};

template <int Count, int Columns, class E, class Start, class Finish>
inline void multiply_tile(Left<E> a, long k, const E* b, long column, long pixel, long vector, const Start& start,
                          const Finish& finish) {
  constexpr int L = kLanes<Compute<E>>, step = kStep<E>;
  Vec<Compute<E>> sum[Columns][Count];
#pragma GCC unroll 16
  for (int i = 0; i < Count; ++i)
#pragma GCC unroll 3
    for (int j = 0; j < Columns; ++j) sum[j][i] = start(pixel + i, vector + j);
  for (const E* p = a.data + pixel * a.row; k > 0; k -= L, p += a.block) {
    const int depth = k < L ? int(k) : L;
    for (int c = 0; c < depth; c += step, b += step * L) {
      Vec<E> w[Columns];
#pragma GCC unroll 3
      for (int j = 0; j < Columns; ++j) w[j] = load_steps(b + j * column);
#pragma GCC unroll 16
      for (int i = 0; i < Count; ++i) {
        const Vec<E> x = splat_step(p + i * a.row + c);
#pragma GCC unroll 3
        for (int j = 0; j < Columns; ++j) sum[j][i] = multiply_add<E>(sum[j][i], x, w[j]);
      }
    }
  }
#pragma GCC unroll 3
  for (int j = 0; j < Columns; ++j) finish(pixel, vector + j, sum[j]);
}

template <int Columns, class E, class Start, class Finish>
inline void multiply_columns(Left<E> a, long pixels, long k, const E* b, long column, long vector, const Start& start,
                             const Finish& finish) {
  constexpr int count = Columns == 1 ? 2 * kRows : kRows;
  long p = 0;
  for (; p + count <= pixels; p += count) multiply_tile<count, Columns>(a, k, b, column, p, vector, start, finish);
  for (; p < pixels; ++p) multiply_tile<1, Columns>(a, k, b, column, p, vector, start, finish);
}

// finish(p, v, values) for all vectors v of the result and runs of pixels from p on, as long as the array `values`:
// start(p, v) + sum_k a[p, k] * w[k, v]. b: from pack(), its vectors `column` apart.
template <class E, class Start, class Finish>
inline void multiply(Left<E> a, long pixels, long k, const E* b, long column, long vectors, const Start& start,
                     const Finish& finish) {
  long v = 0;
  for (; v + 3 <= vectors && v + 4 != vectors; v += 3)
    multiply_columns<3>(a, pixels, k, b + v * column, column, v, start, finish);
  for (; v + 2 <= vectors; v += 2) multiply_columns<2>(a, pixels, k, b + v * column, column, v, start, finish);
  if (v < vectors) multiply_columns<1>(a, pixels, k, b + v * column, column, v, start, finish);
}

template <int Count, int Columns, class E>
inline void outer_tile(const E* a, const E* b, long column, long steps, Compute<E>* out, long out_column) {
  constexpr int L = kLanes<Compute<E>>, step = kStep<E>;
  Vec<Compute<E>> sum[Count][Columns];
#pragma GCC unroll 16
  for (int i = 0; i < Count; ++i)
#pragma GCC unroll 3
    for (int j = 0; j < Columns; ++j) sum[i][j] = load(out + i * L + j * out_column);
  for (long p = 0; p < steps; ++p, a += step * L, b += step * L) {
    Vec<E> y[Columns];
#pragma GCC unroll 3
    for (int j = 0; j < Columns; ++j) y[j] = load_steps(b + j * column);
#pragma GCC unroll 16
    for (int i = 0; i < Count; ++i) {
      const Vec<E> x = splat_step(a + i * step);
#pragma GCC unroll 3
      for (int j = 0; j < Columns; ++j) sum[i][j] = multiply_add<E>(sum[i][j], x, y[j]);
    }
  }
#pragma GCC unroll 16
  for (int i = 0; i < Count; ++i)
#pragma GCC unroll 3
    for (int j = 0; j < Columns; ++j) store(out + i * L + j * out_column, sum[i][j]);
}

template <int Columns, class E>
inline void outer_columns(const E* a, long block, long n, const E* b, long column, long steps, Compute<E>* out) {
  constexpr int L = kLanes<Compute<E>>, wanted = Columns == 1 ? 2 * kRows : kRows;
  constexpr int count = wanted < L ? wanted : L;  // divides L: a tile stays inside one block of channels
  const auto at = [&](long i) { return a + i / L * block + i % L * kStep<E>; };
  long i = 0;
  for (; i + count <= n; i += count) outer_tile<count, Columns>(at(i), b, column, steps, out + i * L, n * L);
  for (; i < n; ++i) outer_tile<1, Columns>(at(i), b, column, steps, out + i * L, n * L);
}

// out[v][i][lane] += sum_p a[p, i] * b[p, v, lane]: the weight gradient, in vectors of its last index.
// a: steps of a panel of n channels, blocks `block` apart; b: of one of `vectors` blocks, `column` apart.
template <class E>
inline void outer(const E* a, long block, long n, const E* b, long column, long vectors, long pixels,
                  Compute<E>* out) {
  const long size = n * kLanes<Compute<E>>, steps = steps_of<E>(pixels);
  long v = 0;
  for (; v + 3 <= vectors && v + 4 != vectors; v += 3)
    outer_columns<3>(a, block, n, b + v * column, column, steps, out + v * size);
  for (; v + 2 <= vectors; v += 2) outer_columns<2>(a, block, n, b + v * column, column, steps, out + v * size);
  if (v < vectors) outer_columns<1>(a, block, n, b + v * column, column, steps, out + v * size);
}

}  // namespace fused
