// Matrix products inside the cache, of panels: on the processor's tiles where it has them, else in vector registers.
#pragma once
#include "tiles.h"

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
      store_step<E>(kStep<E> == 1 ? out : nullptr, 0, out, load(terms[0]), load(terms[1]));
    }
}

// The left operand of multiply(): pixel p's channel c at data[c / lanes * block + p * row + c % lanes].
template <class E>
struct Left {
  const E* data;
  long row, block = kLanes<Compute<E>>;
  Left(const Panel<E>& panel) : data(panel.rows), row(panel.row()), block(panel.row_block()) {}
  Left(const E* map, long channels) : data(map), row(channels) {}
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

// Whether products of panels of E run on tiles.
template <class E>
inline bool on_tiles() {
  return kStep<E> == 2 && tiles_granted();
}

#if defined(FUSED_TILES)
// Rows of a result in memory, `Count` at a time, to `finish`.
template <int Count, class Start, class Finish>
inline void finish_rows(const float* sums, long pixel, long vector, const Start& start, const Finish& finish) {
  Vec<float> values[Count];
#pragma GCC unroll 16
  for (int i = 0; i < Count; ++i) values[i] = start(pixel + i, vector) + load(sums + i * kTile);
  finish(pixel, vector, values);
}

template <class Start, class Finish>
inline void multiply_tiles(Left<bf16> a, long pixels, long k, const bf16* b, long column, long vectors,
                           const Start& start, const Finish& finish) {
  alignas(64) float sums[kSums][kTile * kTile];
  const long whole = pixels / kTile * kTile, steps = steps_of<bf16>(k);
  for (const auto [first, last] : {std::pair{0l, whole}, std::pair{whole, pixels}}) {
    if (first == last) continue;
    const long rows = std::min<long>(last - first, kTile);
    const Tiles tiles(rows, steps);
    for (long v = 0; v < vectors; v += kSums)
      for (long p = first; p < last; p += kTile)
        with_sums(vectors - v, [&]<int... J>(std::integer_sequence<int, J...> columns) {
          (tile_zero<J>(), ...);
          tile_product(columns, a.data + p * a.row, a.row, b + v * column, column, steps);
          (tile_store<J>(sums[J], kTile * sizeof(float)), ...);
          for (int j = 0; j < int(sizeof...(J)); ++j) {
            if (rows == kTile) {
              finish_rows<kTile>(sums[j], p, v + j, start, finish);
              continue;
            }
            for (int i = 0; i < rows; ++i) finish_rows<1>(sums[j] + i * kTile, p + i, v + j, start, finish);
          }
        });
  }
}

inline void outer_tiles(Panel<bf16> a, long n, Panel<bf16> b, long vectors, long pixels, float* out) {
  constexpr long L = kTile, most = 128;  // steps of the left operand that are transposed at a time
  alignas(64) bf16 left[kTile * most * 2];
  for (long i = 0; i < n; i += L, a = a.at(1)) {
    const long steps = steps_of<bf16>(pixels);
    const Tiles tiles(std::min(n - i, L), steps);
    for (long s = 0; s < steps; s += most) {
      const long some = std::min(steps - s, most);
      for (long t = 0; t < some; t += L)
        transpose(a.steps + (s + t) * 2 * L, std::min(some - t, L), left + t * 2, most * 2);
      for (long v = 0; v < vectors; v += kSums)
        with_sums(vectors - v, [&]<int... J>(std::integer_sequence<int, J...> columns) {
          float* sums = out + (v * n + i) * L;
          (tile_load<J>(sums + J * n * L, L * sizeof(float)), ...);
          tile_product(columns, left, most * 2, b.steps + v * b.block + s * 2 * L, b.block, some);
          (tile_store<J>(sums + J * n * L, L * sizeof(float)), ...);
        });
    }
  }
}
#endif

// finish(p, v, values) for all vectors v of the result and runs of pixels from p on, as long as the array `values`:
// start(p, v) + sum_k a[p, k] * w[k, v]. b: from pack(), its vectors `column` apart.
template <class E, class Start, class Finish>
inline void multiply(Left<E> a, long pixels, long k, const E* b, long column, long vectors, const Start& start,
                     const Finish& finish) {
#if defined(FUSED_TILES)
  if constexpr (kStep<E> == 2)
    if (tiles_granted()) return multiply_tiles(a, pixels, k, b, column, vectors, start, finish);
#endif
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
// a: a panel of n channels; b: of `vectors` blocks of them.
template <class E>
inline void outer(Panel<E> a, long n, Panel<E> b, long vectors, long pixels, Compute<E>* out) {
#if defined(FUSED_TILES)
  if constexpr (kStep<E> == 2)
    if (tiles_granted()) return outer_tiles(a, n, b, vectors, pixels, out);
#endif
  const long size = n * kLanes<Compute<E>>, steps = steps_of<E>(pixels);
  long v = 0;
  for (; v + 3 <= vectors && v + 4 != vectors; v += 3)
    outer_columns<3>(a.steps, a.block, n, b.at(v).steps, b.block, steps, out + v * size);
  for (; v + 2 <= vectors; v += 2)
    outer_columns<2>(a.steps, a.block, n, b.at(v).steps, b.block, steps, out + v * size);
  if (v < vectors) outer_columns<1>(a.steps, a.block, n, b.at(v).steps, b.block, steps, out + v * size);
}

}  // namespace fused
