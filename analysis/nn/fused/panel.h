// Moving pixels between memory and panels in the cache, and what every kernel shares: scratch memory, work split
// over threads in an order that does not depend on timing, sums over threads.
#pragma once
#include <ATen/Parallel.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <vector>

#include "kernels.h"
#include "operand.h"

namespace fused {

inline long vectors_of(long channels, int lanes) { return (channels + lanes - 1) / lanes; }

struct Free {
  void operator()(void* p) const { std::free(p); }
};

// Buffers of this thread, kept from call to call: fresh memory costs a page fault per 4 KiB.
class Scratch {
 public:
  template <class T>
  T* take(size_t count) {
    return static_cast<T*>(bytes((count * sizeof(T) + 127) / 64 * 64));
  }
  template <class T>
  T* zeros(size_t count) {
    T* p = take<T>(count);
    std::memset(static_cast<void*>(p), 0, count * sizeof(T));
    return p;
  }

 private:
  void* bytes(size_t wanted) {
    static thread_local std::vector<std::pair<std::unique_ptr<void, Free>, size_t>> buffers;
    if (used_ == buffers.size()) buffers.emplace_back();
    auto& [memory, size] = buffers[used_++];
    if (size < wanted) {
      memory.reset(std::aligned_alloc(64, wanted));
      size = wanted;
      if (!memory) throw std::bad_alloc();
    }
    return memory.get();
  }
  size_t used_ = 0;
};

// body(part, first, last) for equal parts of [0, jobs), one for each thread.
inline long parts_of(long jobs) { return std::max(1l, std::min<long>(jobs, at::get_num_threads())); }
template <class Body>
void split(long jobs, const Body& body) {
  const long parts = parts_of(jobs);
  at::parallel_for(0, parts, 1, [&](long first, long last) {
    for (long part = first; part < last; ++part) body(part, jobs * part / parts, jobs * (part + 1) / parts);
  });
}

// One accumulator per part, added up in order.
template <class A>
class Partial {
 public:
  Partial(long parts, long size) : size_(size), values_(parts * size + 64 / sizeof(A)) {}
  A* operator[](long part) { return values_.data() + part * size_; }
  const A* total() {
    for (long i = size_; i < long(values_.size()) / size_ * size_; ++i) values_[i % size_] += values_[i];
    return values_.data();
  }

