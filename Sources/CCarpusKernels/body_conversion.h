/* Conversion between all element types, for one instruction set. */
#define CK(name) CK_JOIN(name, CK_ISA)

#if CK_VECTOR_BYTES > 16 || defined(__aarch64__)
#define CK_HALF_IN_HARDWARE 1
#else
#define CK_HALF_IN_HARDWARE 0
#endif

CK_INLINE float CK(as_float)(uint32_t bits) {
  float x;
  memcpy(&x, &bits, 4);
  return x;
}

CK_INLINE uint32_t CK(as_bits)(float x) {
  uint32_t bits;
  memcpy(&bits, &x, 4);
  return bits;
}

#if CK_HALF_IN_HARDWARE
CK_INLINE float CK(half_to_float)(uint16_t bits) {
  _Float16 x;
  memcpy(&x, &bits, 2);
  return (float)x;
}

CK_INLINE uint16_t CK(float_to_half)(float x) {
  _Float16 half = (_Float16)x;
  uint16_t bits;
  memcpy(&bits, &half, 2);
  return bits;
}
#else
CK_INLINE float CK(half_to_float)(uint16_t bits) {
  const uint32_t sign = (uint32_t)(bits & 0x8000) << 16, magnitude = bits & 0x7fff;
  const uint32_t normal = (magnitude << 13) + (112u << 23), special = (magnitude << 13) | 0x7f800000;
  const uint32_t subnormal = CK(as_bits)((float)(int32_t)magnitude * 0x1p-24f);
  return CK(as_float)(sign | (magnitude >= 0x7c00 ? special : magnitude < 0x400 ? subnormal : normal));
}

CK_INLINE uint16_t CK(float_to_half)(float x) {
  const uint32_t bits = CK(as_bits)(x), sign = bits >> 16 & 0x8000, magnitude = bits & 0x7fffffff;
  const uint32_t normal = (magnitude + 0xfff + (magnitude >> 13 & 1) - (112u << 23)) >> 13;
  /* The spacing of float32 at 0.5 is that of the subnormal halves: adding 0.5 rounds to them. */
  const uint32_t subnormal = CK(as_bits)(CK(as_float)(magnitude) + 0.5f) - CK(as_bits)(0.5f);
  const uint32_t nan = 0x7e00 | (magnitude >> 13 & 0x3ff);
  uint32_t half = magnitude < 0x38800000 ? subnormal : magnitude >= 0x477ff000 ? 0x7c00 : normal;
  half = magnitude > 0x7f800000 ? nan : half;
  return (uint16_t)(sign | half);
}
#endif

CK_INLINE float CK(bfloat_to_float)(uint16_t bits) { return CK(as_float)((uint32_t)bits << 16); }

CK_INLINE uint16_t CK(float_to_bfloat)(float x) {
  const uint32_t bits = CK(as_bits)(x);
  const uint32_t rounded = (bits + 0x7fff + (bits >> 16 & 1)) >> 16, nan = bits >> 16 | 0x40;
  return (uint16_t)((bits & 0x7fffffff) > 0x7f800000 ? nan : rounded);
}

/* To float32 by rounding to odd, after which rounding to a shorter format gives what one rounding would have given. */
CK_INLINE float CK(to_odd)(double x) {
  const float nearest = (float)x;
  uint32_t bits = CK(as_bits)(nearest);
  const bool inexact = (double)nearest != x, beyond = __builtin_fabs((double)nearest) > __builtin_fabs(x);
  const uint32_t odd = (bits - beyond) | 1;
  return CK(as_float)((inexact & (x == x)) ? odd : bits);
}

/* Types in memory, and the type in which a value is handled. */
#define STORED_float32 float
#define STORED_float64 double
#define STORED_float16 uint16_t
#define STORED_bfloat16 uint16_t
#define STORED_int8 int8_t
#define STORED_int16 int16_t
#define STORED_int32 int32_t
#define STORED_int64 int64_t
#define STORED_uint8 uint8_t
#define STORED_uint16 uint16_t
#define STORED_uint32 uint32_t
#define STORED_uint64 uint64_t
#define STORED_boolean uint8_t

