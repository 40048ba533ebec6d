// Operands of matrix products. Processors with AVX512_BF16 multiply maps kept in bfloat16 as such: pairs of terms, added
// to a float32. Elsewhere products are float32 (float64 for maps in float64), and a step is one term.
#pragma once
#include "vec.h"

namespace fused {

// What the products of maps stored as S multiply.
#if defined(__AVX512BF16__)
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

#if defined(__AVX512BF16__)
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
#if defined(__AVX512BF16__)
  if constexpr (kStep<E> == 2)
    return (Vec<float>)_mm512_dpbf16_ps((__m512)sum, (__m512bh)x, (__m512bh)y);
  else
#endif
    return sum + x * y;
}

// The terms of a step, lane by lane: to `rows` one vector behind the other, to `steps` interleaved. Either may be null;
// where a step is one term, `rows` serves as both.
template <class E>
inline void store_step(E* rows, E* steps, Vec<Compute<E>> first, Vec<Compute<E>> second) {
#if defined(__AVX512BF16__)
  if constexpr (kStep<E> == 2) {
    const __m512i both = (__m512i)_mm512_cvtne2ps_pbh((__m512)second, (__m512)first);
    const __m512i order = _mm512_set_epi16(31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8, 23, 7, 22, 6, 21,
                                           5, 20, 4, 19, 3, 18, 2, 17, 1, 16, 0);
    if (rows) _mm512_storeu_si512(rows, both);
    if (steps) _mm512_storeu_si512(steps, _mm512_permutexvar_epi16(order, both));
  } else
#endif
    store(rows, first);
}

// Blocks of channels in the cache: `rows` [pixel][lane] for multiply(), `steps` [step of pixels][lane][pixel of the
// step] for outer(); one array where a step is one pixel, else either may be null.
template <class E>
struct Panel {
  E *rows, *steps;
  Panel at(long offset) const { return {rows ? rows + offset : rows, steps ? steps + offset : steps}; }

  // value(i) for each pixel i of a block, and zero up to a whole step.
  template <class Value>
  void fill(long pixels, const Value& value) const {
    constexpr int L = kLanes<Compute<E>>;
    long i = 0;
    if constexpr (kStep<E> == 2)
      for (; i + 2 <= pixels; i += 2) {
        const auto first = value(i);
        put(i * L, first, value(i + 1));
      }
    for (; i < pixels; ++i) put(i * L, value(i), Vec<Compute<E>>{});
  }

 private:
  void put(long offset, Vec<Compute<E>> first, Vec<Compute<E>> second) const {
    store_step(rows ? rows + offset : rows, steps ? steps + offset : steps, first, second);
  }
};

}  // namespace fused
