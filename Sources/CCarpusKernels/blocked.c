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

ptrdiff_t ck_packed_floats(ck_isa isa, const ck_planes *planes, bool planar, ptrdiff_t m) {
  (void)isa, (void)planar;
  return ck_blocks(planes->output_channels) * CK_BLOCK * planes->input_channels * (m ? (m + 2) * (m + 2) : taps(planes));
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

void ck_pack_frequencies(
  ck_isa isa, const ck_planes *planes, ptrdiff_t m, const float *weights, float *target, ptrdiff_t first, ptrdiff_t last) {
  static const double g2[4][3] = {{1, 0, 0}, {0.5, 0.5, 0.5}, {0.5, -0.5, 0.5}, {0, 0, 1}};
  const double p = 0.70710678118654752440, q = 1.41421356237309504880;
  const double g4[6][3] = {{1, 0, 0},           {-1 / 1.5, -p / 1.5, -0.5 / 1.5}, {-1 / 1.5, p / 1.5, -0.5 / 1.5},
                           {1.0 / 6, q / 6, 2.0 / 6}, {1.0 / 6, -q / 6, 2.0 / 6},       {0, 0, 1}};
  const double(*g)[3] = m == 2 ? g2 : g4;
  const ptrdiff_t n = m + 2, inputs = planes->input_channels, outputs = planes->output_channels;
  const ptrdiff_t matrix = ck_blocks(outputs) * CK_BLOCK * inputs;
  for (ptrdiff_t group = first; group < last; group++) {
    const ptrdiff_t channel = group * ck_group_channels(isa), width = width_of(isa, planes, channel);
    for (ptrdiff_t c = 0; c < inputs; c++)
      for (ptrdiff_t o = 0; o < width; o++) {
        float *to = target + channel * inputs + c * width + o;
        const float *w = weights + ((channel + o) * inputs + c) * 9;
        double rows[6][3];
        for (ptrdiff_t i = 0; i < n; i++)
          for (ptrdiff_t k = 0; k < 3; k++)
            rows[i][k] = channel + o < outputs ? g[i][0] * (double)w[k] + g[i][1] * (double)w[3 + k] + g[i][2] * (double)w[6 + k] : 0;
        for (ptrdiff_t i = 0; i < n; i++)
          for (ptrdiff_t j = 0; j < n; j++)
            to[(i * n + j) * matrix] = (float)(rows[i][0] * g[j][0] + rows[i][1] * g[j][1] + rows[i][2] * g[j][2]);
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
