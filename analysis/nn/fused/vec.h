// Vectors of channels: the machine's widest registers through the compiler's vector extension, so that one
// source serves AVX-512, AVX2 and anything else. Arithmetic is in T (float, or double for gradient checks);
// tensors are stored as S (float, bf16, double).
#pragma once
#if defined(__AVX512BF16__)
#include <immintrin.h>
#endif

#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>
#include <utility>

// Tests emulate instructions that their processor lacks: FUSED_EMULATED, on any processor.
#if defined(__AVX512BF16__) || defined(FUSED_EMULATED)
#define FUSED_BF16_PRODUCTS
#endif

namespace fused {

#if defined(__AVX512F__) || defined(FUSED_EMULATED)
constexpr int kBytes = 64;
constexpr int kRows = 8;  // rows of a register tile: kRows x kColumns accumulators and kColumns operands fit
#elif defined(__AVX__)
constexpr int kBytes = 32;
constexpr int kRows = 4;
#else
constexpr int kBytes = 16;
constexpr int kRows = 4;
#endif
constexpr int kColumns = 3;  // vectors of a register tile

struct bf16 {
  uint16_t bits;
};

template <class S>
using Compute = std::conditional_t<std::is_same_v<S, double>, double, float>;

template <class T>
struct Vector {
  typedef T type __attribute__((vector_size(kBytes), aligned(alignof(T)), may_alias));
};
template <class T>
using Vec = typename Vector<T>::type;
template <class T>
constexpr int kLanes = kBytes / int(sizeof(T));

typedef uint32_t Bits __attribute__((vector_size(kBytes)));
typedef uint16_t HalfBits __attribute__((vector_size(kBytes / 2)));

template <class T>
inline Vec<T> splat(T value) {
  return value - Vec<T>{};  // x - 0 is x, -0 included: the compiler leaves a broadcast
}

inline int lanes_left(int channels, int first, int lanes) {
  return channels - first < lanes ? channels - first : lanes;
}

// A full vector of storage, converted.
template <class S>
inline Vec<Compute<S>> load(const S* p) {
  if constexpr (std::is_same_v<S, bf16>) {
    HalfBits half;
    std::memcpy(&half, p, sizeof half);
    return (Vec<float>)(__builtin_convertvector(half, Bits) << 16);
  } else {
    return *reinterpret_cast<const Vec<S>*>(p);
  }
}

// Rounds to nearest, ties to even. The arithmetic's own NaN (only the quiet bit set) stays a NaN.
inline HalfBits to_bf16(Vec<float> v) {
#if defined(__AVX512BF16__)
  return (HalfBits)_mm512_cvtneps_pbh((__m512)v);  // the same but for magnitudes below 2^-126, which become 0
#else
  const Bits b = (Bits)v;
  return __builtin_convertvector((b + 0x7fff + ((b >> 16) & 1)) >> 16, HalfBits);
#endif
}

template <class S>
inline void store(S* p, Vec<Compute<S>> v) {
  if constexpr (std::is_same_v<S, bf16>) {
    const HalfBits half = to_bf16(v);
    std::memcpy(p, &half, sizeof half);
  } else {
    *reinterpret_cast<Vec<S>*>(p) = v;
  }
}

// Half a vector of storage in the lower lanes, zero above; and the lower lanes back. Widths are multiples of 8, so
// that this is the common remainder; it must not go through memory, where a wide load after a narrow store stalls.
template <class S>
inline Vec<Compute<S>> load_half(const S* p) {
  using T = Compute<S>;
  typedef T Half __attribute__((vector_size(kBytes / 2)));
  Half half;
  if constexpr (std::is_same_v<S, bf16>) {
    typedef uint16_t Quarter __attribute__((vector_size(kBytes / 4)));
    typedef uint32_t Wide __attribute__((vector_size(kBytes / 2)));
    Quarter quarter;
    std::memcpy(&quarter, p, sizeof quarter);
    half = (Half)(__builtin_convertvector(quarter, Wide) << 16);
  } else {
    std::memcpy(&half, p, sizeof half);
  }
  return [&]<int... I>(std::integer_sequence<int, I...>) {
    return (Vec<T>)__builtin_shufflevector(half, Half{}, I...);
  }(std::make_integer_sequence<int, kLanes<T>>());
}

template <class S>
inline void store_half(S* p, Vec<Compute<S>> v) {
  constexpr auto halves = std::make_integer_sequence<int, kLanes<Compute<S>> / 2>();
  if constexpr (std::is_same_v<S, bf16>) {
    const HalfBits bits = to_bf16(v);
    const auto half = [&]<int... I>(std::integer_sequence<int, I...>) {
      return __builtin_shufflevector(bits, bits, I...);
    }(halves);
    std::memcpy(p, &half, sizeof half);
  } else {
    const auto half = [&]<int... I>(std::integer_sequence<int, I...>) {
      return __builtin_shufflevector(v, v, I...);
    }(halves);
    std::memcpy(p, &half, sizeof half);
  }
}

// The first n lanes, the rest zero.
template <class S>
inline Vec<Compute<S>> load(const S* p, int n) {
  constexpr int lanes = kLanes<Compute<S>>;
  if (n == lanes) return load(p);
  if (n == lanes / 2) return load_half(p);
  S whole[lanes] = {};
  for (int i = 0; i < n; ++i) whole[i] = p[i];
  return load(whole);
}

template <class S>
inline void store(S* p, Vec<Compute<S>> v, int n) {
  constexpr int lanes = kLanes<Compute<S>>;
  if (n == lanes) return store(p, v);
  if (n == lanes / 2) return store_half(p, v);
  S whole[lanes];
  store(whole, v);
  for (int i = 0; i < n; ++i) p[i] = whole[i];
}

// body(n), with n as a constant where it is a whole vector or half of one: its loops are then free of branches, and
// what they add up stays in registers.
template <class T, class Body>
inline void with_lanes(int n, const Body& body) {
  constexpr int lanes = kLanes<T>;
  if (n == lanes)
    body(std::integral_constant<int, lanes>{});
  else if (n == lanes / 2)
    body(std::integral_constant<int, lanes / 2>{});
  else
    body(n);
}

// What a store followed by a load makes of v.
template <class S>
inline Vec<Compute<S>> rounded(Vec<Compute<S>> v) {
  if constexpr (std::is_same_v<S, bf16>)
    return (Vec<float>)(__builtin_convertvector(to_bf16(v), Bits) << 16);
  else
    return v;
}

// Activation of u: clamped to [low, high] (linear, relu, relu6), or hard-swish u * clamp(u + 3, 0, 6) / 6.
// All map 0 to 0, so zero padding may be applied before or after. Comparisons are written so that NaN passes.
struct Activation {
  double low, high;
  bool hard_swish;
};
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr Activation kLinear{-kInfinity, kInfinity, false};

template <class T, bool HardSwish>
struct Act {
  Vec<T> low, high;
  explicit Act(const Activation& a) : low(splat(T(a.low))), high(splat(T(a.high))) {}
  static Vec<T> clamp(Vec<T> u, Vec<T> low, Vec<T> high) {
    Vec<T> v = low > u ? low : u;
    return high < v ? high : v;
  }
  Vec<T> value(Vec<T> u) const {
    if constexpr (HardSwish) return u * clamp(u + T(3), Vec<T>{}, splat(T(6))) * T(1.0 / 6);
    return clamp(u, low, high);
  }
  Vec<T> slope(Vec<T> u) const {
    Vec<T> one = splat(T(1)), zero = {};
    if constexpr (HardSwish) {
      Vec<T> inside = u * T(1.0 / 3) + T(0.5);
      return u <= splat(T(-3)) ? zero : (u >= splat(T(3)) ? one : inside);
    }
    return (u > low) & (u < high) ? one : zero;
  }
};

}  // namespace fused
