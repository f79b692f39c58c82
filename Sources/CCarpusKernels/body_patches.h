/* The patch matrix of a convolution, (channels x taps) x outputs, packed for a product without being made as a whole.

   The input is first copied into padded planes whose rows are split by the remainder of the column modulo the stride: what a tap sees along
   an output row is then contiguous for every stride. */

/* The row of the input that is row (d, h) of its padded plane; NULL for a row of padding. */
CK_INLINE const real *CK(input_row)(const ck_window *window, const real *x, ptrdiff_t d, ptrdiff_t h) {
  const ptrdiff_t id = d - window->pads_begin[0], ih = h - window->pads_begin[1];
  if (id < 0 || id >= window->input[0] || ih < 0 || ih >= window->input[1]) return NULL;
  return x + (id * window->input[1] + ih) * window->input[2];
}

/* target[i] = source[2 i] */
CK_INLINE void CK(every_second)(const real *restrict source, real *restrict target, ptrdiff_t count) {
  ptrdiff_t i = 0;
  /* The last element that a pair of vectors reads is one beyond the last that is asked for. */
  for (; i + WIDTH < count; i += WIDTH)
    CK(store)(target + i, CK_EVEN(CK(load)(source + 2 * i), CK(load)(source + 2 * i + WIDTH)));
  for (; i < count; i++) target[i] = source[2 * i];
}

/* Writes the phases of a padded row, `width` elements each and `step` apart. */
static void CK(pad_row)(const ck_window *window, const real *restrict source, real *restrict target, ptrdiff_t step, ptrdiff_t width) {
  const ptrdiff_t phases = window->strides[2], pad = window->pads_begin[2];
  for (ptrdiff_t phase = 0; phase < phases; phase++, target += step) {
    if (!source) {
      memset(target, 0, (size_t)width * sizeof(real));
      continue;
    }
    const ck_range range = ck_phase_range(window, phase, width);
    const ptrdiff_t shift = phase - pad;
    for (ptrdiff_t i = 0; i < range.low; i++) target[i] = 0;
    if (phases == 1)
      memcpy(target + range.low, source + range.low + shift, (size_t)(range.high - range.low) * sizeof(real));
    else if (phases == 2)
      CK(every_second)(source + range.low * 2 + shift, target + range.low, range.high - range.low);
    else
      for (ptrdiff_t i = range.low; i < range.high; i++) target[i] = source[i * phases + shift];
    for (ptrdiff_t i = range.high; i < width; i++) target[i] = 0;
  }
}

static void CK(pad_planes)(const ck_window *window, const real *x, real *planes, ptrdiff_t first, ptrdiff_t last) {
  const ck_padded padded = ck_padded_of(window);
  const ptrdiff_t input = ck_volume(window->input);
  for (ptrdiff_t channel = first; channel < last; channel++) {
    real *row = planes + channel * padded.plane;
    for (ptrdiff_t d = 0; d < padded.depth; d++)
      for (ptrdiff_t h = 0; h < padded.height; h++, row += padded.row) {
        /* With one tap along an axis, most rows between its strides are never read. */
        if (window->kernel[1] == 1 && h % window->strides[1] != 0) continue;
        CK(pad_row)(window, CK(input_row)(window, x + channel * input, d, h), row, padded.width, padded.width);
      }
  }
}

/* One strip: `count` outputs from `first` on, as rows of `width` >= count elements, one per channel and tap. Copies whole vectors
   but in the last row: what they write beyond the end of a row is written again by the next. */
