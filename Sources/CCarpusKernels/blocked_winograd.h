/* Winograd's minimal filtering: m outputs of a window of r from n = m + r - 1 products along an axis, for windows over one axis or both. The
   points are 0, 1, -1, infinity for n = 4; 0, ±1/√2, ±√2, infinity for n = 6, whose rounding errors are a third of those of the points 0,
   ±1, ±2 that are usual; 0, ±1/2, ±1, ±2, infinity for n = 8. An axis without a window has m = n = 1.

   Buffers are [frequency][block][patch][16]. */
#define CB_MOST 8
#define CB_SQUARE 36

/* m, n down and across. */
#define CB_FORMS(X)                                                                                               \
  X(2, 4, 2, 4) X(4, 6, 4, 6) X(2, 6, 2, 6) X(1, 1, 2, 4) X(2, 4, 1, 1) X(1, 1, 4, 6) X(4, 6, 1, 1) X(1, 1, 2, 8) \
  X(2, 8, 1, 1)

CK_INLINE void CB(to_frequencies)(const int n, const CB(vector) *d, const ptrdiff_t step, CB(vector) *t, const ptrdiff_t target) {
  if (n == 1) {
    t[0] = d[0];
  } else if (n == 4) {
    t[0] = d[0] - d[2 * step];
    t[target] = d[step] + d[2 * step];
    t[2 * target] = d[2 * step] - d[step];
    t[3 * target] = d[3 * step] - d[step];
  } else if (n == 6) {
    const float p = 0.70710678118654752440f, q = 1.41421356237309504880f;
    const CB(vector) d0 = d[0], d1 = d[step], d2 = d[2 * step], d3 = d[3 * step], d4 = d[4 * step], d5 = d[5 * step];
    const CB(vector) even = d4 - 2.0f * d2, odd = p * d3 - q * d1, even2 = d4 - 0.5f * d2, odd2 = q * d3 - p * d1;
    t[0] = d0 + (d4 - 2.5f * d2);
    t[target] = even + odd;
    t[2 * target] = even - odd;
    t[3 * target] = even2 + odd2;
    t[4 * target] = even2 - odd2;
    t[5 * target] = d1 + (d5 - 2.5f * d3);
  } else {
    const CB(vector) d0 = d[0], d1 = d[step], d2 = d[2 * step], d3 = d[3 * step], d4 = d[4 * step], d5 = d[5 * step], d6 = d[6 * step];
    const CB(vector) d7 = d[7 * step];
    const CB(vector) even = (d6 + 4.0f * d2) - 5.0f * d4, odd = 0.5f * d5 + (2.0f * d1 - 2.5f * d3);
    const CB(vector) even2 = (d6 + d2) - 4.25f * d4, odd2 = (d5 + d1) - 4.25f * d3;
    const CB(vector) even3 = d6 + (0.25f * d2 - 1.25f * d4), odd3 = 2.0f * d5 + (0.5f * d1 - 2.5f * d3);
    t[0] = (d6 - d0) + 5.25f * (d2 - d4);
    t[target] = even + odd;
    t[2 * target] = even - odd;
    t[3 * target] = even2 + odd2;
    t[4 * target] = even2 - odd2;
    t[5 * target] = even3 + odd3;
    t[6 * target] = even3 - odd3;
    t[7 * target] = (d7 - d1) + 5.25f * (d3 - d5);
  }
}

CK_INLINE void CB(from_frequencies)(
  const int m, const int n, const CB(vector) *t, const ptrdiff_t step, CB(vector) *r, const ptrdiff_t target) {
  if (n == 1) {
    r[0] = t[0];
  } else if (n == 4) {
    r[0] = t[0] + (t[step] + t[2 * step]);
    r[target] = (t[step] - t[2 * step]) + t[3 * step];
  } else if (n == 6) {
    const float p = 0.70710678118654752440f, q = 1.41421356237309504880f, p3 = 0.35355339059327376220f, q3 = 2.82842712474619009760f;
    const CB(vector) a = t[step] + t[2 * step], b = t[step] - t[2 * step], c = t[3 * step] + t[4 * step], d = t[3 * step] - t[4 * step];
    r[0] = t[0] + (a + c);
    if (m == 2) {
      r[target] = (p * b + q * d) + t[5 * step];
    } else {
      r[target] = p * b + q * d;
      r[2 * target] = 0.5f * a + 2.0f * c;
      r[3 * target] = (p3 * b + q3 * d) + t[5 * step];
    }
  } else {
    r[0] = t[0] + ((t[step] + t[2 * step]) + (t[3 * step] + t[4 * step]) + (t[5 * step] + t[6 * step]));
    r[target] = (0.5f * (t[step] - t[2 * step]) + (t[3 * step] - t[4 * step])) + (2.0f * (t[5 * step] - t[6 * step]) + t[7 * step]);
  }
}