 private:
  long size_;
  std::vector<A> values_;
};

template <class T>
inline void add_to(double* sum, const T* values, long count) {
  for (long i = 0; i < count; ++i) sum[i] += double(values[i]);
}

template <class T>
inline void add_lanes(double* sum, Vec<T> v) {
  for (int l = 0; l < kLanes<T>; ++l) sum[l] += double(v[l]);
}

// Two rows of `padded` sums to two rows of `channels`.
inline void copy_sums(const double* total, long padded, long channels, double* sums) {
  std::copy_n(total, channels, sums);
  std::copy_n(total + padded, channels, sums + channels);
}

template <class Body>
inline void with_activation(const Activation& activation, const Body& body) {
  if (activation.hard_swish)
    body(std::true_type{});
  else
    body(std::false_type{});
}

// A channel's scale and shift, 1 and 0 where z is taken as it is.
template <class S>
struct Affine {
  Vec<Compute<S>> scale = splat(Compute<S>(1)), shift = {};
  Affine(const Lazy<S>& z, long c, int n) {
    if (z.scale) scale = load(z.scale + c, n), shift = load(z.shift + c, n);
  }
  Vec<Compute<S>> operator()(Vec<Compute<S>> x) const { return x * scale + shift; }
};

// A panel with room for `blocks` blocks of channels of `pixels` pixels. Where rows and steps differ, of the one or both.
template <class E>
Panel<E> take_panel(Scratch& scratch, long blocks, long pixels, bool rows, bool steps) {
  constexpr int L = kLanes<Compute<E>>;
  const long block = steps_of<E>(pixels) * kStep<E> * L, size = blocks * block;
  const auto taken = [&](bool wanted) { return wanted ? scratch.take<E>(size) : nullptr; };
  if (kStep<E> > 1) return {taken(rows), taken(steps), block, blocks * L};
  E* both = scratch.take<E>(size);
  return {both, both, block, blocks * L};
}

// a(z) of `pixels` pixels as a panel.
template <bool HardSwish, class S, class E>
void load_panel(const Lazy<S>& z, const S* data, long pixels, long channels, Panel<E> panel) {
  using T = Compute<S>;
  constexpr int L = kLanes<T>;
  const Act<T, HardSwish> act(z.activation);
  for (long c = 0; c < channels; c += L, panel = panel.at(1)) {
    with_lanes<T>(lanes_left(channels, c, L), [&](auto n) {
      const S* p = data + c;
      const Affine<S> normalise(z, c, n);
      if (z.scale)
        panel.fill(pixels, [&](long i) { return act.value(normalise(load(p + i * channels, n))); });
      else
        panel.fill(pixels, [&](long i) { return act.value(load(p + i * channels, n)); });
    });
  }
}

// What the sums' gradients add to the gradient of y, for one vector of channels.
template <class S>
struct SumsGrad {
  using T = Compute<S>;
  Vec<T> one = {}, two = {};
  SumsGrad(const OutputGrad<S>& y, long channels, long c, int n) {
    T values[2][kLanes<T>] = {};
    for (int l = 0; l < n; ++l) {
      values[0][l] = T(y.sums_grad[c + l]);
      values[1][l] = T(2 * y.sums_grad[channels + c + l]);
    }
    one = load(values[0]);
    two = load(values[1]);
  }
  Vec<T> operator()(Vec<T> grad, Vec<T> raw) const { return grad + one + two * raw; }
};

// The full gradient of y (see OutputGrad) for `pixels` pixels from `first` on, as a panel.
template <class S, class E>
void load_grad(const OutputGrad<S>& y, long first, long pixels, long channels, Panel<E> panel) {
  using T = Compute<S>;
  constexpr int L = kLanes<T>;
  for (long c = 0; c < channels; c += L, panel = panel.at(1)) {
    with_lanes<T>(lanes_left(channels, c, L), [&](auto n) {
      const S *grad = y.grad + first * channels + c, *raw = y.y + first * channels + c;
      if (!y.sums_grad) return panel.fill(pixels, [&](long i) { return load(grad + i * channels, n); });
      const SumsGrad<S> add(y, channels, c, n);
      panel.fill(pixels, [&](long i) { return add(load(grad + i * channels, n), load(raw + i * channels, n)); });
    });
  }
}

// Ends a product: rows to y [pixels, outputs]; their sum and sum of squares added to total [2, padded].
template <class S>
struct StoreWithSums {
  S* y;
  long outputs;
  Compute<S>* total;
  long padded;
  template <class Values>
  void operator()(long p, long v, const Values& values) const {
    using T = Compute<S>;
    constexpr int L = kLanes<T>;
    with_lanes<T>(lanes_left(outputs, v * L, L), [&](auto n) {
      S* row = y + p * outputs + v * L;
      T* sums = total + v * L;
      Vec<T> sum = load(sums), square = load(sums + padded);
#pragma GCC unroll 16
      for (const Vec<T>& value : values) {
        store(row, value, n);
        row += outputs;
        sum += value;
        square += value * value;
      }
      store(sums, sum);
      store(sums + padded, square);
    });
  }
};

// From the layout of outer()'s result, in vectors of L, to [n, k] with strides sn, sk.
template <class T>
void unpack(const T* packed, long n, long k, long sn, long sk, T* w, int L = kLanes<T>) {
  for (long i = 0; i < n; ++i)
    for (long j = 0; j < k; ++j) w[i * sn + j * sk] = packed[(i / L * k + j) * L + i % L];
}

#define FUSED_FOR_STORAGE(INSTANCE) INSTANCE(float) INSTANCE(bf16) INSTANCE(double)

}  // namespace fused
