#ifndef CARPUS_VARIANTS_H
#define CARPUS_VARIANTS_H
#include "carpus_kernels.h"
#include "geometry.h"
#include <assert.h>
#include <math.h>
#include <string.h>

/* One entry per kernel, for one element type and instruction set, and the extents of the tiles. */
#define CK_ENTRY(name, parameters, arguments) void(*name) parameters;
typedef struct {
  ptrdiff_t tile_rows, tile_columns;
  CK_KERNELS(CK_ENTRY)
} ck_kernels;
#undef CK_ENTRY

#define CK_ENTRY(name, parameters, arguments) void(*name) parameters;
typedef struct {
  ptrdiff_t group_channels;
  CK_BLOCKED_KERNELS(CK_ENTRY)
} ck_blocked_kernels;
#undef CK_ENTRY

typedef void ck_converter(ck_element from, const void *x, ck_element to, void *y, ptrdiff_t count);

extern const ck_kernels ck_kernels_float32_scalar, ck_kernels_float64_scalar;
extern const ck_blocked_kernels ck_blocked_kernels_scalar;
ck_converter ck_convert_scalar;
#if defined(__x86_64__)
extern const ck_kernels ck_kernels_float32_avx2, ck_kernels_float64_avx2, ck_kernels_float32_avx512, ck_kernels_float64_avx512;
extern const ck_blocked_kernels ck_blocked_kernels_avx2, ck_blocked_kernels_avx512;
ck_converter ck_convert_avx2, ck_convert_avx512;
#elif defined(__aarch64__)
extern const ck_kernels ck_kernels_float32_neon, ck_kernels_float64_neon;
extern const ck_blocked_kernels ck_blocked_kernels_neon;
ck_converter ck_convert_neon;
#endif

#define CK_JOIN_(a, b) a##_##b
#define CK_JOIN(a, b) CK_JOIN_(a, b)

#endif
