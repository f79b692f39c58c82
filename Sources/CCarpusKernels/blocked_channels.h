/* What treats each channel by itself: depthwise convolution, pooling, scaling, addition. */
#define CB_OUTPUTS (CB_ROWS < 7 ? 4 : 7)

CK_INLINE void CB(channel_tile)(
  const int count, const ptrdiff_t pixel, const ck_planes *planes, const float *x, ptrdiff_t row, const float *weights, CB(vector) offset,
  const float *residual, ptrdiff_t step, float low, float high, float *y, ptrdiff_t apart) {
  CB(vector) sums[CB_OUTPUTS];
#pragma clang loop unroll(full)
  for (int m = 0; m < count; m++) sums[m] = offset;
  for (ptrdiff_t kh = 0; kh < planes->kernel_height; kh++) {
    const float *source = x + kh * planes->dilation_height * row;
    for (ptrdiff_t kw = 0; kw < planes->kernel_width; kw++, source += planes->dilation_width * CK_BLOCK, weights += CK_BLOCK) {
      const CB(vector) weight = CB(load)(weights);
#pragma clang loop unroll(full)
      for (int m = 0; m < count; m++) sums[m] += CB(load)(source + m * pixel) * weight;
    }
  }
#pragma clang loop unroll(full)
  for (int m = 0; m < count; m++) {
    CB(vector) v = sums[m];
    if (residual) v += CB(load)(residual + m * step);
    CB(store)(y + m * apart, CB(bounded)(v, low, high));
  }
}

CK_INLINE void CB(channel_rows)(
  const ptrdiff_t pixel, const ck_planes *planes, const ck_finish *finish, const CB(band) *band, const float *weights, const float *bias,
  const float *residual, float *y, ptrdiff_t first, ptrdiff_t last) {
  const CB(vector) offset = bias ? CB(load)(bias) : (CB(vector))0.0f;
  const float low = finish->low, high = finish->high;
  const ptrdiff_t step = planes->output_pixel, apart = finish->activates ? CK_BLOCK : step;
  for (ptrdiff_t oh = first; oh < last; oh++) {
    const float *x = band->start + (oh - first) * planes->stride_height * band->row;
    for (ptrdiff_t ow = 0, width = planes->output_width; ow < width;) {
      const ptrdiff_t rest = width - ow, count = rest >= CB_OUTPUTS ? CB_OUTPUTS : rest >= 2 ? 2 : 1;
      const ptrdiff_t place = oh * planes->output_row + ow * step;
      const float *source = x + ow * pixel, *other = residual ? residual + place : NULL;
      float values[CB_OUTPUTS * CK_BLOCK] __attribute__((aligned(64)));
      float *target = finish->activates ? values : y + place;
      if (count == CB_OUTPUTS)
        CB(channel_tile)(CB_OUTPUTS, pixel, planes, source, band->row, weights, offset, other, step, low, high, target, apart);
      else if (count == 2)
        CB(channel_tile)(2, pixel, planes, source, band->row, weights, offset, other, step, low, high, target, apart);
      else
        CB(channel_tile)(1, pixel, planes, source, band->row, weights, offset, other, step, low, high, target, apart);
      if (finish->activates) CB(activate_pixels)(finish, values, y + place, count, step);
      ow += count;
    }
  }
}

static void CB(convolve_channels)(
  const ck_planes *planes, const ck_finish *finish, const float *x, const float *weights, const float *bias, const float *residual,
  float *y, ptrdiff_t first, ptrdiff_t last, float *spare) {
  const CB(band) band = CB(padded_band)(planes, CK_BLOCK, x, 1, first, last, spare);
  if (planes->stride_width == 1)
    CB(channel_rows)(CK_BLOCK, planes, finish, &band, weights, bias, residual, y, first, last);
  else if (planes->stride_width == 2)
    CB(channel_rows)(2 * CK_BLOCK, planes, finish, &band, weights, bias, residual, y, first, last);
  else
    CB(channel_rows)(planes->stride_width * CK_BLOCK, planes, finish, &band, weights, bias, residual, y, first, last);
}

