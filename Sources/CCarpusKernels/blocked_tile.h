/* A tile of a convolution or product in the blocked layout: `rows` pixels times up to two vectors of output channels, in registers while
   the sum runs. A step of the sum is one tap of one block of input channels (one tap of one channel in the planar layout); the weights
   lie in the order in which the steps need them. Sums of some steps are added up apart: the rounding errors of one long sum would grow
   with its length. Every output has the same order of additions, whatever tile it is in. */
/* Floats by which the weights are fetched ahead. */
#define CB_AHEAD 1024

typedef float CB(vector) __attribute__((ext_vector_type(CK_BLOCK)));

CK_INLINE CB(vector) CB(load)(const float *source) {
  CB(vector) v;
  memcpy(&v, source, sizeof v);
  return v;
}

CK_INLINE void CB(store)(float *target, CB(vector) v) { memcpy(target, &v, sizeof v); }

CK_INLINE CB(vector) CB(bounded)(CB(vector) v, float low, float high) {
  v = v < low ? (CB(vector))low : v;
  return v > high ? (CB(vector))high : v;
}

/* The steps of a sum: `full` of 16 channels (of one, if planar), then `partial` of `rest` channels. */
typedef struct {
  const ptrdiff_t *offsets;
  ptrdiff_t full, partial, rest;
  /* How many steps are added up apart. */
  ptrdiff_t fold;
  /* Floats of the output from one pixel to the next, and from one block of channels to the next. */
  ptrdiff_t stride, block;
  const ck_finish *finish;
} CB(job);

