#include "variants.h"
#include <stdlib.h>

bool ck_has_isa(ck_isa isa) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
  bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
                __builtin_cpu_supports("avx512bw");
  return isa == ck_scalar || (isa == ck_avx2 && avx2) || (isa == ck_avx512 && avx2 && avx512);
#elif defined(__aarch64__)
  return isa == ck_scalar || isa == ck_neon;
#else
  return isa == ck_scalar;
#endif
}

ck_isa ck_preferred_isa(void) {
  static const char *const names[] = {"scalar", "avx2", "avx512", "neon"};
  const char *wish = getenv("CARPUS_ISA");
  for (int isa = ck_neon; isa > ck_scalar; isa--)
    if (ck_has_isa((ck_isa)isa) && (!wish || strcmp(wish, names[isa]) == 0)) return (ck_isa)isa;
  if (!wish || strcmp(wish, names[ck_scalar]) == 0) return ck_scalar;
  for (int isa = ck_neon; isa > ck_scalar; isa--)
    if (ck_has_isa((ck_isa)isa)) return (ck_isa)isa;
  return ck_scalar;
}

static const ck_kernels *kernels(ck_isa isa, ck_type type) {
  assert(ck_has_isa(isa));
#if defined(__x86_64__)
  if (isa == ck_avx512) return type == ck_float32 ? &ck_kernels_float32_avx512 : &ck_kernels_float64_avx512;
  if (isa == ck_avx2) return type == ck_float32 ? &ck_kernels_float32_avx2 : &ck_kernels_float64_avx2;
#elif defined(__aarch64__)
  if (isa == ck_neon) return type == ck_float32 ? &ck_kernels_float32_neon : &ck_kernels_float64_neon;
#endif
  return type == ck_float32 ? &ck_kernels_float32_scalar : &ck_kernels_float64_scalar;
}

#define CK_DEFINE(name, parameters, arguments) \
  void ck_##name(ck_isa isa, ck_type type, CK_UNWRAP parameters) { kernels(isa, type)->name arguments; }
CK_KERNELS(CK_DEFINE)

ptrdiff_t ck_tile_rows(ck_isa isa) { return kernels(isa, ck_float32)->tile_rows; }
ptrdiff_t ck_tile_columns(ck_isa isa, ck_type type) { return kernels(isa, type)->tile_columns; }

ptrdiff_t ck_padded_plane(const ck_window *window) { return ck_padded_of(window).plane; }

ptrdiff_t ck_depthwise_spare(ck_isa isa, ck_type type, const ck_window *window) {
  const ck_split split = ck_split_of(window);
  const ptrdiff_t size = type == ck_float32 ? sizeof(float) : sizeof(double), slack = 2 * ck_tile_columns(isa, type) * size;
  return (split.parts * split.count + ck_even(split.length) + 4) * size + 2 * slack +
         ck_volume(window->kernel) * (ptrdiff_t)sizeof(ptrdiff_t) + 64;
}

void ck_convert(ck_isa isa, ck_element from, const void *x, ck_element to, void *y, ptrdiff_t count) {
  assert(ck_has_isa(isa) && count >= 0);
#if defined(__x86_64__)
  if (isa == ck_avx512) return ck_convert_avx512(from, x, to, y, count);
  if (isa == ck_avx2) return ck_convert_avx2(from, x, to, y, count);
#elif defined(__aarch64__)
  if (isa == ck_neon) return ck_convert_neon(from, x, to, y, count);
#endif
  ck_convert_scalar(from, x, to, y, count);
}