#define VALUE_float32(x) (x)
#define VALUE_float64(x) (x)
#define VALUE_float16(x) CK(half_to_float)(x)
#define VALUE_bfloat16(x) CK(bfloat_to_float)(x)
#define VALUE_int8(x) (x)
#define VALUE_int16(x) (x)
#define VALUE_int32(x) (x)
#define VALUE_int64(x) (x)
#define VALUE_uint8(x) (x)
#define VALUE_uint16(x) (x)
#define VALUE_uint32(x) (x)
#define VALUE_uint64(x) (x)
#define VALUE_boolean(x) ((uint8_t)((x) != 0))

/* Floating point to integer: `low` and `beyond` are powers of two or 0, so exact in float32. */
#define SATURATING(name, type, source, low, beyond, largest)                                      \
  CK_INLINE type CK(source##_to_##name)(source x) {                                               \
    const bool small = x < (source)(low), large = x >= (source)(beyond), usual = (x == x) & !small & !large; \
    const type inside = (type)(usual ? x : 0);                                                    \
    return small ? (type)(low) : large ? (largest) : inside;                                      \
  }
#define SATURATING_BOTH(name, type, low, beyond, largest)   \
  SATURATING(name, type, float, low, beyond, largest)       \
  SATURATING(name, type, double, low, beyond, largest)
SATURATING_BOTH(int8, int8_t, INT8_MIN, 0x1p7, INT8_MAX)
SATURATING_BOTH(int16, int16_t, INT16_MIN, 0x1p15, INT16_MAX)
SATURATING_BOTH(int32, int32_t, INT32_MIN, 0x1p31, INT32_MAX)
SATURATING_BOTH(int64, int64_t, INT64_MIN, 0x1p63, INT64_MAX)
SATURATING_BOTH(uint8, uint8_t, 0, 0x1p8, UINT8_MAX)
SATURATING_BOTH(uint16, uint16_t, 0, 0x1p16, UINT16_MAX)
SATURATING_BOTH(uint32, uint32_t, 0, 0x1p32, UINT32_MAX)
SATURATING_BOTH(uint64, uint64_t, 0, 0x1p64, UINT64_MAX)

#define TO_float32(v) ((float)(v))
#define TO_float64(v) ((double)(v))
#define TO_float16(v) CK(float_to_half)(_Generic((v), float: (v), default: CK(to_odd)((double)(v))))
#define TO_bfloat16(v) CK(float_to_bfloat)(_Generic((v), float: (v), default: CK(to_odd)((double)(v))))
#define TO_boolean(v) ((uint8_t)((v) != 0))
#define TO_INTEGER(name, type, v) \
  _Generic((v), float: CK(float_to_##name)((float)(v)), double: CK(double_to_##name)((double)(v)), default: (type)(v))
#define TO_int8(v) TO_INTEGER(int8, int8_t, v)
#define TO_int16(v) TO_INTEGER(int16, int16_t, v)
#define TO_int32(v) TO_INTEGER(int32, int32_t, v)
#define TO_int64(v) TO_INTEGER(int64, int64_t, v)
#define TO_uint8(v) TO_INTEGER(uint8, uint8_t, v)
#define TO_uint16(v) TO_INTEGER(uint16, uint16_t, v)
#define TO_uint32(v) TO_INTEGER(uint32, uint32_t, v)
#define TO_uint64(v) TO_INTEGER(uint64, uint64_t, v)

#define FROM(source, target)                                                 \
  case ck_element_##source: {                                                \
    const STORED_##source *restrict a = x;                                   \
    STORED_##target *restrict b = y;                                         \
    for (ptrdiff_t i = 0; i < count; i++) b[i] = TO_##target(VALUE_##source(a[i])); \
    return;                                                                  \
  }
#define TO(target)                                                                                                     \
  static void CK(convert_to_##target)(ck_element from, const void *x, void *y, ptrdiff_t count) {                      \
    switch (from) {                                                                                                    \
      FROM(float32, target) FROM(float64, target) FROM(float16, target) FROM(bfloat16, target) FROM(int8, target)      \
      FROM(int16, target) FROM(int32, target) FROM(int64, target) FROM(uint8, target) FROM(uint16, target)             \
      FROM(uint32, target) FROM(uint64, target) FROM(boolean, target)                                                     \
    }                                                                                                                  \
  }
CK_ELEMENTS(TO)

void CK(ck_convert)(ck_element from, const void *x, ck_element to, void *y, ptrdiff_t count) {
#define CASE(target) \
  case ck_element_##target: return CK(convert_to_##target)(from, x, y, count);
  switch (to) { CK_ELEMENTS(CASE) }
#undef CASE
}
#undef CK