static void CB(finish_rows)(
  const ck_planes *planes, const ck_finish *finish, const float *residual, float *y, ptrdiff_t first, ptrdiff_t last) {
  const ptrdiff_t step = planes->output_pixel;
  for (ptrdiff_t oh = first; oh < last; oh++)
    for (ptrdiff_t ow = 0; ow < planes->output_width; ow += CB_OUTPUTS) {
      const ptrdiff_t place = oh * planes->output_row + ow * step, rest = planes->output_width - ow;
      const ptrdiff_t count = rest < CB_OUTPUTS ? rest : CB_OUTPUTS;
      float values[CB_OUTPUTS * CK_BLOCK] __attribute__((aligned(64)));
      for (ptrdiff_t i = 0; i < count; i++) {
        const CB(vector) v = residual ? CB(load)(residual + place + i * step) : (CB(vector))0.0f;
        CB(store)(finish->activates ? values + i * CK_BLOCK : y + place + i * step, CB(bounded)(v, finish->low, finish->high));
      }
      if (finish->activates) CB(activate_pixels)(finish, values, y + place, count, step);
    }
}

/* The taps first..<last of a window at output o that lie in 0..<extent. */
static inline void CB(taps_inside)(
  ptrdiff_t at, ptrdiff_t extent, ptrdiff_t kernel, ptrdiff_t dilation, ptrdiff_t *first, ptrdiff_t *last) {
  *first = at < 0 ? (-at + dilation - 1) / dilation : 0;
  *last = at >= extent ? 0 : (extent - 1 - at) / dilation + 1;
  if (*last > kernel) *last = kernel;
  if (*first > *last) *first = *last;
}

static void CB(pool_maximum)(const ck_planes *planes, const float *x, float *y, ptrdiff_t first, ptrdiff_t last) {
  for (ptrdiff_t oh = first; oh < last; oh++) {
    const ptrdiff_t h = oh * planes->stride_height - planes->pad_top;
    ptrdiff_t top, bottom;
    CB(taps_inside)(h, planes->height, planes->kernel_height, planes->dilation_height, &top, &bottom);
    for (ptrdiff_t ow = 0; ow < planes->output_width; ow++) {
      const ptrdiff_t w = ow * planes->stride_width - planes->pad_left;
      ptrdiff_t left, right;
      CB(taps_inside)(w, planes->width, planes->kernel_width, planes->dilation_width, &left, &right);
      CB(vector) most = (CB(vector))(-INFINITY);
      for (ptrdiff_t kh = top; kh < bottom; kh++) {
        const float *row = x + ((h + kh * planes->dilation_height) * planes->width + w) * CK_BLOCK;
        for (ptrdiff_t kw = left; kw < right; kw++) {
          const CB(vector) v = CB(load)(row + kw * planes->dilation_width * CK_BLOCK);
          most = ((v > most) | (v != v)) ? v : most;
        }
      }
      CB(store)(y + (oh * planes->output_width + ow) * CK_BLOCK, most);
    }
  }
}

static void CB(pool_mean)(
  const ck_planes *planes, bool padded, ptrdiff_t pad_bottom, ptrdiff_t pad_right, const float *x, float *y, ptrdiff_t first,
  ptrdiff_t last) {
  for (ptrdiff_t oh = first; oh < last; oh++) {
    const ptrdiff_t h = oh * planes->stride_height - planes->pad_top;
    ptrdiff_t top, bottom, begin, end;
    CB(taps_inside)(h, planes->height, planes->kernel_height, planes->dilation_height, &top, &bottom);
    CB(taps_inside)(h + planes->pad_top, planes->height + planes->pad_top + pad_bottom, planes->kernel_height, planes->dilation_height, &begin, &end);
    const ptrdiff_t tall = padded ? end - begin : bottom - top;
    for (ptrdiff_t ow = 0; ow < planes->output_width; ow++) {
      const ptrdiff_t w = ow * planes->stride_width - planes->pad_left;
      ptrdiff_t left, right;
      CB(taps_inside)(w, planes->width, planes->kernel_width, planes->dilation_width, &left, &right);
      CB(taps_inside)(w + planes->pad_left, planes->width + planes->pad_left + pad_right, planes->kernel_width, planes->dilation_width, &begin, &end);
      const ptrdiff_t count = tall * (padded ? end - begin : right - left);
      CB(vector) sum = (CB(vector))0.0f;
      for (ptrdiff_t kh = top; kh < bottom; kh++) {
        const float *row = x + ((h + kh * planes->dilation_height) * planes->width + w) * CK_BLOCK;
        for (ptrdiff_t kw = left; kw < right; kw++) sum += CB(load)(row + kw * planes->dilation_width * CK_BLOCK);
      }
      CB(store)(y + (oh * planes->output_width + ow) * CK_BLOCK, count > 0 ? sum / (CB(vector))(float)count : (CB(vector))0.0f);
    }
  }
}