CK_INLINE void CB(tile)(
  const int rows, const int blocks, const int channels, const ptrdiff_t pixel, const CB(job) *job, const float *x, const float *weights,
  const float *next, ptrdiff_t lines, const float *bias, const float *residual, float *y) {
  CB(vector) sums[CB_ROWS][CB_BLOCKS], totals[CB_ROWS][CB_BLOCKS];
  const ptrdiff_t *offset = job->offsets;
#pragma clang loop unroll(full)
  for (int m = 0; m < rows; m++)
#pragma clang loop unroll(full)
    for (int n = 0; n < blocks; n++) sums[m][n] = (CB(vector))0.0f;
#define CB_STEP(c)                                                                           \
  do {                                                                                       \
    CB(vector) columns[CB_BLOCKS];                                                           \
    _Pragma("clang loop unroll(full)") for (int n = 0; n < blocks; n++)                      \
      columns[n] = CB(load)(weights + n * CK_BLOCK);                                         \
    _Pragma("clang loop unroll(full)") for (int m = 0; m < rows; m++)                        \
      _Pragma("clang loop unroll(full)") for (int n = 0; n < blocks; n++)                    \
        sums[m][n] += source[m * pixel + (c)] * columns[n];                                  \
    _Pragma("clang loop unroll(full)") for (int n = 0; n < blocks; n++)                      \
      __builtin_prefetch(weights + CB_AHEAD + n * CK_BLOCK, 0, 2);                           \
    weights += blocks * CK_BLOCK;                                                            \
  } while (0)
  for (ptrdiff_t left = job->full, folds = 0;; folds++) {
    const ptrdiff_t count = left < job->fold ? left : job->fold;
    left -= count;
    for (const ptrdiff_t *end = offset + count; offset < end; offset++) {
      const float *source = x + *offset;
      if (channels == 1) {
        CB_STEP(0);
      } else {
#pragma clang loop unroll(disable)
        for (ptrdiff_t line = 0; line < lines; line++, next += CK_BLOCK) __builtin_prefetch(next, 0, 2);
#pragma clang loop unroll(disable)
        for (int c = 0; c < channels; c += 4, source += 4) {
          CB_STEP(0);
          CB_STEP(1);
          CB_STEP(2);
          CB_STEP(3);
        }
      }
    }
    if (left == 0) {
      for (const ptrdiff_t *end = offset + job->partial; offset < end; offset++) {
        const float *source = x + *offset;
#pragma clang loop unroll(disable)
        for (ptrdiff_t c = 0; c < job->rest; c++, source++) CB_STEP(0);
      }
      if (folds > 0)
#pragma clang loop unroll(full)
        for (int m = 0; m < rows; m++)
#pragma clang loop unroll(full)
          for (int n = 0; n < blocks; n++) sums[m][n] += totals[m][n];
      break;
    }
#pragma clang loop unroll(full)
    for (int m = 0; m < rows; m++)
#pragma clang loop unroll(full)
      for (int n = 0; n < blocks; n++) {
        totals[m][n] = folds > 0 ? totals[m][n] + sums[m][n] : sums[m][n];
        sums[m][n] = (CB(vector))0.0f;
      }
  }
#undef CB_STEP
  const ck_finish *finish = job->finish;
  const ptrdiff_t step = job->stride;
  if (!finish) {
#pragma clang loop unroll(full)
    for (int m = 0; m < rows; m++)
#pragma clang loop unroll(full)
      for (int n = 0; n < blocks; n++) CB(store)(y + n * job->block + m * step, sums[m][n]);
    return;
  }
  const float low = finish->low, high = finish->high;
#pragma clang loop unroll(full)
  for (int n = 0; n < blocks; n++) {
    const CB(vector) offsets = bias ? CB(load)(bias + n * CK_BLOCK) : (CB(vector))0.0f;
#pragma clang loop unroll(full)
    for (int m = 0; m < rows; m++) sums[m][n] += offsets;
  }
  if (residual)
#pragma clang loop unroll(full)
    for (int n = 0; n < blocks; n++)
#pragma clang loop unroll(full)
      for (int m = 0; m < rows; m++) sums[m][n] += CB(load)(residual + n * job->block + m * step);
  if (!finish->activates) {
#pragma clang loop unroll(full)
    for (int n = 0; n < blocks; n++)
#pragma clang loop unroll(full)
      for (int m = 0; m < rows; m++) CB(store)(y + n * job->block + m * step, CB(bounded)(sums[m][n], low, high));
    return;
  }
  float values[CB_BLOCKS * CB_ROWS * CK_BLOCK] __attribute__((aligned(64))), results[CB_BLOCKS * CB_ROWS * CK_BLOCK];
#pragma clang loop unroll(full)
  for (int n = 0; n < blocks; n++)
#pragma clang loop unroll(full)
    for (int m = 0; m < rows; m++) CB(store)(values + (n * rows + m) * CK_BLOCK, sums[m][n]);
  if (finish->slopes) {
#pragma clang loop unroll(full)
    for (int n = 0; n < blocks; n++) CB(activate_pixels)(finish, values + n * rows * CK_BLOCK, y + n * job->block, rows, step);
    return;
  }
  CB(activate)(finish, values, results, blocks * rows * CK_BLOCK);
#pragma clang loop unroll(full)
  for (int n = 0; n < blocks; n++)
#pragma clang loop unroll(disable)
    for (int m = 0; m < rows; m++)
      CB(store)(y + n * job->block + m * step, CB(load)(results + (n * rows + m) * CK_BLOCK));
}

#if CB_ROWS == 14
#define CB_CASES(X) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14)
#define CB_SIZES(X) X(1) X(2) X(4) X(7) X(14)
#elif CB_ROWS == 6
#define CB_CASES(X) X(1) X(2) X(3) X(4) X(5) X(6)
#define CB_SIZES(X) X(1) X(2) X(4) X(6)
#else
#define CB_CASES(X) X(1) X(2)
#define CB_SIZES(X) X(1) X(2)
#endif

/* `count` neighbouring pixels of one group, in tiles of about the same height. While there are some tiles to do, the weights of the next
   group, which follow, are fetched. */