static void CK(pack_patch_strip)(
  const ck_window *window, const ck_padded *padded, const real *planes, ptrdiff_t channels, ptrdiff_t first, ptrdiff_t count,
  ptrdiff_t width, real *restrict target) {
  /* A strip is a panel of columns or a block of rows: at most so many outputs. */
  enum { panel = 2 * CK_VECTOR_BYTES / sizeof(real), most = panel > CK_TILE_ROWS ? panel : CK_TILE_ROWS };
  ptrdiff_t lengths[most], sources[most], runs = 0;
  for (ptrdiff_t from = first; from < first + count; runs++) {
    const ptrdiff_t ow = from % window->output[2], line = from / window->output[2];
    const ptrdiff_t oh = line % window->output[1], od = line / window->output[1];
    const ptrdiff_t rest = first + count - from, run = window->output[2] - ow < rest ? window->output[2] - ow : rest;
    lengths[runs] = run;
    sources[runs] = (od * window->strides[0] * padded->height + oh * window->strides[1]) * padded->row + ow;
    from += run;
  }
  const real *const final = target + (channels * ck_volume(window->kernel) - 1) * width;
  for (ptrdiff_t channel = 0; channel < channels; channel++) {
    const real *plane = planes + channel * padded->plane;
    for (ptrdiff_t kd = 0; kd < window->kernel[0]; kd++)
      for (ptrdiff_t kh = 0; kh < window->kernel[1]; kh++) {
        const real *line = plane + (kd * window->dilations[0] * padded->height + kh * window->dilations[1]) * padded->row;
        for (ptrdiff_t kw = 0; kw < window->kernel[2]; kw++, target += width) {
          const ptrdiff_t column = kw * window->dilations[2];
          const real *source = line + column % padded->phases * padded->width + column / padded->phases;
          real *place = target;
          const bool last = place == final;
          for (ptrdiff_t run = 0; run < runs; run++) {
            if (last)
              memcpy(place, source + sources[run], (size_t)lengths[run] * sizeof(real));
            else
              for (ptrdiff_t i = 0; i < lengths[run]; i += WIDTH) CK(store)(place + i, CK(load)(source + sources[run] + i));
            place += lengths[run];
          }
        }
      }
  }
}

static void CK(pack_patch_columns)(
  const ck_window *window, const real *planes, ptrdiff_t channels, real *target, ptrdiff_t begin, ptrdiff_t end) {
  const ck_padded padded = ck_padded_of(window);
  const ptrdiff_t k = channels * ck_volume(window->kernel);
  for (ptrdiff_t first = begin; first < end; first += TILE_COLUMNS) {
    const ptrdiff_t rest = end - first, width = rest > WIDTH ? TILE_COLUMNS : WIDTH;
    CK(pack_patch_strip)(window, &padded, planes, channels, first, rest < width ? rest : width, width, target + (first - begin) * k);
  }
}

static void CK(pack_patch_rows)(
  const ck_window *window, const real *planes, ptrdiff_t channels, real *target, ptrdiff_t begin, ptrdiff_t end) {
  const ck_padded padded = ck_padded_of(window);
  const ptrdiff_t k = channels * ck_volume(window->kernel), blocks = ck_block_count(end - begin, TILE_ROWS);
  for (ptrdiff_t block = 0; block < blocks; block++) {
    const ptrdiff_t first = ck_block_start(end - begin, TILE_ROWS, block);
    const ptrdiff_t count = ck_block_start(end - begin, TILE_ROWS, block + 1) - first;
    CK(pack_patch_strip)(window, &padded, planes, channels, begin + first, count, count, target + first * k);
  }
}

/* Adds the columns of a patch matrix to the places that the patches came from; rows are `stride` apart. */
static void CK(scatter_patches)(
  const ck_window *window, const real *columns, ptrdiff_t stride, ptrdiff_t channels, real *x, ptrdiff_t begin, ptrdiff_t end) {
  assert(0 <= begin && begin <= end && end <= ck_volume(window->output));
  const ptrdiff_t plane = ck_volume(window->input), step = window->strides[2];
  const real *line = columns;
  for (ptrdiff_t channel = 0; channel < channels; channel++)
    for (ptrdiff_t kd = 0; kd < window->kernel[0]; kd++)
      for (ptrdiff_t kh = 0; kh < window->kernel[1]; kh++)
        for (ptrdiff_t kw = 0; kw < window->kernel[2]; kw++, line += stride) {
          const ck_range inside = ck_inside(window, 2, kw);
          for (ptrdiff_t from = begin, to; from < end; from = to) {
            const ptrdiff_t ow = from % window->output[2], row = from / window->output[2];
            const ptrdiff_t oh = row % window->output[1], od = row / window->output[1];
            to = from - ow + window->output[2] < end ? from - ow + window->output[2] : end;
            const ptrdiff_t id = ck_position(window, 0, od, kd), ih = ck_position(window, 1, oh, kh), count = to - from;
            if (id < 0 || id >= window->input[0] || ih < 0 || ih >= window->input[1]) continue;
            const ptrdiff_t low = inside.low > ow ? inside.low - ow : 0;
            const ptrdiff_t high = inside.high - ow < count ? inside.high - ow : count;
            if (low >= high) continue;
            const real *restrict source = line + (from - begin);
            real *restrict target = x + channel * plane + (id * window->input[1] + ih) * window->input[2];
            target += ck_position(window, 2, ow + low, kw);
            if (step == 1)
              for (ptrdiff_t i = 0; i < high - low; i++) target[i] += source[low + i];
            else
              for (ptrdiff_t i = 0; i < high - low; i++) target[i * step] += source[low + i];
          }
        }
}