typedef int CB(lanes) __attribute__((ext_vector_type(CK_BLOCK)));

/* Each seed goes to the first largest element of its window, in the order of rows; NaN is the largest. */
static void CB(pool_maximum_gradient)(const ck_planes *planes, const float *seed, const float *x, float *y) {
  const ptrdiff_t row = planes->width * CK_BLOCK, down = planes->dilation_height * row, right = planes->dilation_width * CK_BLOCK;
  memset(y, 0, (size_t)(planes->height * row) * sizeof(float));
  for (ptrdiff_t oh = 0; oh < planes->output_height; oh++) {
    const ptrdiff_t h = oh * planes->stride_height - planes->pad_top;
    ptrdiff_t top, bottom;
    CB(taps_inside)(h, planes->height, planes->kernel_height, planes->dilation_height, &top, &bottom);
    for (ptrdiff_t ow = 0; ow < planes->output_width; ow++, seed += CK_BLOCK) {
      const ptrdiff_t w = ow * planes->stride_width - planes->pad_left;
      ptrdiff_t left, last;
      CB(taps_inside)(w, planes->width, planes->kernel_width, planes->dilation_width, &left, &last);
      if (top == bottom || left == last) continue;
      const ptrdiff_t place = h * row + w * CK_BLOCK;
      CB(vector) most = CB(load)(x + place + top * down + left * right);
      CB(lanes) found = 0;
      int tap = 0;
      for (ptrdiff_t kh = top; kh < bottom; kh++)
        for (ptrdiff_t kw = left; kw < last; kw++, tap++) {
          const CB(vector) v = CB(load)(x + place + kh * down + kw * right);
          const CB(lanes) larger = (v > most) | ((v != v) & (most == most));
          most = larger ? v : most;
          found = larger ? (CB(lanes))tap : found;
        }
      const CB(vector) s = CB(load)(seed);
      tap = 0;
      for (ptrdiff_t kh = top; kh < bottom; kh++)
        for (ptrdiff_t kw = left; kw < last; kw++, tap++) {
          float *target = y + place + kh * down + kw * right;
          CB(store)(target, CB(load)(target) + (found == (CB(lanes))tap ? s : (CB(vector))0.0f));
        }
    }
  }
}

/* Each seed is shared by the elements of its window. */
static void CB(pool_mean_gradient)(
  const ck_planes *planes, bool padded, ptrdiff_t pad_bottom, ptrdiff_t pad_right, const float *seed, float *y) {
  const ptrdiff_t row = planes->width * CK_BLOCK, down = planes->dilation_height * row, right = planes->dilation_width * CK_BLOCK;
  memset(y, 0, (size_t)(planes->height * row) * sizeof(float));
  for (ptrdiff_t oh = 0; oh < planes->output_height; oh++) {
    const ptrdiff_t h = oh * planes->stride_height - planes->pad_top;
    ptrdiff_t top, bottom, begin, end;
    CB(taps_inside)(h, planes->height, planes->kernel_height, planes->dilation_height, &top, &bottom);
    CB(taps_inside)(h + planes->pad_top, planes->height + planes->pad_top + pad_bottom, planes->kernel_height, planes->dilation_height, &begin, &end);
    const ptrdiff_t tall = padded ? end - begin : bottom - top;
    for (ptrdiff_t ow = 0; ow < planes->output_width; ow++, seed += CK_BLOCK) {
      const ptrdiff_t w = ow * planes->stride_width - planes->pad_left;
      ptrdiff_t left, last;
      CB(taps_inside)(w, planes->width, planes->kernel_width, planes->dilation_width, &left, &last);
      CB(taps_inside)(w + planes->pad_left, planes->width + planes->pad_left + pad_right, planes->kernel_width, planes->dilation_width, &begin, &end);
      const ptrdiff_t count = tall * (padded ? end - begin : last - left);
      if (count == 0) continue;
      const CB(vector) share = CB(load)(seed) / (CB(vector))(float)count;
      for (ptrdiff_t kh = top; kh < bottom; kh++)
        for (ptrdiff_t kw = left; kw < last; kw++) {
          float *target = y + h * row + w * CK_BLOCK + kh * down + kw * right;
          CB(store)(target, CB(load)(target) + share);
        }
    }
  }
}

