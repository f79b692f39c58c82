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

/* x Phi(x) = max(x, 0) - z 2^q(z) with z = |x|, q fitted to log2(1 - Phi(z)) so that the largest error of the result, 3e-8, is smallest; 2^f
   for the fraction f of q by a polynomial too. From z = 9 on the second term is 1e-18. */
CK_INLINE float CK(gelu)(float x) {
  const float shift = 12582912.0f;
  float z = __builtin_fabsf(x);
  z = z > 9.0f ? 9.0f : z;
  float q = -7.198391358542722e-07f;
  q = q * z + 1.3309619134815875e-05f;
  q = q * z - 5.8120924222748727e-05f;
  q = q * z - 0.00045895148650743067f;
  q = q * z + 0.0075057088397443295f;
  q = q * z - 0.052822742611169815f;
  q = q * z - 0.45909079909324646f;
  q = q * z - 1.1511205434799194f;
  q = q * z - 1.0f;
  float shifted = q + shift;
  float f = q - (shifted - shift);
  float p = 0.001326472731307149f;
  p = p * f + 0.009671512991189957f;
  p = p * f + 0.05550733581185341f;
  p = p * f + 0.24022242426872253f;
  p = p * f + 0.6931470036506653f;
  p = p * f + 1.0f;
  int32_t power = (int32_t)(CK(to_bits)(shifted) - CK(to_bits)(shift));
  float scale = CK(from_bits)((uint32_t)(power + 127) << 23);
  /* The product is 0, and of minus infinity NaN, as it is by the definition. */
  return (x < 0 ? x * 0.0f : x) - z * (p * scale);
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

#if !CK_IS_FLOAT32
CK_INLINE double CK(gelu)(double x) { return x * CK(normal)(x); }
#endif
