/* What the kernels in the blocked layout share for all instruction sets: dispatch, extents, packing. */
#include "variants.h"

static const ck_blocked_kernels *kernels(ck_isa isa) {
  assert(ck_has_isa(isa));
#if defined(__x86_64__)
  if (isa == ck_avx512) return &ck_blocked_kernels_avx512;
  if (isa == ck_avx2) return &ck_blocked_kernels_avx2;
#elif defined(__aarch64__)
  if (isa == ck_neon) return &ck_blocked_kernels_neon;
#endif
  return &ck_blocked_kernels_scalar;
}

/* Subnormal numbers, of which a product takes many times as long, count as zero in these kernels. */
#if defined(__x86_64__)
#include <xmmintrin.h>
typedef unsigned control;
static control begin_flushing(void) {
  const control old = _mm_getcsr();
  _mm_setcsr(old | 0x8040);
  return old;
}
static void end_flushing(control old) { _mm_setcsr(old); }
#elif defined(__aarch64__)
typedef uint64_t control;
static control begin_flushing(void) {
  control old;
  __asm__ volatile("mrs %0, fpcr" : "=r"(old));
  __asm__ volatile("msr fpcr, %0" : : "r"(old | (control)1 << 24));
  return old;
}
static void end_flushing(control old) { __asm__ volatile("msr fpcr, %0" : : "r"(old)); }
#else
typedef int control;
static control begin_flushing(void) { return 0; }
static void end_flushing(control old) { (void)old; }
#endif

#define CK_DEFINE(name, parameters, arguments)         \
  void ck_##name(ck_isa isa, CK_UNWRAP parameters) {   \
    const control old = begin_flushing();              \
    kernels(isa)->name arguments;                      \
    end_flushing(old);                                 \
  }
CK_BLOCKED_KERNELS(CK_DEFINE)

ptrdiff_t ck_group_channels(ck_isa isa) { return kernels(isa)->group_channels; }

/* Rows of the largest tile of all instruction sets. */
#define MOST_ROWS 14

ptrdiff_t ck_attention_floats(const ck_attention *attention) {
  const ptrdiff_t keys = ck_blocks(attention->keys) * CK_BLOCK, rows = MOST_ROWS;
  return keys * attention->depth + attention->keys * attention->width + rows * (attention->depth + keys);
}

static ptrdiff_t taps(const ck_planes *planes) { return planes->kernel_height * planes->kernel_width; }

ptrdiff_t ck_step_count(const ck_planes *planes, bool planar) {
  return (planar ? planes->input_channels : ck_blocks(planes->input_channels)) * taps(planes);
}

ptrdiff_t ck_band_floats(const ck_planes *planes, bool planar, ptrdiff_t rows) {
  if (!ck_needs_padding(planes)) return 0;
  return ck_band_height(planes, rows) * ck_band_width(planes) * (planar ? planes->input_channels : ck_blocks(planes->input_channels) * CK_BLOCK);
}

ptrdiff_t ck_gathered_floats(const ck_planes *planes, ptrdiff_t pixels) {
  const ptrdiff_t most = ((ptrdiff_t)1 << 17) / planes->input_channels + 4 * MOST_ROWS;
  return (pixels < most ? pixels : most) * ck_blocks(planes->input_channels) * CK_BLOCK;
}

ptrdiff_t ck_frequency_count(const ck_planes *planes, ptrdiff_t m) {
  return (ck_patch_outputs(planes->kernel_height, m) + planes->kernel_height - 1) *
         (ck_patch_outputs(planes->kernel_width, m) + planes->kernel_width - 1);
}

ptrdiff_t ck_packed_floats(ck_isa isa, const ck_planes *planes, bool planar, ptrdiff_t m) {
  (void)isa, (void)planar;
  return ck_blocks(planes->output_channels) * CK_BLOCK * planes->input_channels * (m ? ck_frequency_count(planes, m) : taps(planes));
}

/* Output channels of the group from `channel` on, rounded up to blocks. */
static ptrdiff_t width_of(ck_isa isa, const ck_planes *planes, ptrdiff_t channel) {
  const ptrdiff_t rest = ck_blocks(planes->output_channels - channel) * CK_BLOCK, most = ck_group_channels(isa);
  return rest < most ? rest : most;
}