/* The sum of x * factors, or of x where factors is NULL: at most 16 numbers at a time go into one of four sums. */
CK_INLINE CB(vector) CB(total)(const float *x, const float *factors, ptrdiff_t pixels) {
  CB(vector) total = (CB(vector))0.0f;
  for (ptrdiff_t begin = 0; begin < pixels; begin += 64) {
    const ptrdiff_t end = begin + 64 < pixels ? begin + 64 : pixels;
    CB(vector) sums[4];
    for (int n = 0; n < 4; n++) sums[n] = (CB(vector))0.0f;
    ptrdiff_t i = begin;
#define CB_TERM(i) (factors ? CB(load)(x + (i) * CK_BLOCK) * CB(load)(factors + (i) * CK_BLOCK) : CB(load)(x + (i) * CK_BLOCK))
    for (; i + 4 <= end; i += 4)
#pragma clang loop unroll(full)
      for (int n = 0; n < 4; n++) sums[n] += CB_TERM(i + n);
    for (; i < end; i++) sums[0] += CB_TERM(i);
#undef CB_TERM
    total += (sums[0] + sums[1]) + (sums[2] + sums[3]);
  }
  return total;
}

static void CB(product_of_pixels)(const float *a, const float *b, float *y, ptrdiff_t pixels) { CB(store)(y, CB(total)(a, b, pixels)); }

static void CB(mean_of_pixels)(const float *x, float *y, ptrdiff_t pixels) {
  CB(store)(y, CB(total)(x, NULL, pixels) / (CB(vector))(float)pixels);
}

/* Pixels that an activation function takes at a time. */
#define CB_CHUNK 64

static void CB(scale_block)(
  const ck_finish *finish, const float *x, const float *scale, const float *offset, float *y, ptrdiff_t pixels) {
  const CB(vector) factor = CB(load)(scale), shift = offset ? CB(load)(offset) : (CB(vector))0.0f;
  const float low = finish->low, high = finish->high;
  for (ptrdiff_t begin = 0; begin < pixels; begin += CB_CHUNK) {
    const ptrdiff_t count = pixels - begin < CB_CHUNK ? pixels - begin : CB_CHUNK;
    float values[CB_CHUNK * CK_BLOCK] __attribute__((aligned(64)));
    float *target = finish->activates ? values : y + begin * CK_BLOCK;
    for (ptrdiff_t i = 0; i < count; i++)
      CB(store)(target + i * CK_BLOCK, CB(bounded)(CB(load)(x + (begin + i) * CK_BLOCK) * factor + shift, low, high));
    if (finish->activates) CB(activate)(finish, values, y + begin * CK_BLOCK, count * CK_BLOCK);
  }
}

/* f(a), f(a + b) or f(a * b) */
CK_INLINE void CB(join_blocks)(const char join, const ck_finish *finish, const float *a, const float *b, float *y, ptrdiff_t count) {
  const float low = finish->low, high = finish->high;
  for (ptrdiff_t begin = 0; begin < count; begin += CB_CHUNK * CK_BLOCK) {
    const ptrdiff_t part = count - begin < CB_CHUNK * CK_BLOCK ? count - begin : CB_CHUNK * CK_BLOCK;
    if (join == 0 && finish->activates) {
      CB(activate)(finish, a + begin, y + begin, part);
      continue;
    }
    float values[CB_CHUNK * CK_BLOCK] __attribute__((aligned(64)));
    float *target = finish->activates ? values : y + begin;
    for (ptrdiff_t i = 0; i < part; i += CK_BLOCK) {
      CB(vector) v = CB(load)(a + begin + i);
      if (join) v = join == '+' ? v + CB(load)(b + begin + i) : v * CB(load)(b + begin + i);
      CB(store)(target + i, CB(bounded)(v, low, high));
    }
    if (finish->activates) CB(activate)(finish, values, y + begin, part);
  }
}

static void CB(map_blocks)(const ck_finish *finish, const float *x, float *y, ptrdiff_t count) {
  CB(join_blocks)(0, finish, x, NULL, y, count);
}

static void CB(add_blocks)(const ck_finish *finish, const float *a, const float *b, float *y, ptrdiff_t count) {
  CB(join_blocks)('+', finish, a, b, y, count);
}

static void CB(multiply_blocks)(const ck_finish *finish, const float *a, const float *b, float *y, ptrdiff_t count) {
  CB(join_blocks)('*', finish, a, b, y, count);
}
