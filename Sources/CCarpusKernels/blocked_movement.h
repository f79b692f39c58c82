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

static void CB(place_channels)(const float *x, float *y, ptrdiff_t channels, ptrdiff_t at, ptrdiff_t pixels) {
  const ptrdiff_t plane = pixels * CK_BLOCK;
  if (at % CK_BLOCK == 0) {
    memcpy(y + at / CK_BLOCK * plane, x, (size_t)(ck_blocks(channels) * plane) * sizeof(float));
    return;
  }
  for (ptrdiff_t c = 0; c < channels;) {
    /* Channels that stand in one block on both sides. */
    const ptrdiff_t from = c % CK_BLOCK, to = (at + c) % CK_BLOCK;
    ptrdiff_t count = CK_BLOCK - (from > to ? from : to);
    if (count > channels - c) count = channels - c;
    const float *source = x + c / CK_BLOCK * plane + from;
    float *target = y + (at + c) / CK_BLOCK * plane + to;
    for (ptrdiff_t p = 0; p < pixels; p++)
      for (ptrdiff_t i = 0; i < count; i++) target[p * CK_BLOCK + i] = source[p * CK_BLOCK + i];
    c += count;
  }
}
