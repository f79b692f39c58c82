/* Matrix products of packed operands, c = f(a b + bias + residual).

   The left operand is packed in blocks of up to TILE_ROWS rows, [block][k][row]; the right one in panels of up to TILE_COLUMNS
   columns, [panel][k][column]. A tile of c stays in registers while k runs; every element is the sum over k in order, whatever tile it is in:
   of CK_SUM_LENGTH terms, of so many of those sums, and of what results. The rounding errors of one long sum would grow with k. */
#define CK_SUM_LENGTH 24
#define WIDTH ((ptrdiff_t)(CK_VECTOR_BYTES / sizeof(real)))
#define TILE_ROWS ((ptrdiff_t)CK_TILE_ROWS)
#define TILE_COLUMNS (2 * WIDTH)

typedef real CK(vector) __attribute__((ext_vector_type(CK_VECTOR_BYTES / sizeof(real))));

CK_INLINE CK(vector) CK(load)(const real *source) {
  CK(vector) v;
  memcpy(&v, source, sizeof v);
  return v;
}

CK_INLINE void CK(store)(real *target, CK(vector) v) { memcpy(target, &v, sizeof v); }

/* The elements 0, 2, 4, … of two vectors. */
#if CK_VECTOR_BYTES == 64 && CK_IS_FLOAT32
#define CK_EVEN(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30)
#elif CK_VECTOR_BYTES == 64 || (CK_VECTOR_BYTES == 32 && CK_IS_FLOAT32)
#define CK_EVEN(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14)
#elif CK_VECTOR_BYTES == 32 || CK_IS_FLOAT32
#define CK_EVEN(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6)
#else
#define CK_EVEN(a, b) __builtin_shufflevector(a, b, 0, 2)
#endif

/* A product and where its operands are. */
typedef struct {
  const ck_product *product;
  const real *bias, *residual;
  real *c;
} CK(tile_job);

/* Adds the residual, bounds, and stores a vector of which `count` elements exist. */
CK_INLINE void CK(finish)(CK(vector) v, const real *residual, real *target, ptrdiff_t count, real low, real high) {
  if (count >= WIDTH) {
    if (residual) v += CK(load)(residual);
    v = v < low ? (CK(vector))low : v;
    v = v > high ? (CK(vector))high : v;
    CK(store)(target, v);
  } else {
    real values[CK_VECTOR_BYTES / sizeof(real)];
    CK(store)(values, v);
    for (ptrdiff_t i = 0; i < count; i++) target[i] = CK(bounded)(values[i] + (residual ? residual[i] : 0), low, high);
  }
}

