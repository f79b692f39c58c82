/* Pooling of planes (batch x channels) over up to three spatial axes. Work goes along output rows, tap by tap. */

CK_INLINE void CK(max_taps)(const real *restrict x, real *restrict y, ptrdiff_t count, ptrdiff_t stride) {
  for (ptrdiff_t i = 0; i < count; i++) {
    const real v = x[i * stride], m = y[i];
    y[i] = ((v > m) | (v != v)) ? v : m;
  }
}

CK_INLINE void CK(sum_taps)(const real *restrict x, real *restrict y, ptrdiff_t count, ptrdiff_t stride) {
  for (ptrdiff_t i = 0; i < count; i++) y[i] += x[i * stride];
}

/* A constant stride lets the compiler replace gathers by shuffles. */
#define FOR_STRIDE(function, x, y, count, stride)     \
  do {                                                \
    if ((stride) == 1)                                \
      CK(function)(x, y, count, 1);                   \
    else if ((stride) == 2)                           \
      CK(function)(x, y, count, 2);                   \
    else                                              \
      CK(function)(x, y, count, stride);              \
  } while (0)

/* For every output row of a plane (row `target` at depth od, height oh) and every tap whose input row exists: that row and the tap. */
#define FOR_ROWS(window)                                                    \
  for (ptrdiff_t od = 0, target = 0; od < (window)->output[0]; od++)        \
    for (ptrdiff_t oh = 0; oh < (window)->output[1]; oh++, target += (window)->output[2])
#define FOR_TAP_ROWS(window)                                                                          \
  for (ptrdiff_t kd = 0; kd < (window)->kernel[0]; kd++)                                              \
    for (ptrdiff_t id = ck_position(window, 0, od, kd), once = 1; once && id >= 0 && id < (window)->input[0]; once = 0) \
      for (ptrdiff_t kh = 0; kh < (window)->kernel[1]; kh++)                                          \
        for (ptrdiff_t ih = ck_position(window, 1, oh, kh), again = 1; again && ih >= 0 && ih < (window)->input[1]; again = 0)
#define INPUT_ROW(window) ((id * (window)->input[1] + ih) * (window)->input[2])

static void CK(max_pool_plane)(const ck_window *window, const real *x, real *y) {
  FOR_ROWS(window) {
    real *row = y + target;
    for (ptrdiff_t ow = 0; ow < window->output[2]; ow++) row[ow] = -(real)INFINITY;
    FOR_TAP_ROWS(window) {
      const real *source = x + INPUT_ROW(window);
      for (ptrdiff_t kw = 0; kw < window->kernel[2]; kw++) {
        ck_range range = ck_inside(window, 2, kw);
        if (range.low == range.high) continue;
        const real *tap = source + ck_position(window, 2, range.low, kw);
        FOR_STRIDE(max_taps, tap, row + range.low, range.high - range.low, window->strides[2]);
      }
    }
  }
}

/* The first largest value of a window in row-major order, the first NaN if there is one; -1 where the window sees padding alone. */
static ptrdiff_t CK(first_largest)(const ck_window *window, const real *x, ptrdiff_t od, ptrdiff_t oh, ptrdiff_t ow) {
  ptrdiff_t best = -1;
  real m = 0;
  FOR_TAP_ROWS(window) {
    for (ptrdiff_t kw = 0; kw < window->kernel[2]; kw++) {
      ptrdiff_t iw = ck_position(window, 2, ow, kw);
      if (iw < 0 || iw >= window->input[2]) continue;
      const real v = x[INPUT_ROW(window) + iw];
      if (best < 0 || v > m || (v != v && m == m)) best = INPUT_ROW(window) + iw, m = v;
    }
  }
  return best;
}

static void CK(max_pool)(const ck_window *window, const real *x, real *y, int64_t *indices, ptrdiff_t first, ptrdiff_t last) {
  const ptrdiff_t input = ck_volume(window->input), output = ck_volume(window->output);
  for (ptrdiff_t plane = first; plane < last; plane++) {
    const real *source = x + plane * input;
    CK(max_pool_plane)(window, source, y + plane * output);
    if (!indices) continue;
    FOR_ROWS(window) for (ptrdiff_t ow = 0; ow < window->output[2]; ow++) {
      ptrdiff_t best = CK(first_largest)(window, source, od, oh, ow);
      indices[plane * output + target + ow] = best < 0 ? -1 : plane * input + best;
    }
  }
}

