/* Softmax, layer normalization and the scaling of channels. */

static void CK(softmax_row)(bool logarithm, const real *restrict x, real *restrict y, ptrdiff_t count) {
  const real largest = CK(reduce_row_max)(x, count);
  double lanes[LANES];
  for (ptrdiff_t lane = 0; lane < LANES; lane++) lanes[lane] = 0;
  ptrdiff_t i = 0;
  for (; i + LANES <= count; i += LANES)
    for (ptrdiff_t lane = 0; lane < LANES; lane++) {
      const real e = CK(exponential)(x[i + lane] - largest);
      y[i + lane] = e;
      lanes[lane] += e;
    }
  if (i < count) {
    real rest[2 * CK_VECTOR_BYTES / sizeof(real)];
    for (ptrdiff_t lane = 0; lane < LANES; lane++) rest[lane] = i + lane < count ? x[i + lane] - largest : -INFINITY;
    for (ptrdiff_t lane = 0; lane < LANES; lane++) {
      rest[lane] = CK(exponential)(rest[lane]);
      lanes[lane] += rest[lane];
    }
    memcpy(y + i, rest, (size_t)(count - i) * sizeof(real));
  }
  double sum = 0;
  for (ptrdiff_t lane = 0; lane < LANES; lane++) sum += lanes[lane];
  if (logarithm) {
    const real shift = (real)log(sum);
    for (i = 0; i < count; i++) y[i] = x[i] - largest - shift;
  } else {
    const real factor = (real)(1 / sum);
    for (i = 0; i < count; i++) y[i] *= factor;
  }
}

static void CK(softmax_columns)(
  bool logarithm, const real *restrict x, real *restrict y, ptrdiff_t count, ptrdiff_t inner, ptrdiff_t columns) {
  real largest[128], shift[128];
  double sums[128];
  for (ptrdiff_t begin = 0; begin < columns; begin += 128) {
    ptrdiff_t width = columns - begin < 128 ? columns - begin : 128;
    CK(reduce_columns_max)(x + begin, largest, count, inner, width);
    for (ptrdiff_t j = 0; j < width; j++) sums[j] = 0;
    for (ptrdiff_t i = 0; i < count; i++) {
      const real *row = x + i * inner + begin;
      real *target = y + i * inner + begin;
      for (ptrdiff_t j = 0; j < width; j++) {
        const real e = CK(exponential)(row[j] - largest[j]);
        target[j] = e;
        sums[j] += e;
      }
    }
    for (ptrdiff_t j = 0; j < width; j++) shift[j] = (real)(logarithm ? log(sums[j]) : 1 / sums[j]);
    for (ptrdiff_t i = 0; i < count; i++) {
      const real *row = x + i * inner + begin;
      real *target = y + i * inner + begin;
      if (logarithm)
        for (ptrdiff_t j = 0; j < width; j++) target[j] = row[j] - largest[j] - shift[j];
      else
        for (ptrdiff_t j = 0; j < width; j++) target[j] *= shift[j];
    }
  }
}

static void CK(softmax)(
  bool logarithm, const real *x, real *y, ptrdiff_t first, ptrdiff_t last, ptrdiff_t count, ptrdiff_t inner, ptrdiff_t begin,
  ptrdiff_t end) {
  assert(0 <= first && first <= last && 0 <= count && 0 <= begin && begin <= end && end <= inner);
  if (count == 0 || begin == end) return;
  for (ptrdiff_t row = first; row < last; row++) {
    ptrdiff_t offset = row * count * inner + begin;
    if (inner == 1)
      CK(softmax_row)(logarithm, x + offset, y + offset, count);
    else
      CK(softmax_columns)(logarithm, x + offset, y + offset, count, inner, end - begin);
  }
}

typedef struct { double mean, factor; } CK(moments);

/* Numbers, or squares of their distances from the mean, are added up in `real`, each lane so many of them, and these sums in float64. */
#define CK_MOMENT_LENGTH (32 * LANES)