/* One tile of `rows` rows and `vectors` vectors, both constants here, at row `row` and column `column` of c. */
CK_INLINE void CK(tile)(
  const ptrdiff_t rows, const ptrdiff_t vectors, const CK(tile_job) *job, const real *a, const real *b, ptrdiff_t row,
  ptrdiff_t column) {
  const ck_product *const product = job->product;
  CK(vector) sums[CK_TILE_ROWS][2];
  CK(vector) parts[CK_TILE_ROWS][2];
  CK(vector) totals[CK_TILE_ROWS][2];
  for (ptrdiff_t rest = product->k, part = 0;; part++) {
    const ptrdiff_t length = rest < CK_SUM_LENGTH ? rest : CK_SUM_LENGTH;
    rest -= length;
#pragma clang loop unroll(full)
    for (ptrdiff_t m = 0; m < rows; m++)
#pragma clang loop unroll(full)
      for (ptrdiff_t n = 0; n < vectors; n++) sums[m][n] = (CK(vector))(real)0;
    for (ptrdiff_t k = length; k > 0; k--, a += rows, b += vectors * WIDTH) {
      CK(vector) columns[2];
#pragma clang loop unroll(full)
      for (ptrdiff_t n = 0; n < vectors; n++) columns[n] = CK(load)(b + n * WIDTH);
#pragma clang loop unroll(full)
      for (ptrdiff_t m = 0; m < rows; m++)
#pragma clang loop unroll(full)
        for (ptrdiff_t n = 0; n < vectors; n++) sums[m][n] += a[m] * columns[n];
    }
    if (part == 0 && rest == 0) break;
    const int begins = part % CK_SUM_LENGTH == 0, ends = rest == 0 || part % CK_SUM_LENGTH == CK_SUM_LENGTH - 1;
#pragma clang loop unroll(full)
    for (ptrdiff_t m = 0; m < rows; m++)
#pragma clang loop unroll(full)
      for (ptrdiff_t n = 0; n < vectors; n++) parts[m][n] = begins ? sums[m][n] : parts[m][n] + sums[m][n];
    if (!ends) continue;
#pragma clang loop unroll(full)
    for (ptrdiff_t m = 0; m < rows; m++)
#pragma clang loop unroll(full)
      for (ptrdiff_t n = 0; n < vectors; n++) {
        totals[m][n] = part < CK_SUM_LENGTH ? parts[m][n] : totals[m][n] + parts[m][n];
        sums[m][n] = totals[m][n];
      }
    if (rest == 0) break;
  }
  const real *bias = job->bias, *residual = job->residual;
  real *c = job->c;
  const real low = (real)product->low, high = (real)product->high;
  const ptrdiff_t count = product->columns - column;
  if (!product->transposed) {
#pragma clang loop unroll(full)
    for (ptrdiff_t m = 0; m < rows; m++) {
      const ptrdiff_t place = (row + m) * product->stride + column;
      const real offset = bias ? bias[row + m] : 0;
#pragma clang loop unroll(full)
      for (ptrdiff_t n = 0; n < vectors; n++)
        CK(finish)(
          sums[m][n] + offset, residual ? residual + place + n * WIDTH : NULL, c + place + n * WIDTH, count - n * WIDTH, low, high);
    }
  } else {
    real values[CK_TILE_ROWS][2 * CK_VECTOR_BYTES / sizeof(real)];
#pragma clang loop unroll(full)
    for (ptrdiff_t m = 0; m < rows; m++)
#pragma clang loop unroll(full)
      for (ptrdiff_t n = 0; n < vectors; n++) CK(store)(&values[m][n * WIDTH], sums[m][n]);
    for (ptrdiff_t j = 0; j < count && j < vectors * WIDTH; j++) {
      const ptrdiff_t place = (column + j) * product->stride + row;
      const real offset = bias ? bias[column + j] : 0;
      for (ptrdiff_t m = 0; m < rows; m++)
        c[place + m] = CK(bounded)(values[m][j] + offset + (residual ? residual[place + m] : 0), low, high);
    }
  }
}

#define TILE(rows, vectors)                                                                                                         \
  static void CK(tile_##rows##_##vectors)(                                                                                          \
    const CK(tile_job) * job, const real *a, const real *b, ptrdiff_t row, ptrdiff_t column) {                                      \
    CK(tile)(rows, vectors, job, a, b, row, column);                                                                                \
  }
#define TILES(rows) TILE(rows, 1) TILE(rows, 2)
TILES(1) TILES(2) TILES(3) TILES(4) TILES(5) TILES(6)
#if CK_TILE_ROWS > 6
TILES(7) TILES(8) TILES(9) TILES(10) TILES(11) TILES(12)
#endif
#if CK_TILE_ROWS > 12
TILES(13) TILES(14)
#endif
#undef TILE
#undef TILES

typedef void CK(tile_function)(const CK(tile_job) * job, const real *a, const real *b, ptrdiff_t row, ptrdiff_t column);

#define TILES(rows) {CK(tile_##rows##_1), CK(tile_##rows##_2)}
static CK(tile_function) *const CK(tiles)[][2] = {
  {0}, TILES(1), TILES(2), TILES(3), TILES(4), TILES(5), TILES(6),
#if CK_TILE_ROWS > 6
  TILES(7), TILES(8), TILES(9), TILES(10), TILES(11), TILES(12),
#endif
#if CK_TILE_ROWS > 12
  TILES(13), TILES(14),
#endif
};
#undef TILES

