#include "variants.h"
#if defined(__x86_64__)
#define CK_ISA avx512
#define CK_VECTOR_BYTES 64
#define CK_TILE_ROWS 14
#define CB_ROWS 14
#define CB_BLOCKS 2
#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,fma,f16c,prfchw"))), apply_to = function)
#include "variant.h"
#pragma clang attribute pop
#endif