/* Image, row and column of a patch's first output. */
typedef struct { ptrdiff_t image, row, column; } CB(place);

CK_INLINE CB(place) CB(place_of)(const ck_patches *patches, const int down, const int across, ptrdiff_t index) {
  const ptrdiff_t each = patches->rows * patches->columns, rest = index % each;
  return (CB(place)){index / each, rest / patches->columns * down, rest % patches->columns * across};
}

CK_INLINE void CB(transform_patches_of)(
  const int down, const int nv, const int across, const int nh, const ck_planes *planes, const ck_patches *patches, const float *x, float *frequencies, ptrdiff_t start, ptrdiff_t first,
  ptrdiff_t last, ptrdiff_t first_block, ptrdiff_t last_block) {
  const ptrdiff_t plane = planes->height * planes->width * CK_BLOCK, row = planes->width * CK_BLOCK;
  const ptrdiff_t image = ck_blocks(planes->input_channels) * plane;
  for (ptrdiff_t block = first_block; block < last_block; block++)
    for (ptrdiff_t patch = first; patch < last; patch++) {
      const CB(place) place = CB(place_of)(patches, down, across, start + patch);
      const ptrdiff_t h = place.row - planes->pad_top, w = place.column - planes->pad_left;
      const float *source = x + place.image * image + block * plane + h * row + w * CK_BLOCK;
      CB(vector) d[CB_SQUARE], t[CB_SQUARE];
      if (h >= 0 && w >= 0 && h + nv <= planes->height && w + nh <= planes->width) {
#pragma clang loop unroll(full)
        for (int j = 0; j < nh; j++) {
#pragma clang loop unroll(full)
          for (int i = 0; i < nv; i++) d[i] = CB(load)(source + i * row + j * CK_BLOCK);
          CB(to_frequencies)(nv, d, 1, t + j, nh);
        }
      } else {
        for (int i = 0; i < nv; i++)
          for (int j = 0; j < nh; j++)
            d[i * nh + j] = h + i >= 0 && h + i < planes->height && w + j >= 0 && w + j < planes->width
              ? CB(load)(source + i * row + j * CK_BLOCK)
              : (CB(vector))0.0f;
#pragma clang loop unroll(full)
        for (int j = 0; j < nh; j++) CB(to_frequencies)(nv, d + j, nh, t + j, nh);
      }
      float *target = frequencies + (block * patches->capacity + patch) * CK_BLOCK;
#pragma clang loop unroll(full)
      for (int i = 0; i < nv; i++) {
        CB(vector) f[CB_MOST];
        CB(to_frequencies)(nh, t + i * nh, 1, f, 1);
#pragma clang loop unroll(full)
        for (int j = 0; j < nh; j++) CB(store)(target + (i * nh + j) * patches->input_stride, f[j]);
      }
    }
}

static void CB(transform_patches)(
  const ck_planes *planes, const ck_patches *patches, const float *x, float *frequencies, ptrdiff_t start, ptrdiff_t first,
  ptrdiff_t last, ptrdiff_t first_block, ptrdiff_t last_block) {
  const ptrdiff_t down = ck_patch_outputs(planes->kernel_height, patches->m), across = ck_patch_outputs(planes->kernel_width, patches->m);
  const ptrdiff_t nv = down + planes->kernel_height - 1, nh = across + planes->kernel_width - 1;
#define CB_FORM(mv, v, mh, h)                                   \
  if (down == mv && nv == v && across == mh && nh == h)         \
    return CB(transform_patches_of)(mv, v, mh, h, planes, patches, x, frequencies, start, first, last, first_block, last_block);
  CB_FORMS(CB_FORM)
#undef CB_FORM
}

