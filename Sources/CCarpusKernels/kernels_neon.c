#include "variants.h"
#if defined(__aarch64__)
#define CK_ISA neon
#define CK_VECTOR_BYTES 16
#define CK_TILE_ROWS 12
#define CB_ROWS 6
#define CB_BLOCKS 1
#include "variant.h"
#endif
