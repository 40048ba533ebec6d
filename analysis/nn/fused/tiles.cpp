// Whether products run on tiles: the permission of the kernel, the environment's word, and a switch for comparisons.
#include "tiles.h"

#include <cstdlib>
#include <string_view>
#if defined(FUSED_TILES) && !defined(FUSED_EMULATED)
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace fused {

std::atomic<bool> tiles_wanted{[] {
  const char* word = std::getenv("MNV2_TILES");
  return !word || std::string_view(word) != "0";
}()};

#if defined(FUSED_TILES) && !defined(FUSED_EMULATED)
bool ask_for_tiles() {
  constexpr long request_permission = 0x1023, tile_data = 18;  // ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA
  return syscall(SYS_arch_prctl, request_permission, tile_data) == 0;
}
#endif

}  // namespace fused

// Whether products of bfloat16 run on tiles in this process. wanted: 1 and 0 switch them on and off first.
extern "C" bool mnv2_tiles(int wanted) {
  if (wanted >= 0) fused::tiles_wanted = wanted;
  return fused::tiles_granted();
}
