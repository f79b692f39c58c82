/* Convolution of one plane with one kernel, and its vector-Jacobian product.

   The input is padded and split by the remainders of all coordinates modulo the strides. Output o of the window is then at place
   f(o) = (od height + oh) width + ow of every part, and a tap is a constant shift: the plane is computed as one long row, with
   some places between the rows of the output that nobody reads. */

/* Where the parts, a row of results and the shifts of the taps lie in the spare memory. */
typedef struct {
  real *parts, *results;
  ptrdiff_t *shifts;
} CK(spare);

static CK(spare) CK(spare_of)(const ck_window *window, void *memory) {
  const ck_split split = ck_split_of(window);
  const ptrdiff_t slack = 4 * WIDTH;
  real *parts = memory;
  real *results = parts + ck_even(split.parts * split.count) + slack;
  CK(spare) spare = {parts, results, (ptrdiff_t *)(results + ck_even(split.length + slack))};
  ptrdiff_t tap = 0;
  for (ptrdiff_t kd = 0; kd < window->kernel[0]; kd++)
    for (ptrdiff_t kh = 0; kh < window->kernel[1]; kh++)
      for (ptrdiff_t kw = 0; kw < window->kernel[2]; kw++, tap++)
        spare.shifts[tap] =
          ck_split_place(window, &split, kd * window->dilations[0], kh * window->dilations[1], kw * window->dilations[2]);
  return spare;
}

static void CK(split_plane)(const ck_window *window, const real *x, real *parts) {
  const ck_padded padded = ck_padded_of(window);
  const ck_split split = ck_split_of(window);
  for (ptrdiff_t d = 0; d < padded.depth; d++)
    for (ptrdiff_t h = 0; h < padded.height; h++)
      CK(pad_row)(
        window, CK(input_row)(window, x, d, h), parts + ck_split_place(window, &split, d, h, 0), split.count, split.extents[2]);
}

static void CK(depthwise)(
  const ck_window *window, const real *x, const real *weights, double bias, const real *residual, real *y, void *memory) {
  const ck_split split = ck_split_of(window);
  const CK(spare) spare = CK(spare_of)(window, memory);
  const ptrdiff_t taps = ck_volume(window->kernel);
  const real offset = (real)bias;
  CK(split_plane)(window, x, spare.parts);
  for (ptrdiff_t f = 0; f < split.length; f += 4 * WIDTH) {
    CK(vector) sums[4];
#pragma clang loop unroll(full)
    for (ptrdiff_t n = 0; n < 4; n++) sums[n] = (CK(vector))(real)0;
    for (ptrdiff_t tap = 0; tap < taps; tap++) {
      const real *source = spare.parts + spare.shifts[tap] + f;
#pragma clang loop unroll(full)
      for (ptrdiff_t n = 0; n < 4; n++) sums[n] += weights[tap] * CK(load)(source + n * WIDTH);
    }
#pragma clang loop unroll(full)
    for (ptrdiff_t n = 0; n < 4; n++) CK(store)(spare.results + f + n * WIDTH, sums[n]);
  }
  FOR_ROWS(window) {
    const real *restrict row = spare.results + (od * split.extents[1] + oh) * split.extents[2];
    real *restrict result = y + target;
    if (residual)
      for (ptrdiff_t ow = 0; ow < window->output[2]; ow++) result[ow] = row[ow] + offset + residual[target + ow];
    else
      for (ptrdiff_t ow = 0; ow < window->output[2]; ow++) result[ow] = row[ow] + offset;
  }
}

/* Adds to y. */
static void CK(depthwise_gradient)(const ck_window *window, const real *seed, const real *weights, real *y, void *memory) {
  const ck_padded padded = ck_padded_of(window);
  const ck_split split = ck_split_of(window);
  const CK(spare) spare = CK(spare_of)(window, memory);
  memset(spare.parts, 0, (size_t)(split.parts * split.count) * sizeof(real));
  memset(spare.results, 0, (size_t)split.length * sizeof(real));
  FOR_ROWS(window) {
    real *row = spare.results + (od * split.extents[1] + oh) * split.extents[2];
    memcpy(row, seed + target, (size_t)window->output[2] * sizeof(real));
  }
  for (ptrdiff_t tap = 0; tap < ck_volume(window->kernel); tap++) {
    real *restrict part = spare.parts + spare.shifts[tap];
    const real *restrict seeds = spare.results;
    for (ptrdiff_t f = 0; f < split.length; f++) part[f] += weights[tap] * seeds[f];
  }
  const ptrdiff_t stride = window->strides[2], pad = window->pads_begin[2];
  for (ptrdiff_t d = 0; d < padded.depth; d++)
    for (ptrdiff_t h = 0; h < padded.height; h++) {
      real *row = (real *)CK(input_row)(window, y, d, h);
      if (!row) continue;
      const real *parts = spare.parts + ck_split_place(window, &split, d, h, 0);
      for (ptrdiff_t phase = 0; phase < stride; phase++) {
        const ck_range range = ck_phase_range(window, phase, split.extents[2]);
        for (ptrdiff_t i = range.low; i < range.high; i++) row[phase + i * stride - pad] += parts[phase * split.count + i];
      }
    }
}