static void CK(max_pool_gradient)(
  const ck_window *window, const real *seed, const real *x, real *y, ptrdiff_t first, ptrdiff_t last) {
  const ptrdiff_t input = ck_volume(window->input), output = ck_volume(window->output);
  for (ptrdiff_t plane = first; plane < last; plane++) {
    const real *source = x + plane * input, *s = seed + plane * output;
    real *result = y + plane * input;
    memset(result, 0, (size_t)input * sizeof(real));
    FOR_ROWS(window) for (ptrdiff_t ow = 0; ow < window->output[2]; ow++) {
      ptrdiff_t best = CK(first_largest)(window, source, od, oh, ow);
      if (best >= 0) result[best] += s[target + ow];
    }
  }
}

static void CK(average_pool)(
  const ck_window *window, bool count_padding, const real *x, real *y, ptrdiff_t first, ptrdiff_t last) {
  const ptrdiff_t input = ck_volume(window->input), output = ck_volume(window->output);
  for (ptrdiff_t plane = first; plane < last; plane++) {
    FOR_ROWS(window) {
      real *row = y + plane * output + target;
      for (ptrdiff_t ow = 0; ow < window->output[2]; ow++) row[ow] = 0;
      FOR_TAP_ROWS(window) {
        const real *source = x + plane * input + INPUT_ROW(window);
        for (ptrdiff_t kw = 0; kw < window->kernel[2]; kw++) {
          ck_range range = ck_inside(window, 2, kw);
          if (range.low == range.high) continue;
          const real *tap = source + ck_position(window, 2, range.low, kw);
          FOR_STRIDE(sum_taps, tap, row + range.low, range.high - range.low, window->strides[2]);
        }
      }
      const ptrdiff_t others = ck_taps(window, 0, od, count_padding) * ck_taps(window, 1, oh, count_padding);
      for (ptrdiff_t ow = 0; ow < window->output[2]; ow++) {
        const ptrdiff_t taps = others * ck_taps(window, 2, ow, count_padding);
        row[ow] = taps > 0 ? row[ow] / (real)taps : 0;
      }
    }
  }
}

static void CK(average_pool_gradient)(
  const ck_window *window, bool count_padding, const real *seed, real *y, ptrdiff_t first, ptrdiff_t last) {
  enum { block = 256 };
  real shares[block];
  const ptrdiff_t input = ck_volume(window->input), output = ck_volume(window->output);
  memset(y + first * input, 0, (size_t)((last - first) * input) * sizeof(real));
  for (ptrdiff_t plane = first; plane < last; plane++) {
    FOR_ROWS(window) {
      const real *s = seed + plane * output + target;
      const ptrdiff_t others = ck_taps(window, 0, od, count_padding) * ck_taps(window, 1, oh, count_padding);
      for (ptrdiff_t begin = 0; begin < window->output[2]; begin += block) {
        const ptrdiff_t end = begin + block < window->output[2] ? begin + block : window->output[2];
        for (ptrdiff_t ow = begin; ow < end; ow++) {
          const ptrdiff_t taps = others * ck_taps(window, 2, ow, count_padding);
          shares[ow - begin] = taps > 0 ? s[ow] / (real)taps : 0;
        }
        FOR_TAP_ROWS(window) {
          real *result = y + plane * input + INPUT_ROW(window);
          for (ptrdiff_t kw = 0; kw < window->kernel[2]; kw++) {
            ck_range range = ck_inside(window, 2, kw);
            const ptrdiff_t low = range.low > begin ? range.low : begin, high = range.high < end ? range.high : end;
            for (ptrdiff_t ow = low; ow < high; ow++) result[ck_position(window, 2, ow, kw)] += shares[ow - begin];
          }
        }
      }
    }
  }
}