#define CB_RUN(name, channels, pixel, CASES, SIZE)                                                                              \
  static void CB(name)(                                                                                                         \
    const CB(job) *job, const float *x, const float *weights, const float *bias, const float *residual, float *y,               \
    ptrdiff_t count, bool pair) {                                                                                               \
    const ptrdiff_t vectors = pair ? CB_BLOCKS : 1, tiles = ck_block_count(count, CB_ROWS);                                     \
    const ptrdiff_t lines = (channels) > 1 && tiles > 2 ? (vectors * (channels) + tiles - 1) / tiles : 0;                       \
    const float *next = weights + (job->full * (channels) + job->partial * job->rest) * vectors * CK_BLOCK;                     \
    for (ptrdiff_t at = 0, size; at < count; at += size, next += job->full * lines * CK_BLOCK) {                                \
      const ptrdiff_t place = at * job->stride;                                                                                    \
      const float *source = x + at * (pixel), *rest = residual ? residual + place : NULL;                                       \
      size = SIZE(count - at);                                                                                                  \
      if (pair && CB_BLOCKS == 2) switch (size) { CASES(CB_PAIR_##name) }                                                       \
      else switch (size) { CASES(CB_SINGLE_##name) }                                                                            \
    }                                                                                                                           \
  }
#define CB_CASE(rows, blocks, channels, pixel) \
  case rows: CB(tile)(rows, blocks, channels, pixel, job, source, weights, next, lines, bias, rest, y + place); break;

static inline ptrdiff_t CB(even_size)(ptrdiff_t rest) {
  const ptrdiff_t tiles = ck_block_count(rest, CB_ROWS);
  return (rest + tiles - 1) / tiles;
}

/* The largest of CB_SIZES that fits. */
static inline ptrdiff_t CB(large_size)(ptrdiff_t rest) {
  ptrdiff_t size = 1;
#define CB_SIZE(rows) size = rest >= rows ? rows : size;
  CB_SIZES(CB_SIZE)
#undef CB_SIZE
  return size;
}

#define CB_PAIR_run_blocked(rows) CB_CASE(rows, CB_BLOCKS, CK_BLOCK, CK_BLOCK)
#define CB_SINGLE_run_blocked(rows) CB_CASE(rows, 1, CK_BLOCK, CK_BLOCK)
#define CB_PAIR_run_blocked_stride2(rows) CB_CASE(rows, CB_BLOCKS, CK_BLOCK, 2 * CK_BLOCK)
#define CB_SINGLE_run_blocked_stride2(rows) CB_CASE(rows, 1, CK_BLOCK, 2 * CK_BLOCK)
#define CB_PAIR_run_planar(rows) CB_CASE(rows, CB_BLOCKS, 1, 1)
#define CB_SINGLE_run_planar(rows) CB_CASE(rows, 1, 1, 1)
#define CB_PAIR_run_planar_stride2(rows) CB_CASE(rows, CB_BLOCKS, 1, 2)
#define CB_SINGLE_run_planar_stride2(rows) CB_CASE(rows, 1, 1, 2)
#define CB_PAIR_run_planar_stride4(rows) CB_CASE(rows, CB_BLOCKS, 1, 4)
#define CB_SINGLE_run_planar_stride4(rows) CB_CASE(rows, 1, 1, 4)
CB_RUN(run_blocked, CK_BLOCK, CK_BLOCK, CB_CASES, CB(even_size))
CB_RUN(run_blocked_stride2, CK_BLOCK, 2 * CK_BLOCK, CB_CASES, CB(even_size))
CB_RUN(run_planar, 1, 1, CB_SIZES, CB(large_size))
CB_RUN(run_planar_stride2, 1, 2, CB_SIZES, CB(large_size))
CB_RUN(run_planar_stride4, 1, 4, CB_SIZES, CB(large_size))

typedef void CB(runner)(
  const CB(job) *job, const float *x, const float *weights, const float *bias, const float *residual, float *y, ptrdiff_t count, bool pair);