/* The function after the sums, for `rows` x `columns` elements of c as it lies in memory. */
static void CK(activate)(const ck_product *product, real *c, ptrdiff_t row, ptrdiff_t rows, ptrdiff_t column, ptrdiff_t columns) {
  if (!product->activates) return;
  for (ptrdiff_t r = row; r < row + rows; r++) {
    real *part = c + r * product->stride + column;
    CK(unary)(product->activation, part, part, columns, product->p, product->q);
  }
}

static void CK(multiply_packed)(
  const ck_product *product, const real *a, const real *b, const real *bias, const real *residual, real *c, ptrdiff_t first_block,
  ptrdiff_t last_block, ptrdiff_t first_panel, ptrdiff_t last_panel) {
  const CK(tile_job) job = {product, bias, residual, c};
  const ptrdiff_t first_column = first_panel * TILE_COLUMNS;
  const ptrdiff_t last_column = last_panel * TILE_COLUMNS < product->columns ? last_panel * TILE_COLUMNS : product->columns;
  const ptrdiff_t first_row = ck_block_start(product->rows, TILE_ROWS, first_block);
  const ptrdiff_t last_row = ck_block_start(product->rows, TILE_ROWS, last_block);
  if (product->transposed) {
    for (ptrdiff_t column = first_column; column < last_column; column += TILE_COLUMNS) {
      const ptrdiff_t width = last_column - column < TILE_COLUMNS ? last_column - column : TILE_COLUMNS;
      for (ptrdiff_t block = first_block; block < last_block; block++) {
        const ptrdiff_t row = ck_block_start(product->rows, TILE_ROWS, block);
        const ptrdiff_t height = ck_block_start(product->rows, TILE_ROWS, block + 1) - row;
        CK(tiles)[height][width > WIDTH](&job, a + row * product->k, b + column * product->k, row, column);
      }
      CK(activate)(product, c, column, width, first_row, last_row - first_row);
    }
  } else {
    for (ptrdiff_t block = first_block; block < last_block; block++) {
      const ptrdiff_t row = ck_block_start(product->rows, TILE_ROWS, block);
      const ptrdiff_t height = ck_block_start(product->rows, TILE_ROWS, block + 1) - row;
      for (ptrdiff_t column = first_column; column < last_column; column += TILE_COLUMNS) {
        const ptrdiff_t width = last_column - column < TILE_COLUMNS ? last_column - column : TILE_COLUMNS;
        CK(tiles)[height][width > WIDTH](&job, a + row * product->k, b + column * product->k, row, column);
      }
      CK(activate)(product, c, row, height, first_column, last_column - first_column);
    }
  }
}

/* target[k][j] = factor source[j * step + k * k_step] for one strip of `count` lines, `width` apart in the target. */
CK_INLINE void CK(pack_strip)(
  const real *restrict source, ptrdiff_t step, ptrdiff_t k_step, ptrdiff_t count, ptrdiff_t width, ptrdiff_t k, real factor,
  real *restrict target) {
  if (step == 1) {
    for (ptrdiff_t i = 0; i < k; i++) {
      for (ptrdiff_t j = 0; j < count; j++) target[i * width + j] = factor * source[i * k_step + j];
      for (ptrdiff_t j = count; j < width; j++) target[i * width + j] = 0;
    }
  } else {
    /* Some columns of each line at a time, so that lines of source and target stay in the first-level cache. */
    for (ptrdiff_t begin = 0; begin < k; begin += 16) {
      const ptrdiff_t end = begin + 16 < k ? begin + 16 : k;
      for (ptrdiff_t j = 0; j < count; j++)
        for (ptrdiff_t i = begin; i < end; i++) target[i * width + j] = factor * source[j * step + i * k_step];
      for (ptrdiff_t j = count; j < width; j++)
        for (ptrdiff_t i = begin; i < end; i++) target[i * width + j] = 0;
    }
  }
}

