// The five instructions of tiles.h and the kernel's permission in plain C++, with the faults that the processor raises.
// Tiles are of a thread. Compiled with -DFUSED_EMULATED.
#pragma once
#include <bit>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace fused {

struct EmulatedTiles {
  Shapes shapes;
  bool configured = false;
  uint8_t data[8][16][64];
};
inline thread_local EmulatedTiles emulated_tiles;
inline std::atomic<long> emulated_products, emulated_requests;

inline void fault_unless(bool correct, const char* what) {
  if (correct) return;
  std::fprintf(stderr, "emulated tiles: %s\n", what);
  std::abort();
}

inline bool ask_for_tiles() {
  ++emulated_requests;
  return !std::getenv("EMULATED_REFUSAL");
}

inline void configure_tiles(const Shapes& shapes) {
  fault_unless(shapes.palette == 1 && shapes.start_row == 0, "palette");
  for (int t = 0; t < 16; ++t) {
    fault_unless((shapes.rows[t] == 0) == (shapes.bytes[t] == 0), "a tile of rows without bytes");
    fault_unless(shapes.rows[t] <= (t < 8 ? 16 : 0) && shapes.bytes[t] <= 64, "a tile too large");
  }
  emulated_tiles.shapes = shapes;
  emulated_tiles.configured = true;
  std::memset(emulated_tiles.data, 0, sizeof emulated_tiles.data);
}

inline void release_tiles() { emulated_tiles.configured = false; }

template <int T>
inline void fault_unless_shaped() {
  static_assert(T >= 0 && T < 8);
  fault_unless(emulated_tiles.configured && emulated_tiles.shapes.rows[T], "a tile without a shape");
}

template <int T>
inline void tile_zero() {
  fault_unless_shaped<T>();
  std::memset(emulated_tiles.data[T], 0, sizeof emulated_tiles.data[T]);
}

template <int T>
inline void tile_load(const void* p, long stride) {
  tile_zero<T>();
  for (int i = 0; i < emulated_tiles.shapes.rows[T]; ++i)
    std::memcpy(emulated_tiles.data[T][i], static_cast<const char*>(p) + i * stride, emulated_tiles.shapes.bytes[T]);
}

template <int T>
inline void tile_store(void* p, long stride) {
  fault_unless_shaped<T>();
  for (int i = 0; i < emulated_tiles.shapes.rows[T]; ++i)
    std::memcpy(static_cast<char*>(p) + i * stride, emulated_tiles.data[T][i], emulated_tiles.shapes.bytes[T]);
}

// Even and odd terms are added up apart, each sum in float32.
template <int Sum, int Left, int Right>
inline void tile_multiply() {
  fault_unless_shaped<Sum>(), fault_unless_shaped<Left>(), fault_unless_shaped<Right>();
  const auto& [shapes, configured, data] = emulated_tiles;
  const int rows = shapes.rows[Sum], columns = shapes.bytes[Sum] / 4, pairs = shapes.rows[Right];
  fault_unless(shapes.rows[Left] == rows && shapes.bytes[Left] == pairs * 4 && shapes.bytes[Right] == columns * 4,
               "shapes of a product");
  ++emulated_products;
  const auto value = [](uint32_t bits) { return std::bit_cast<float>(bits); };
  for (int i = 0; i < rows; ++i) {
    float even[16] = {}, odd[16] = {}, sum[16];
    for (int k = 0; k < pairs; ++k) {
      uint32_t x, y[16];
      std::memcpy(&x, data[Left][i] + k * 4, 4);
      std::memcpy(y, data[Right][k], 64);
      for (int j = 0; j < 16; ++j) {
        even[j] += value(x << 16) * value(y[j] << 16);
        odd[j] += value(x & 0xffff0000) * value(y[j] & 0xffff0000);
      }
    }
    std::memcpy(sum, data[Sum][i], 64);
    for (int j = 0; j < columns; ++j) sum[j] += even[j] + odd[j];
    std::memcpy(emulated_tiles.data[Sum][i], sum, 64);
  }
}

}  // namespace fused
