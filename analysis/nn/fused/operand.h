// Operands of matrix products. Processors with AVX512_BF16 multiply maps kept in bfloat16 as such: pairs of terms, added
// to a float32. Elsewhere products are float32 (float64 for maps in float64), and a step is one term.
#pragma once
#include "vec.h"

namespace fused {

// What the products of maps stored as S multiply.
#if defined(FUSED_BF16_PRODUCTS)
template <class S>
using Operand = S;
#else
template <class S>
using Operand = Compute<S>;
#endif
template <class E>
constexpr int kStep = std::is_same_v<E, bf16> ? 2 : 1;  // terms of a sum that one instruction adds
template <class E>
constexpr long steps_of(long terms) {
  return (terms + kStep<E> - 1) / kStep<E>;
}

#if defined(FUSED_BF16_PRODUCTS)
template <>
struct Vector<bf16> {  // of pairs
  typedef uint32_t type __attribute__((vector_size(kBytes), aligned(2), may_alias));
};
#endif

template <class E>
inline Vec<E> load_steps(const E* p) {
  return *reinterpret_cast<const Vec<E>*>(p);
}

template <class E>
inline Vec<E> splat_step(const E* p) {
  std::conditional_t<kStep<E> == 2, uint32_t, E> step;
  std::memcpy(&step, p, sizeof step);
  return step - Vec<E>{};  // as splat()
}

template <class E>
inline Vec<Compute<E>> multiply_add(Vec<Compute<E>> sum, Vec<E> x, Vec<E> y) {
  if constexpr (kStep<E> == 2) {
#if defined(__AVX512BF16__)
    return (Vec<float>)_mm512_dpbf16_ps((__m512)sum, (__m512bh)x, (__m512bh)y);
#else
    const Bits second = 0xffff0000 - Bits{};
    sum += (Vec<float>)(x & second) * (Vec<float>)(y & second);
    return sum + (Vec<float>)(x << 16) * (Vec<float>)(y << 16);
#endif
  } else {
    return sum + x * y;
  }
}

// The terms of a step, lane by lane: the first to `rows`, the second `row` elements on, and interleaved to `steps`.
// Either may be null. Where a step is one term, `rows` serves as both.
template <class E>
inline void store_step(E* rows, long row, E* steps, Vec<Compute<E>> first, Vec<Compute<E>> second) {
  if constexpr (kStep<E> == 2) {
#if defined(__AVX512BF16__)
    const __m512i both = (__m512i)_mm512_cvtne2ps_pbh((__m512)second, (__m512)first);
    const __m512i order = _mm512_set_epi16(31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8, 23, 7, 22, 6, 21,
                                           5, 20, 4, 19, 3, 18, 2, 17, 1, 16, 0);
    if (rows) {
      _mm256_storeu_si256((__m256i*)rows, _mm512_castsi512_si256(both));
      _mm256_storeu_si256((__m256i*)(rows + row), _mm512_extracti64x4_epi64(both, 1));
    }
    if (steps) _mm512_storeu_si512(steps, _mm512_permutexvar_epi16(order, both));
#else
    if (rows) store(rows, first), store(rows + row, second);
    const auto bits = [](Vec<float> v) { return __builtin_convertvector(to_bf16(v), Bits); };
    if (steps) *reinterpret_cast<Vec<E>*>(steps) = bits(first) | bits(second) << 16;
#endif
  } else {
    store(rows, first);
  }
}

// Blocks of channels in the cache, zero beyond the last channel. `steps` is for outer(): [block][step of pixels][lane]
// [pixel of the step], blocks `block` elements apart. `rows` is for multiply(): the same array where a step is one
// pixel, else [pixel][channel], pixels `row` elements apart. Where they differ, either may be null.
template <class E>
struct Panel {
  static constexpr int L = kLanes<Compute<E>>;
  E *rows, *steps;
  long block, padded;
  long row() const { return kStep<E> == 1 ? L : padded; }
  long row_block() const { return kStep<E> == 1 ? block : L; }
  Panel at(long v) const { return moved(v * row_block(), v * block); }
  Panel from(long pixel) const { return moved(pixel * row(), pixel * L); }  // the first of a step

  // value(i) for each pixel i of the first block, and zero up to a whole step.
  template <class Value>
  void fill(long pixels, const Value& value) const {
    long i = 0;
    if constexpr (kStep<E> == 2)
      for (; i + 2 <= pixels; i += 2) {
        const auto first = value(i);
        put(i, first, value(i + 1));
      }
    for (; i < pixels; ++i) put(i, value(i), Vec<Compute<E>>{});
  }

 private:
  Panel moved(long in_rows, long in_steps) const {
    return {rows ? rows + in_rows : rows, steps ? steps + in_steps : steps, block, padded};
  }
  void put(long i, Vec<Compute<E>> first, Vec<Compute<E>> second) const {
    store_step(rows ? rows + i * row() : rows, row(), steps ? steps + i * L : steps, first, second);
  }
};

}  // namespace fused
