// Products of bfloat16 on the processor's tiles (AMX): registers of 16 rows of 64 bytes. One instruction adds to 16 x 16
// float32 sums the products of 32 terms, as vdpbf16ps multiplies them but in another order. What pack() and
// Panel::steps hold is a right operand as it is, and Panel::rows or a map a left one.
//
// The kernel grants tiles to a process that asks, unless one of its threads has an alternative signal stack too small for
// them. A child has them after fork() and asks again after exec(). MNV2_TILES=0 switches them off.
#pragma once
#include <algorithm>
#include <atomic>

#include "operand.h"

#if (defined(__AMX_BF16__) && defined(__AVX512BF16__) && defined(__linux__)) || defined(FUSED_EMULATED)
#define FUSED_TILES
#endif

namespace fused {

// Whether tiles may be used where they are granted: set by MNV2_TILES and mnv2_tiles().
extern std::atomic<bool> tiles_wanted;

#if !defined(FUSED_TILES)
constexpr bool tiles_granted() { return false; }
#else
constexpr int kTile = kLanes<float>;
constexpr int kSums = 4;  // tiles 0 to 3 are sums, 4 and 5 operands of whole tiles of terms, 6 and 7 of what remains
static_assert(kTile == 16);

// What ldtilecfg reads. Rows of a tile and bytes of a row are exact: nothing beyond an operand is read.
struct alignas(64) Shapes {
  uint8_t palette = 1, start_row = 0, reserved[14] = {};
  uint16_t bytes[16] = {};
  uint8_t rows[16] = {};
};
static_assert(sizeof(Shapes) == 64);

#if defined(FUSED_EMULATED)
}  // namespace fused
#include "emulated.h"
namespace fused {
#else
bool ask_for_tiles();

// Own assembly: the compiler's intrinsics take tile numbers from no template, and loads of gcc 12's may pass stores.
inline void configure_tiles(const Shapes& shapes) { asm volatile("ldtilecfg %0" ::"m"(shapes)); }
inline void release_tiles() { asm volatile("tilerelease"); }
template <int T>
inline void tile_zero() {
  asm volatile("tilezero %%tmm%c0" ::"i"(T));
}
template <int T>
inline void tile_load(const void* p, long stride) {
  asm volatile("tileloadd (%0,%1,1), %%tmm%c2" ::"r"(p), "r"(stride), "i"(T) : "memory");
}
template <int T>
inline void tile_store(void* p, long stride) {
  asm volatile("tilestored %%tmm%c2, (%0,%1,1)" ::"r"(p), "r"(stride), "i"(T) : "memory");
}
template <int Sum, int Left, int Right>
inline void tile_multiply() {
  asm volatile("tdpbf16ps %%tmm%c2, %%tmm%c1, %%tmm%c0" ::"i"(Sum), "i"(Left), "i"(Right));
}
#endif

inline bool tiles_granted() {
  if (!tiles_wanted.load(std::memory_order_relaxed)) return false;
  static const bool granted = ask_for_tiles();
  return granted;
}

// Tiles of a product of `rows` rows and `steps` steps of terms, of this thread, until the end of the scope.
class Tiles {
 public:
  Tiles(long rows, long steps) {
    Shapes shapes;
    const auto shape = [&](int tile, long n, long bytes) {
      shapes.rows[tile] = n, shapes.bytes[tile] = bytes;
    };
    for (int sum = 0; sum < kSums; ++sum) shape(sum, rows, 64);
    shape(4, rows, 64), shape(5, kTile, 64);
    if (const long rest = steps % kTile) shape(6, rows, rest * 4), shape(7, rest, 64);
    configure_tiles(shapes);
  }
  ~Tiles() { release_tiles(); }
  Tiles(const Tiles&) = delete;
};

// body(columns) with the numbers of the sums in use, as constants: all or as many as are left.
template <class Body>
inline void with_sums(long left, const Body& body) {
  if (left >= 4) return body(std::integer_sequence<int, 0, 1, 2, 3>{});
  if (left == 3) return body(std::integer_sequence<int, 0, 1, 2>{});
  if (left == 2) return body(std::integer_sequence<int, 0, 1>{});
  body(std::integer_sequence<int, 0>{});
}

// Adds to the sums a [rows, steps] (rows `row` apart) times b [steps, 16] for each of some b, `column` apart.
template <int... J>
inline void tile_product(std::integer_sequence<int, J...>, const bf16* a, long row, const bf16* b, long column,
                         long steps) {
  constexpr long line = kTile * 2;  // elements of a row of a whole tile
  for (; steps >= kTile; steps -= kTile, a += line, b += kTile * line) {
    tile_load<4>(a, row * 2);
    ((tile_load<5>(b + J * column, line * 2), tile_multiply<J, 4, 5>()), ...);
  }
  if (!steps) return;
  tile_load<6>(a, row * 2);
  ((tile_load<7>(b + J * column, line * 2), tile_multiply<J, 6, 7>()), ...);
}

// One round of a transposition: in each 2 x 2 square of blocks of S x S, the two off the diagonal change places.
template <int S>
inline void swap_blocks(Vec<bf16>* rows) {
  [&]<int... L>(std::integer_sequence<int, L...>) {
    for (int i = 0; i < kTile; ++i) {
      if (i & S) continue;
      const Vec<bf16> upper = rows[i], lower = rows[i + S];
      rows[i] = __builtin_shufflevector(upper, lower, ((L & S) ? kTile + (L ^ S) : L)...);
      rows[i + S] = __builtin_shufflevector(upper, lower, ((L & S) ? kTile + L : L ^ S)...);
    }
  }(std::make_integer_sequence<int, kTile>());
}

// [step][lane] to [lane][step] for up to 16 steps, with zero for the others: rows of the result `row` elements apart.
inline void transpose(const bf16* steps, long count, bf16* out, long row) {
  Vec<bf16> rows[kTile];
  for (int i = 0; i < kTile; ++i) rows[i] = i < count ? load_steps(steps + i * kTile * 2) : Vec<bf16>{};
  swap_blocks<1>(rows), swap_blocks<2>(rows), swap_blocks<4>(rows), swap_blocks<8>(rows);
  for (int i = 0; i < kTile; ++i) *reinterpret_cast<Vec<bf16>*>(out + i * row) = rows[i];
}
#endif

}  // namespace fused