/* The mean and 1 / sqrt(variance + epsilon), the variance from the deviations. */
static CK(moments) CK(row_moments)(const real *restrict x, ptrdiff_t count, double epsilon) {
  double sum = 0, square = 0;
  for (ptrdiff_t begin = 0; begin < count; begin += CK_MOMENT_LENGTH) {
    const ptrdiff_t end = begin + CK_MOMENT_LENGTH < count ? begin + CK_MOMENT_LENGTH : count;
    real sums[2 * CK_VECTOR_BYTES / sizeof(real)];
    for (ptrdiff_t lane = 0; lane < LANES; lane++) sums[lane] = 0;
    ptrdiff_t i = begin;
    for (; i + LANES <= end; i += LANES)
      for (ptrdiff_t lane = 0; lane < LANES; lane++) sums[lane] += x[i + lane];
    for (; i < end; i++) sum += (double)x[i];
    for (ptrdiff_t lane = 0; lane < LANES; lane++) sum += (double)sums[lane];
  }
  const double mean = sum / (double)count;
  const real middle = (real)mean;
  for (ptrdiff_t begin = 0; begin < count; begin += CK_MOMENT_LENGTH) {
    const ptrdiff_t end = begin + CK_MOMENT_LENGTH < count ? begin + CK_MOMENT_LENGTH : count;
    real squares[2 * CK_VECTOR_BYTES / sizeof(real)];
    for (ptrdiff_t lane = 0; lane < LANES; lane++) squares[lane] = 0;
    ptrdiff_t i = begin;
    for (; i + LANES <= end; i += LANES)
      for (ptrdiff_t lane = 0; lane < LANES; lane++) squares[lane] += (x[i + lane] - middle) * (x[i + lane] - middle);
    for (; i < end; i++) square += ((double)x[i] - mean) * ((double)x[i] - mean);
    for (ptrdiff_t lane = 0; lane < LANES; lane++) square += (double)squares[lane];
  }
  return (CK(moments)){mean, 1 / sqrt(square / (double)count + epsilon)};
}
#undef CK_MOMENT_LENGTH

static void CK(layer_normalization)(
  const real *x, const real *gamma, const real *beta, double epsilon, real *y, ptrdiff_t rows, ptrdiff_t count) {
  assert(rows >= 0 && count >= 0);
  for (ptrdiff_t row = 0; row < rows; row++) {
    const real *restrict source = x + row * count;
    real *restrict target = y + row * count;
    const CK(moments) moments = CK(row_moments)(source, count, epsilon);
    const real mean = (real)moments.mean, factor = (real)moments.factor;
    if (gamma && beta)
      for (ptrdiff_t i = 0; i < count; i++) target[i] = (source[i] - mean) * factor * gamma[i] + beta[i];
    else if (gamma)
      for (ptrdiff_t i = 0; i < count; i++) target[i] = (source[i] - mean) * factor * gamma[i];
    else
      for (ptrdiff_t i = 0; i < count; i++) target[i] = (source[i] - mean) * factor + (beta ? beta[i] : 0);
  }
}

/* With g = seed gamma and n the normalized x: factor (g - mean g - n mean(g n)). */
static void CK(layer_normalization_gradient)(
  const real *seed, const real *x, const real *gamma, double epsilon, real *y, ptrdiff_t rows, ptrdiff_t count) {
  assert(rows >= 0 && count >= 0);
  for (ptrdiff_t row = 0; row < rows; row++) {
    const real *restrict source = x + row * count, *restrict s = seed + row * count;
    real *restrict target = y + row * count;
    const CK(moments) moments = CK(row_moments)(source, count, epsilon);
    double sums[LANES], products[LANES];
    for (ptrdiff_t lane = 0; lane < LANES; lane++) sums[lane] = products[lane] = 0;
    ptrdiff_t i = 0;
    for (; i + LANES <= count; i += LANES)
      for (ptrdiff_t lane = 0; lane < LANES; lane++) {
        const double g = (double)s[i + lane] * (gamma ? (double)gamma[i + lane] : 1);
        sums[lane] += g;
        products[lane] += g * ((double)source[i + lane] - moments.mean);
      }
    for (; i < count; i++) {
      const double g = (double)s[i] * (gamma ? (double)gamma[i] : 1);
      sums[0] += g;
      products[0] += g * ((double)source[i] - moments.mean);
    }
    double sum = 0, product = 0;
    for (ptrdiff_t lane = 0; lane < LANES; lane++) sum += sums[lane], product += products[lane];
    const double mean = sum / (double)count, slope = product / (double)count * moments.factor * moments.factor;
    for (i = 0; i < count; i++) {
      const double g = (double)s[i] * (gamma ? (double)gamma[i] : 1);
      target[i] = (real)(moments.factor * (g - mean - ((double)source[i] - moments.mean) * slope));
    }
  }
}

static void CK(scale_channels)(
  const real *x, const real *scale, const real *offset, real *y, ptrdiff_t channels, ptrdiff_t inner, ptrdiff_t first,
  ptrdiff_t last) {
  assert(channels > 0 && inner >= 0 && 0 <= first && first <= last);
  for (ptrdiff_t plane = first; plane < last; plane++) {
    const real s = scale[plane % channels], t = offset[plane % channels];
    const real *restrict source = x + plane * inner;
    real *restrict target = y + plane * inner;
    for (ptrdiff_t i = 0; i < inner; i++) target[i] = source[i] * s + t;
  }
}
