/* Reductions of the middle axis of outer x reduced x inner. Sums are accumulated in double, in an order that depends on the extents alone. */

/* `m` the accumulator, `v` the next value; `other` another accumulator. */
#define REDUCTION(name, accumulator, initial, step, merge, finish)                                                    \
  static real CK(reduce_row_##name)(const real *restrict x, ptrdiff_t count) {                                        \
    accumulator lanes[LANES];                                                                                         \
    for (ptrdiff_t lane = 0; lane < LANES; lane++) lanes[lane] = initial;                                             \
    ptrdiff_t i = 0;                                                                                                  \
    for (; i + LANES <= count; i += LANES)                                                                            \
      for (ptrdiff_t lane = 0; lane < LANES; lane++) {                                                                \
        const accumulator m = lanes[lane], v = x[i + lane];                                                           \
        lanes[lane] = step;                                                                                           \
      }                                                                                                               \
    for (ptrdiff_t lane = 0; i < count; i++, lane++) {                                                                \
      const accumulator m = lanes[lane], v = x[i];                                                                    \
      lanes[lane] = step;                                                                                             \
    }                                                                                                                 \
    accumulator m = lanes[0];                                                                                         \
    for (ptrdiff_t lane = 1; lane < LANES; lane++) {                                                                  \
      const accumulator other = lanes[lane];                                                                          \
      m = merge;                                                                                                      \
    }                                                                                                                 \
    return (real)(finish);                                                                                            \
  }                                                                                                                   \
  static void CK(reduce_columns_##name)(                                                                              \
    const real *restrict x, real *restrict y, ptrdiff_t count, ptrdiff_t inner, ptrdiff_t columns) {                  \
    accumulator sums[256];                                                                                            \
    for (ptrdiff_t begin = 0; begin < columns; begin += 256) {                                                        \
      ptrdiff_t width = columns - begin < 256 ? columns - begin : 256;                                                \
      for (ptrdiff_t j = 0; j < width; j++) sums[j] = initial;                                                        \
      for (ptrdiff_t i = 0; i < count; i++) {                                                                         \
        const real *row = x + i * inner + begin;                                                                      \
        for (ptrdiff_t j = 0; j < width; j++) {                                                                       \
          const accumulator m = sums[j], v = row[j];                                                                  \
          sums[j] = step;                                                                                             \
        }                                                                                                             \
      }                                                                                                               \
      for (ptrdiff_t j = 0; j < width; j++) {                                                                         \
        const accumulator m = sums[j];                                                                                \
        y[begin + j] = (real)(finish);                                                                                \
      }                                                                                                               \
    }                                                                                                                 \
  }

REDUCTION(sum, double, 0, m + v, m + other, m)
REDUCTION(mean, double, 0, m + v, m + other, m / (double)count)
REDUCTION(max, real, -(real)INFINITY, ((v > m) | (v != v)) ? v : m, ((other > m) | (other != other)) ? other : m, m)
REDUCTION(min, real, (real)INFINITY, ((v < m) | (v != v)) ? v : m, ((other < m) | (other != other)) ? other : m, m)
REDUCTION(product, double, 1, m *v, m *other, m)
REDUCTION(l1, double, 0, m + __builtin_fabs(v), m + other, m)
REDUCTION(l2, double, 0, m + v * v, m + other, __builtin_elementwise_sqrt(m))
REDUCTION(sum_of_squares, double, 0, m + v * v, m + other, m)
#undef REDUCTION

static void CK(reduce)(
  ck_reduction_function function, const real *x, real *y, ptrdiff_t first, ptrdiff_t last, ptrdiff_t reduced, ptrdiff_t inner,
  ptrdiff_t begin, ptrdiff_t end) {
  assert(0 <= first && first <= last && 0 <= reduced && 0 <= begin && begin <= end && end <= inner);
  for (ptrdiff_t row = first; row < last; row++) {
    const real *source = x + row * reduced * inner;
    real *target = y + row * inner;
#define CASE(name)                                                                                             \
  case ck_reduction_##name:                                                                                    \
    if (inner == 1) {                                                                                          \
      if (begin < end) target[0] = CK(reduce_row_##name)(source, reduced);                                     \
    } else {                                                                                                   \
      CK(reduce_columns_##name)(source + begin, target + begin, reduced, inner, end - begin);                  \
    }                                                                                                          \
    break;
    switch (function) { CK_REDUCTIONS(CASE) }
#undef CASE
  }
}
