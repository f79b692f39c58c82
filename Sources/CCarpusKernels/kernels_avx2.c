#include "variants.h"
#if defined(__x86_64__)
#define CK_ISA avx2
#define CK_VECTOR_BYTES 32
#define CK_TILE_ROWS 6
#define CB_ROWS 6
#define CB_BLOCKS 1
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,prfchw"))), apply_to = function)
#include "variant.h"
#pragma clang attribute pop
#endif
