/* Into the blocked layout and out of it. */

CK_INLINE void CB(transpose)(CB(vector) *rows) {
  CB(vector) other[CK_BLOCK];
#define CB_INTERLEAVE(from, to)                                                                                                       \
  _Pragma("clang loop unroll(full)") for (int i = 0; i < CK_BLOCK / 2; i++) {                                                         \
    to[2 * i] = __builtin_shufflevector(from[i], from[i + 8], 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);                \
    to[2 * i + 1] = __builtin_shufflevector(from[i], from[i + 8], 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);      \
  }
  CB_INTERLEAVE(rows, other)
  CB_INTERLEAVE(other, rows)
  CB_INTERLEAVE(rows, other)
  CB_INTERLEAVE(other, rows)
#undef CB_INTERLEAVE
}

static void CB(to_blocks)(const float *x, float *y, ptrdiff_t channels, ptrdiff_t pixels, ptrdiff_t first, ptrdiff_t last) {
  for (ptrdiff_t block = first; block < last; block++) {
    const ptrdiff_t rest = channels - block * CK_BLOCK, count = rest < CK_BLOCK ? rest : CK_BLOCK;
    const float *source = x + block * CK_BLOCK * pixels;
    float *target = y + block * CK_BLOCK * pixels;
    ptrdiff_t p = 0;
    for (; p + CK_BLOCK <= pixels; p += CK_BLOCK) {
      CB(vector) rows[CK_BLOCK];
      for (int c = 0; c < CK_BLOCK; c++) rows[c] = c < count ? CB(load)(source + c * pixels + p) : (CB(vector))0.0f;
      CB(transpose)(rows);
      for (int i = 0; i < CK_BLOCK; i++) CB(store)(target + (p + i) * CK_BLOCK, rows[i]);
    }
    for (; p < pixels; p++)
      for (ptrdiff_t c = 0; c < CK_BLOCK; c++) target[p * CK_BLOCK + c] = c < count ? source[c * pixels + p] : 0;
  }
}

static void CB(from_blocks)(const float *x, float *y, ptrdiff_t channels, ptrdiff_t pixels, ptrdiff_t first, ptrdiff_t last) {
  for (ptrdiff_t block = first; block < last; block++) {
    const ptrdiff_t rest = channels - block * CK_BLOCK, count = rest < CK_BLOCK ? rest : CK_BLOCK;
    const float *source = x + block * CK_BLOCK * pixels;
    float *target = y + block * CK_BLOCK * pixels;
    ptrdiff_t p = 0;
    for (; p + CK_BLOCK <= pixels; p += CK_BLOCK) {
      CB(vector) rows[CK_BLOCK];
      for (int i = 0; i < CK_BLOCK; i++) rows[i] = CB(load)(source + (p + i) * CK_BLOCK);
      CB(transpose)(rows);
      for (int c = 0; c < CK_BLOCK; c++)
        if (c < count) CB(store)(target + c * pixels + p, rows[c]);
    }
    for (; p < pixels; p++)
      for (ptrdiff_t c = 0; c < count; c++) target[c * pixels + p] = source[p * CK_BLOCK + c];
  }
}

/* Copies channels from channel `from` of x on to channel `to` of y on. */
CK_INLINE void CB(copy_channels)(const float *x, ptrdiff_t from, float *y, ptrdiff_t to, ptrdiff_t channels, ptrdiff_t pixels) {
  const ptrdiff_t plane = pixels * CK_BLOCK;
  if (from % CK_BLOCK == 0 && to % CK_BLOCK == 0) {
    memcpy(y + to / CK_BLOCK * plane, x + from / CK_BLOCK * plane, (size_t)(ck_blocks(channels) * plane) * sizeof(float));
    return;
  }
  for (ptrdiff_t c = 0; c < channels;) {
    /* Channels that stand in one block on both sides. */
    const ptrdiff_t first = (from + c) % CK_BLOCK, place = (to + c) % CK_BLOCK;
    ptrdiff_t count = CK_BLOCK - (first > place ? first : place);
    if (count > channels - c) count = channels - c;
    const float *source = x + (from + c) / CK_BLOCK * plane + first;
    float *target = y + (to + c) / CK_BLOCK * plane + place;
    for (ptrdiff_t p = 0; p < pixels; p++)
      for (ptrdiff_t i = 0; i < count; i++) target[p * CK_BLOCK + i] = source[p * CK_BLOCK + i];
    c += count;
  }
}

static void CB(place_channels)(const float *x, float *y, ptrdiff_t channels, ptrdiff_t at, ptrdiff_t pixels) {
  CB(copy_channels)(x, 0, y, at, channels, pixels);
}

static void CB(take_channels)(const float *x, float *y, ptrdiff_t channels, ptrdiff_t at, ptrdiff_t pixels) {
  CB(copy_channels)(x, at, y, 0, channels, pixels);
}

static void CB(spread_channels)(const ck_planes *planes, const float *x, float *y) {
  const ptrdiff_t tall = planes->stride_height, wide = planes->stride_width, channels = planes->input_channels;
  for (ptrdiff_t c = 0; c < channels; c++)
    for (ptrdiff_t h = 0; h < planes->height; h++) {
      float *target = y + (c * planes->height + h) * planes->width;
      for (ptrdiff_t column = 0; column < wide; column++) {
        const ptrdiff_t lane = (h % tall * wide + column) * channels + c;
        const float *source = x + lane / CK_BLOCK * planes->output_block + h / tall * planes->output_row + lane % CK_BLOCK;
        for (ptrdiff_t w = column; w < planes->width; w += wide, source += planes->output_pixel) target[w] = *source;
      }
    }
}