static void CK(pack_rows)(
  const real *a, ptrdiff_t row_step, ptrdiff_t k_step, ptrdiff_t rows, ptrdiff_t k, double factor, real *target) {
  for (ptrdiff_t block = 0; block < ck_block_count(rows, TILE_ROWS); block++) {
    const ptrdiff_t row = ck_block_start(rows, TILE_ROWS, block), height = ck_block_start(rows, TILE_ROWS, block + 1) - row;
    CK(pack_strip)(a + row * row_step, row_step, k_step, height, height, k, (real)factor, target + row * k);
  }
}

static void CK(pack_columns)(
  const real *b, ptrdiff_t column_step, ptrdiff_t k_step, ptrdiff_t columns, ptrdiff_t k, real *target) {
  for (ptrdiff_t column = 0; column < columns; column += TILE_COLUMNS) {
    const ptrdiff_t rest = columns - column, width = rest > WIDTH ? TILE_COLUMNS : WIDTH, count = rest < width ? rest : width;
    const real *source = b + column * column_step;
    real *strip = target + column * k;
    if (column_step == 1 && count == TILE_COLUMNS)
      for (ptrdiff_t i = 0; i < k; i++) memcpy(strip + i * TILE_COLUMNS, source + i * k_step, TILE_COLUMNS * sizeof(real));
    else
      CK(pack_strip)(source, column_step, k_step, count, width, k, 1, strip);
  }
}

static void CK(multiply_vector)(
  const real *a, ptrdiff_t row_step, ptrdiff_t k_step, ptrdiff_t k, const real *x, double alpha, double beta, real *y,
  ptrdiff_t first, ptrdiff_t last) {
  assert(row_step == 1 || k_step == 1);
  const real factor = (real)alpha, old = (real)beta;
  if (k_step == 1) {
    for (ptrdiff_t r = first; r < last; r++) {
      const real *row = a + r * row_step;
      CK(vector) sums[4];
      for (int n = 0; n < 4; n++) sums[n] = (CK(vector))(real)0;
      ptrdiff_t i = 0;
      for (; i + 4 * WIDTH <= k; i += 4 * WIDTH)
#pragma clang loop unroll(full)
        for (int n = 0; n < 4; n++) sums[n] += CK(load)(row + i + n * WIDTH) * CK(load)(x + i + n * WIDTH);
      real values[CK_VECTOR_BYTES / sizeof(real)], sum = 0;
      CK(store)(values, (sums[0] + sums[1]) + (sums[2] + sums[3]));
      for (ptrdiff_t lane = 0; lane < WIDTH; lane++) sum += values[lane];
      for (; i < k; i++) sum += row[i] * x[i];
      y[r] = factor * sum + (old == 0 ? 0 : old * y[r]);
    }
  } else {
    /* Long pieces of four rows at a time: memory is read at its full rate. */
    enum { block = 4096 };
    real sums[block];
    for (ptrdiff_t begin = first; begin < last; begin += block) {
      const ptrdiff_t width = last - begin < block ? last - begin : block;
      for (ptrdiff_t j = 0; j < width; j++) sums[j] = 0;
      ptrdiff_t i = 0;
      for (; i + 4 <= k; i += 4) {
        const real *row = a + i * k_step + begin, *row1 = row + k_step, *row2 = row1 + k_step, *row3 = row2 + k_step;
        const real value = x[i], value1 = x[i + 1], value2 = x[i + 2], value3 = x[i + 3];
        for (ptrdiff_t j = 0; j < width; j++) sums[j] += (row[j] * value + row1[j] * value1) + (row2[j] * value2 + row3[j] * value3);
      }
      for (; i < k; i++) {
        const real *row = a + i * k_step + begin;
        const real value = x[i];
        for (ptrdiff_t j = 0; j < width; j++) sums[j] += row[j] * value;
      }
      for (ptrdiff_t j = 0; j < width; j++) y[begin + j] = factor * sums[j] + (old == 0 ? 0 : old * y[begin + j]);
    }
  }
}