static void CB(multiply_frequencies)(
  const ck_planes *planes, const ck_patches *patches, const float *frequencies, const float *weights, float *products, ptrdiff_t count,
  ptrdiff_t first, ptrdiff_t last, ptrdiff_t *offsets) {
  const ptrdiff_t block = patches->capacity * CK_BLOCK, blocks = ck_blocks(planes->input_channels);
  for (ptrdiff_t b = 0; b < blocks; b++) offsets[b] = b * block;
  const CB(job) job = CB(job_of)(planes, NULL, block, 1, offsets);
  const ptrdiff_t width = CB_BLOCKS * CK_BLOCK, groups = ck_block_count(planes->output_channels, width);
  const ptrdiff_t matrix = ck_blocks(planes->output_channels) * CK_BLOCK * planes->input_channels;
  for (ptrdiff_t part = first; part < last; part++) {
    const ptrdiff_t frequency = part / groups, group = part % groups;
    CB(run_blocked)(
      &job, frequencies + frequency * patches->input_stride, weights + frequency * matrix + group * width * planes->input_channels, NULL,
      NULL, products + frequency * patches->output_stride + group * CB_BLOCKS * block, count, CB(has_pair)(planes, group));
  }
}

CK_INLINE void CB(finish_patches_of)(
  const int down, const int nv, const int across, const int nh, const ck_planes *planes, const ck_patches *patches, const ck_finish *finish, const float *products, const float *bias,
  const float *residual, float *y, ptrdiff_t start, ptrdiff_t first, ptrdiff_t last, ptrdiff_t first_block, ptrdiff_t last_block) {
  const ptrdiff_t row = planes->output_width * CK_BLOCK, plane = planes->output_height * row;
  const ptrdiff_t image = ck_blocks(planes->output_channels) * plane;
  for (ptrdiff_t block = first_block; block < last_block; block++) {
    const CB(vector) offset = bias ? CB(load)(bias + block * CK_BLOCK) : (CB(vector))0.0f;
    for (ptrdiff_t patch = first; patch < last; patch++) {
      const CB(place) place = CB(place_of)(patches, down, across, start + patch);
      const float *source = products + (block * patches->capacity + patch) * CK_BLOCK;
      CB(vector) t[CB_SQUARE];
#pragma clang loop unroll(full)
      for (int j = 0; j < nh; j++) {
        CB(vector) f[CB_MOST];
#pragma clang loop unroll(full)
        for (int i = 0; i < nv; i++) f[i] = CB(load)(source + (i * nh + j) * patches->output_stride);
        CB(from_frequencies)(down, nv, f, 1, t + j, nh);
      }
      const ptrdiff_t at = place.image * image + block * plane + place.row * row + place.column * CK_BLOCK;
      const ptrdiff_t height = planes->output_height - place.row, width = planes->output_width - place.column;
      const ptrdiff_t columns = width < across ? width : across;
#pragma clang loop unroll(full)
      for (int i = 0; i < down; i++) {
        if (i >= height) break;
        CB(vector) r[CB_MOST];
        float values[CB_MOST * CK_BLOCK] __attribute__((aligned(64)));
        CB(from_frequencies)(across, nh, t + i * nh, 1, r, 1);
        float *target = finish->activates ? values : y + at + i * row;
#pragma clang loop unroll(full)
        for (int j = 0; j < across; j++) {
          if (j >= width) break;
          CB(vector) v = r[j] + offset;
          if (residual) v += CB(load)(residual + at + i * row + j * CK_BLOCK);
          CB(store)(target + j * CK_BLOCK, CB(bounded)(v, finish->low, finish->high));
        }
        if (finish->activates) CB(activate)(finish, values, y + at + i * row, columns * CK_BLOCK);
      }
    }
  }
}

static void CB(finish_patches)(
  const ck_planes *planes, const ck_patches *patches, const ck_finish *finish, const float *products, const float *bias,
  const float *residual, float *y, ptrdiff_t start, ptrdiff_t first, ptrdiff_t last, ptrdiff_t first_block, ptrdiff_t last_block) {
  const ptrdiff_t down = ck_patch_outputs(planes->kernel_height, patches->m), across = ck_patch_outputs(planes->kernel_width, patches->m);
  const ptrdiff_t nv = down + planes->kernel_height - 1, nh = across + planes->kernel_width - 1;
#define CB_FORM(mv, v, mh, h)                           \
  if (down == mv && nv == v && across == mh && nh == h) \
    return CB(finish_patches_of)(                       \
      mv, v, mh, h, planes, patches, finish, products, bias, residual, y, start, first, last, first_block, last_block);
  CB_FORMS(CB_FORM)
#undef CB_FORM
}
