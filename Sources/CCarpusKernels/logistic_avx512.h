/* The logistic function and SiLU in float32 with AVX-512: 2^f by a polynomial that was fitted to the smallest largest relative error, and
   one step of Newton's method instead of a division. Every element is calculated alike, wherever it lies. */
#include <immintrin.h>

/* 1 / (1 + exp -x), by exp of a negative number on both sides. */
CK_INLINE __m512 CK(logistic_vector)(__m512 x) {
  const __m512 negative = _mm512_or_ps(x, _mm512_set1_ps(-0.0f));
  /* The second operand where one is NaN. */
  const __m512 bounded = _mm512_max_ps(_mm512_set1_ps(-104.5f), negative);
  const __m512 n = _mm512_roundscale_ps(_mm512_mul_ps(bounded, _mm512_set1_ps(1.44269502f)), _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
  __m512 f = _mm512_fmsub_ps(bounded, _mm512_set1_ps(1.44269502f), n);
  f = _mm512_fmadd_ps(bounded, _mm512_set1_ps(1.92596299e-8f), f);
  __m512 p = _mm512_set1_ps(0.00015353361959569156f);
  p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(0.0013398875016719103f));
  p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(0.00961843691766262f));
  p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(0.055503323674201965f));
  p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(0.24022647738456726f));
  p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(0.6931471824645996f));
  p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(1.0f));
  const __m512 e = _mm512_scalef_ps(p, n), d = _mm512_add_ps(e, _mm512_set1_ps(1.0f));
  const __m512 r = _mm512_rcp14_ps(d), inverse = _mm512_fmadd_ps(r, _mm512_fnmadd_ps(d, r, _mm512_set1_ps(1.0f)), r);
  return _mm512_mul_ps(inverse, _mm512_mask_blend_ps(_mm512_movepi32_mask(_mm512_castps_si512(x)), _mm512_set1_ps(1.0f), e));
}

#define CK_VECTORS(name, expression)                                                                          \
  static void CK(unary_##name)(const real *restrict x, real *restrict y, ptrdiff_t count, real a, real b) {   \
    (void)a, (void)b;                                                                                         \
    ptrdiff_t i = 0;                                                                                          \
    for (; i + 16 <= count; i += 16) {                                                                        \
      const __m512 v = _mm512_loadu_ps(x + i);                                                                \
      _mm512_storeu_ps(y + i, expression);                                                                    \
    }                                                                                                         \
    if (i < count) {                                                                                          \
      const __mmask16 rest = (__mmask16)((1u << (count - i)) - 1);                                            \
      const __m512 v = _mm512_maskz_loadu_ps(rest, x + i);                                                    \
      _mm512_mask_storeu_ps(y + i, rest, expression);                                                         \
    }                                                                                                         \
  }
CK_VECTORS(sigmoid, CK(logistic_vector)(v))
CK_VECTORS(silu, _mm512_mul_ps(v, CK(logistic_vector)(v)))
#undef CK_VECTORS
