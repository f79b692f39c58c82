/* Functions of one variable and their vector-Jacobian products. NaN goes through all of them. */

#define UNARY(name, expression)                                                                             \
  static void CK(unary_##name)(const real *restrict x, real *restrict y, ptrdiff_t count, real p, real q) { \
    (void)p, (void)q;                                                                                       \
    for (ptrdiff_t i = 0; i < count; i++) {                                                                 \
      const real v = x[i];                                                                                  \
      y[i] = expression;                                                                                    \
    }                                                                                                       \
  }

CK_INLINE real CK(bounded)(real v, real low, real high) {
  v = v < low ? low : v;
  return v > high ? high : v;
}

UNARY(relu, v < 0 ? 0 : v)
UNARY(leaky_relu, v < 0 ? v * p : v)
UNARY(clip, CK(bounded)(v, p, q))
UNARY(hard_sigmoid, CK(bounded)(v * p + q, 0, 1))
UNARY(hard_swish, v * CK(bounded)(v * (real)(1.0 / 6) + (real)0.5, 0, 1))
UNARY(tanh, CK(hyperbolic_tangent)(v))
UNARY(erf, CK(error_function)(v))
UNARY(gelu, CK(gelu)(v))
UNARY(softplus, (v < 0 ? 0 : v) + MATH(log1p)(CK(exponential)(v > 0 ? -v : v)))
UNARY(exp, CK(exponential)(v))
UNARY(log, MATH(log)(v))
UNARY(sqrt, __builtin_elementwise_sqrt(v))
UNARY(reciprocal, 1 / v)
UNARY(neg, -v)
UNARY(abs, __builtin_elementwise_abs(v))
UNARY(sin, MATH(sin)(v))
UNARY(cos, MATH(cos)(v))
UNARY(floor, __builtin_elementwise_floor(v))
UNARY(ceil, __builtin_elementwise_ceil(v))
UNARY(round, __builtin_elementwise_roundeven(v))
UNARY(affine, v * p + q)
#if CK_IS_FLOAT32 && CK_VECTOR_BYTES == 64
#include "logistic_avx512.h"
#else
UNARY(sigmoid, CK(logistic)(v))
UNARY(silu, v * CK(logistic)(v))
#endif
#undef UNARY

static void CK(unary_apart)(ck_unary_function function, const real *x, real *y, ptrdiff_t count, real p, real q) {
#define CASE(name) \
  case ck_unary_##name: return CK(unary_##name)(x, y, count, p, q);
  switch (function) { CK_UNARY_FUNCTIONS(CASE) }
#undef CASE
}

static void CK(unary)(ck_unary_function function, const real *x, real *y, ptrdiff_t count, double p, double q) {
  assert(count >= 0);
  if (x != y) return CK(unary_apart)(function, x, y, count, (real)p, (real)q);
  real block[1024];
  for (ptrdiff_t i = 0; i < count; i += 1024) {
    ptrdiff_t part = count - i < 1024 ? count - i : 1024;
    memcpy(block, x + i, (size_t)part * sizeof(real));
    CK(unary_apart)(function, block, y + i, part, (real)p, (real)q);
  }
}

CK_INLINE real CK(silu_slope)(real v) {
  const real e = CK(exponential)(v < 0 ? v : -v), larger = 1 / (1 + e), smaller = e * larger;
  return v < 0 ? smaller * (1 + v * larger) : larger * (1 + v * smaller);
}

#define GRADIENT(name, expression)                                                                                  \
  static void CK(gradient_##name)(                                                                                  \
    const real *restrict seed, const real *restrict x, real *restrict y, ptrdiff_t count, real p, real q) {         \
    (void)p, (void)q;                                                                                               \
    for (ptrdiff_t i = 0; i < count; i++) {                                                                         \
      const real s = seed[i], v = x[i];                                                                             \
      y[i] = expression;                                                                                            \
    }                                                                                                               \
  }

GRADIENT(relu, v > 0 ? s : 0)
GRADIENT(leaky_relu, v > 0 ? s : s * p)
GRADIENT(clip, ((v > p) & (v < q)) ? s : 0)
GRADIENT(hard_sigmoid, ((v * p + q > 0) & (v * p + q < 1)) ? s * p : 0)
/* -3 and 3 belong to the curved part: the slopes there are -0.5 and 1.5. */
GRADIENT(hard_swish, v <= -3 ? 0 : v >= 3 ? s : s * (v * (real)(1.0 / 3) + (real)0.5))
GRADIENT(abs, v > 0 ? s : v < 0 ? -s : 0)
/* Phi(x) + x phi(x) */
GRADIENT(gelu, s * (CK(normal)(v) + v * (real)0.39894228040143267794 * CK(exponential)(v * v * (real)-0.5)))
/* sigma (1 + x (1 - sigma)): of e = exp(-|x|), 1 / (1 + e) and e / (1 + e) are sigma and 1 - sigma, or the other way round */
GRADIENT(silu, s * CK(silu_slope)(v))
GRADIENT(sigmoid_result, s * (v * (1 - v)))
GRADIENT(tanh_result, s * (1 - v * v))
#undef GRADIENT

static void CK(unary_gradient)(
  ck_gradient_function function, const real *seed, const real *x, real *y, ptrdiff_t count, double p, double q) {
  assert(count >= 0);
#define CASE(name) \
  case ck_gradient_##name: return CK(gradient_##name)(seed, x, y, count, (real)p, (real)q);
  switch (function) { CK_UNARY_GRADIENTS(CASE) }
#undef CASE
}