void ck_pack_weights(ck_isa isa, const ck_planes *planes, bool planar, const float *weights, float *target) {
  const ptrdiff_t count = taps(planes), inputs = planes->input_channels, outputs = planes->output_channels;
  const ptrdiff_t deep = planar ? 1 : CK_BLOCK;
  for (ptrdiff_t channel = 0; channel < outputs; channel += ck_group_channels(isa)) {
    const ptrdiff_t width = width_of(isa, planes, channel), real = outputs - channel < width ? outputs - channel : width;
    for (ptrdiff_t block = 0; block < inputs; block += deep)
      for (ptrdiff_t tap = 0; tap < count; tap++)
        for (ptrdiff_t c = block; c < inputs && c < block + deep; c++, target += width)
          for (ptrdiff_t o = 0; o < width; o++) target[o] = o < real ? weights[((channel + o) * inputs + c) * count + tap] : 0;
  }
}

/* The matrix that takes a window of r along an axis to n frequencies: p^k / product of (p - z) over the other finite points z; the window's
   last number for the point at infinity. */
static void fill_filter(ptrdiff_t n, ptrdiff_t r, double g[8][7]) {
  static const double root = 0.70710678118654752440;
  static const double four[] = {0, 1, -1}, six[] = {0, root, -root, 2 * root, -2 * root}, eight[] = {0, 0.5, -0.5, 1, -1, 2, -2};
  const double *points = n == 4 ? four : n == 6 ? six : eight;
  for (ptrdiff_t i = 0; i < n - 1; i++) {
    double value = 1;
    for (ptrdiff_t j = 0; j < n - 1; j++) value /= j == i ? 1 : points[i] - points[j];
    /* The transform of the patches has the other sign there. */
    if (n == 4 && i == 0) value = -value;
    for (ptrdiff_t k = 0; k < r; k++, value *= points[i]) g[i][k] = value;
  }
  for (ptrdiff_t k = 0; k < r; k++) g[n - 1][k] = k == r - 1;
}

void ck_pack_frequencies(
  ck_isa isa, const ck_planes *planes, ptrdiff_t m, const float *weights, float *target, ptrdiff_t first, ptrdiff_t last) {
  const ptrdiff_t tall = planes->kernel_height, wide = planes->kernel_width, inputs = planes->input_channels, outputs = planes->output_channels;
  const ptrdiff_t nv = ck_patch_outputs(tall, m) + tall - 1, nh = ck_patch_outputs(wide, m) + wide - 1;
  const ptrdiff_t matrix = ck_blocks(outputs) * CK_BLOCK * inputs;
  double down[8][7], across[8][7];
  fill_filter(nv, tall, down);
  fill_filter(nh, wide, across);
  for (ptrdiff_t group = first; group < last; group++) {
    const ptrdiff_t channel = group * ck_group_channels(isa), width = width_of(isa, planes, channel);
    for (ptrdiff_t c = 0; c < inputs; c++)
      for (ptrdiff_t o = 0; o < width; o++) {
        float *to = target + channel * inputs + c * width + o;
        const float *w = weights + ((channel + o) * inputs + c) * tall * wide;
        double rows[8][7];
        for (ptrdiff_t i = 0; i < nv; i++)
          for (ptrdiff_t k = 0; k < wide; k++) {
            rows[i][k] = 0;
            if (channel + o < outputs)
              for (ptrdiff_t l = 0; l < tall; l++) rows[i][k] += down[i][l] * (double)w[l * wide + k];
          }
        for (ptrdiff_t i = 0; i < nv; i++)
          for (ptrdiff_t j = 0; j < nh; j++) {
            double sum = 0;
            for (ptrdiff_t k = 0; k < wide; k++) sum += rows[i][k] * across[j][k];
            to[(i * nh + j) * matrix] = (float)sum;
          }
      }
  }
}

void ck_pack_channels(const float *weights, float *target, ptrdiff_t channels, ptrdiff_t taps) {
  for (ptrdiff_t block = 0; block < ck_blocks(channels); block++)
    for (ptrdiff_t tap = 0; tap < taps; tap++)
      for (ptrdiff_t lane = 0; lane < CK_BLOCK; lane++, target++) {
        const ptrdiff_t channel = block * CK_BLOCK + lane;
        *target = channel < channels ? weights[channel * taps + tap] : 0;
      }
}
