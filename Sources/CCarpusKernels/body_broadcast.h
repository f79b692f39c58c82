/* Functions of two operands with broadcasting. A row is a run along the innermost axis. */

CK_INLINE real CK(power)(real a, real b) {
  if (b == 2) return a * a;
  if (b == 1) return a;
  return MATH(pow)(a, b);
}

#define BINARY(name, result_type, expression)                                                                   \
  static void CK(row_##name)(                                                                                   \
    const real *restrict a, ptrdiff_t a_stride, const real *restrict b, ptrdiff_t b_stride, void *restrict out, \
    ptrdiff_t count) {                                                                                          \
    result_type *restrict y = out;                                                                              \
    if (a_stride == 1 && b_stride == 1) {                                                                       \
      for (ptrdiff_t i = 0; i < count; i++) {                                                                   \
        const real u = a[i], v = b[i];                                                                          \
        y[i] = expression;                                                                                      \
      }                                                                                                         \
    } else if (a_stride == 1 && b_stride == 0) {                                                                \
      const real v = b[0];                                                                                      \
      for (ptrdiff_t i = 0; i < count; i++) {                                                                   \
        const real u = a[i];                                                                                    \
        y[i] = expression;                                                                                      \
      }                                                                                                         \
    } else if (a_stride == 0 && b_stride == 1) {                                                                \
      const real u = a[0];                                                                                      \
      for (ptrdiff_t i = 0; i < count; i++) {                                                                   \
        const real v = b[i];                                                                                    \
        y[i] = expression;                                                                                      \
      }                                                                                                         \
    } else {                                                                                                    \
      for (ptrdiff_t i = 0; i < count; i++) {                                                                   \
        const real u = a[i * a_stride], v = b[i * b_stride];                                                    \
        y[i] = expression;                                                                                      \
      }                                                                                                         \
    }                                                                                                           \
  }

BINARY(add, real, u + v)
BINARY(sub, real, u - v)
BINARY(mul, real, u *v)
BINARY(div, real, u / v)
BINARY(pow, real, CK(power)(u, v))
/* An operand that is NaN wins. */
BINARY(min, real, ((u < v) | (u != u)) ? u : v)
BINARY(max, real, ((u > v) | (u != u)) ? u : v)
BINARY(equal, uint8_t, u == v)
BINARY(less, uint8_t, u < v)
BINARY(less_or_equal, uint8_t, u <= v)
BINARY(greater, uint8_t, u > v)
BINARY(greater_or_equal, uint8_t, u >= v)
#undef BINARY

typedef void CK(row)(const real *a, ptrdiff_t a_stride, const real *b, ptrdiff_t b_stride, void *y, ptrdiff_t count);

static void CK(rows)(
  CK(row) * row, const ck_broadcast *broadcast, const real *a, const real *b, char *y, ptrdiff_t size, ptrdiff_t begin,
  ptrdiff_t end) {
  assert(0 <= begin && begin <= end);
  ck_walk walk = ck_walk_from(broadcast, begin);
  while (begin < end) {
    ptrdiff_t run = ck_walk_run(&walk, end - begin);
    row(a + walk.offsets[0], walk.inner_strides[0], b + walk.offsets[1], walk.inner_strides[1], y + begin * size, run);
    begin += run;
    ck_walk_next_row(&walk, broadcast);
  }
}

static void CK(binary)(
  ck_binary_function function, const ck_broadcast *broadcast, const real *a, const real *b, real *y, ptrdiff_t begin,
  ptrdiff_t end) {
#define CASE(name) \
  case ck_binary_##name: return CK(rows)(CK(row_##name), broadcast, a, b, (char *)y, sizeof(real), begin, end);
  switch (function) { CK_BINARY_FUNCTIONS(CASE) }
#undef CASE
}

static void CK(compare)(
  ck_comparison_function function, const ck_broadcast *broadcast, const real *a, const real *b, uint8_t *y, ptrdiff_t begin,
  ptrdiff_t end) {
#define CASE(name) \
  case ck_comparison_##name: return CK(rows)(CK(row_##name), broadcast, a, b, (char *)y, 1, begin, end);
  switch (function) { CK_COMPARISONS(CASE) }
#undef CASE
}
