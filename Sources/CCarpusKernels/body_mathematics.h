/* exp, tanh and erf of one number, written so that loops over them become vector code. In float32 by polynomials that were fitted to
   the smallest largest relative error (Lawson's weighted least squares); in float64 by the C library. */
#define CK_INLINE static inline __attribute__((always_inline))

#if CK_IS_FLOAT32

CK_INLINE float CK(from_bits)(uint32_t bits) {
  float x;
  memcpy(&x, &bits, 4);
  return x;
}

CK_INLINE uint32_t CK(to_bits)(float x) {
  uint32_t bits;
  memcpy(&bits, &x, 4);
  return bits;
}

/* exp x = 2^n exp r with n = round(x / ln 2), |r| <= ln 2 / 2; 2^n in two factors, so that it reaches the subnormal numbers. */
CK_INLINE float CK(exponential)(float x) {
  const float shift = 12582912.0f; /* 1.5 2^23: adding it rounds to an integer, which then is in the low bits */
  float bounded = x > 89.0f ? 89.0f : x;
  bounded = bounded < -104.5f ? -104.5f : bounded;
  float shifted = bounded * 1.44269504f + shift;
  float n = shifted - shift;
  int32_t power = (int32_t)(CK(to_bits)(shifted) - CK(to_bits)(shift));
  float r = bounded - n * 0.693359375f;
  r = r + n * 2.12194440e-4f;
  float p = 0.0013814602280035615f;
  p = p * r + 0.008368715643882751f;
  p = p * r + 0.04166838899254799f;
  p = p * r + 0.1666652113199234f;
  p = p * r + 0.4999999403953552f;
  p = p * (r * r) + r + 1.0f;
  int32_t half = power >> 1;
  float first = CK(from_bits)((uint32_t)(half + 127) << 23);
  float second = CK(from_bits)((uint32_t)(power - half + 127) << 23);
  return p * first * second;
}

CK_INLINE float CK(hyperbolic_tangent)(float x) {
  float z = __builtin_fabsf(x), s = x * x;
  float p = -0.005468300078064203f;
  p = p * s + 0.020415229722857475f;
  p = p * s - 0.053665295243263245f;
  p = p * s + 0.1333041489124298f;
  p = p * s - 0.3333323001861572f;
  float small = p * s * x + x;
  float large = __builtin_copysignf(1.0f - 2.0f / (CK(exponential)(z + z) + 1.0f), x);
  return z > 0.625f ? large : small;
}

/* x P(x^2) up to 1; from there 1 - exp q(x), q fitted to the logarithm of erfc. */
CK_INLINE float CK(error_function)(float x) {
  float z = __builtin_fabsf(x), s = x * x;
  float p = 7.853896386222914e-05f;
  p = p * s - 0.000801020534709096f;
  p = p * s + 0.005188329145312309f;
  p = p * s - 0.026853812858462334f;
  p = p * s + 0.1128358542919159f;
  p = p * s - 0.3761262595653534f;
  p = p * s + 1.1283791065216064f;
  float small = p * x;
  float t = z > 4.0f ? 4.0f : z;
  float q = -2.1697587726521306e-05f;
  q = q * t + 0.00044147230801172554f;
  q = q * t - 0.004205282777547836f;
  q = q * t + 0.025210333988070488f;
  q = q * t - 0.10842208564281464f;
  q = q * t - 0.633216381072998f;
  q = q * t - 1.1295802593231201f;
  q = q * t + 0.00018846648163162172f;
  float large = __builtin_copysignf(1.0f - CK(exponential)(q), x);
  return z > 1.0f ? large : small;
}

#define MATH(name) name##f

#else

CK_INLINE double CK(exponential)(double x) { return exp(x); }
CK_INLINE double CK(hyperbolic_tangent)(double x) { return tanh(x); }
CK_INLINE double CK(error_function)(double x) { return erf(x); }

#define MATH(name) name

#endif

/* 1 / (1 + exp -x), by exp of a negative number on both sides, which neither overflows nor cancels. */
CK_INLINE real CK(logistic)(real x) {
  real e = CK(exponential)(x < 0 ? x : -x);
  return (x < 0 ? e : (real)1) / (1 + e);
}

/* Phi(x), the normal distribution function. */
CK_INLINE real CK(normal)(real x) { return (real)0.5 * (1 + CK(error_function)(x * (real)0.70710678118654752440)); }
