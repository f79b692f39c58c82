/* Products of packed matrices, packing, and products of a matrix and a vector. */
#include "windows.h"

/* Row r of k numbers in blocks of rows: block b begins at its first row times k and has the rows of each k one after the other. */
static ptrdiff_t packed_row(ck_isa isa, ptrdiff_t rows, ptrdiff_t k, ptrdiff_t r, ptrdiff_t i) {
  const ptrdiff_t most = ck_tile_rows(isa), blocks = (rows + most - 1) / most;
  ptrdiff_t block = 0;
  while (rows * (block + 1) / blocks <= r) block++;
  const ptrdiff_t first = rows * block / blocks, height = rows * (block + 1) / blocks - first;
  return first * k + i * height + r - first;
}

/* Column c of k numbers in panels of columns: two vectors wide, the last one if that suffices. */
static ptrdiff_t packed_column(ck_isa isa, ck_type type, ptrdiff_t columns, ptrdiff_t k, ptrdiff_t c, ptrdiff_t i) {
  const ptrdiff_t wide = ck_tile_columns(isa, type), panel = c / wide * wide;
  return panel * k + i * (columns - panel > wide / 2 ? wide : wide / 2) + c - panel;
}

static ptrdiff_t rounded(ptrdiff_t count, ptrdiff_t step) { return (count + step - 1) / step * step; }

void test_pack_rows(ck_isa isa, ck_type type) {
  for (ptrdiff_t rows = 1; rows <= 43; rows++)
    FOR(k, 1, 2, 15, 16, 17, 33) {
      const bool along = rows % 2;
      describe("rows %td k %td %s", rows, k, along ? "row by row" : "column by column");
      values a = numbers(type, rows * k), target = unwritten(type, rows * k);
      ck_pack_rows(isa, type, at(a, 0), along ? k : 1, along ? 1 : rows, rows, k, 0.5, at(target, 0));
      for (ptrdiff_t r = 0; r < rows; r++)
        for (ptrdiff_t i = 0; i < k; i++) expect(target, packed_row(isa, rows, k, r, i), 0.5 * get(a, along ? r * k + i : r + i * rows), 0);
      end_case();
    }
}

void test_pack_columns(ck_isa isa, ck_type type) {
  FOR(columns, LENGTHS) FOR(k, 1, 2, 15, 16, 17, 33) for (int along = 0; along < 2; along++) {
    if (columns == 0) continue;
    describe("columns %td k %td %s", columns, k, along ? "row by row" : "column by column");
    const ptrdiff_t wide = ck_tile_columns(isa, type);
    values b = numbers(type, columns * k), target = unwritten(type, rounded(columns, wide) * k);
    ck_pack_columns(isa, type, at(b, 0), along ? 1 : k, along ? columns : 1, columns, k, at(target, 0));
    for (ptrdiff_t c = 0; c < columns; c++)
      for (ptrdiff_t i = 0; i < k; i++)
        expect(target, packed_column(isa, type, columns, k, c, i), get(b, along ? i * columns + c : c * k + i), 0);
    /* The columns that fill up the last panel are zeros. */
    for (ptrdiff_t c = columns; c < rounded(columns, wide / 2); c++)
      for (ptrdiff_t i = 0; i < k; i++) expect_true(get(target, packed_column(isa, type, columns, k, c, i)) == 0, "not filled with zeros");
    end_case();
  }
}

static void multiply(ck_isa isa, ck_type type, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t k, ptrdiff_t kind) {
  const ck_finish finish = finish_number(kind);
  const bool transposed = kind & 1, biased = kind & 2, added = kind & 4;
  const ptrdiff_t wide = ck_tile_columns(isa, type), stride = (transposed ? rows : columns) + kind % 3;
  const ptrdiff_t blocks = rounded(rows, ck_tile_rows(isa)) / ck_tile_rows(isa), panels = rounded(columns, wide) / wide;
  describe("rows %td columns %td k %td kind %td", rows, columns, k, kind);
  values a = numbers(type, rows * k), b = numbers(type, columns * k), bias = numbers(type, transposed ? columns : rows);
  values packed_a = unwritten(type, rows * k), packed_b = unwritten(type, rounded(columns, wide) * k);
  const ptrdiff_t count = stride * (transposed ? columns : rows);
  values residual = numbers(type, count), y = unwritten(type, count), z = copy(residual);
  ck_pack_rows(isa, type, at(a, 0), k, 1, rows, k, 1, at(packed_a, 0));
  ck_pack_columns(isa, type, at(b, 0), 1, columns, columns, k, at(packed_b, 0));
  const ck_product product = {rows,  columns, k, stride, transposed, (double)finish.low, (double)finish.high, finish.activates,
                              finish.activation, finish.p, finish.q};
  const void *offsets = biased ? at(bias, 0) : NULL;
  ck_multiply_packed(
    isa, type, &product, at(packed_a, 0), at(packed_b, 0), offsets, added ? at(residual, 0) : NULL, at(y, 0), 0, blocks, 0, panels);
  /* In four parts, onto the residual itself. */
  for (ptrdiff_t part = 0, block = draw(blocks + 1), panel = draw(panels + 1); part < 4; part++) {
    if (part & 1 ? block == blocks : block == 0) continue;
    if (part & 2 ? panel == panels : panel == 0) continue;
    ck_multiply_packed(
      isa, type, &product, at(packed_a, 0), at(packed_b, 0), offsets, added ? at(z, 0) : NULL, at(z, 0), part & 1 ? block : 0,
      part & 1 ? blocks : block, part & 2 ? panel : 0, part & 2 ? panels : panel);
  }
  for (ptrdiff_t r = 0; r < rows; r++)
    for (ptrdiff_t c = 0; c < columns; c++) {
      const ptrdiff_t place = transposed ? c * stride + r : r * stride + c;
      double sum = (biased ? get(bias, transposed ? c : r) : 0) + (added ? get(residual, place) : 0), magnitude = 4;
      for (ptrdiff_t i = 0; i < k; i++) {
        const double product = get(a, r * k + i) * get(b, i * columns + c);
        sum += product;
        magnitude += fabs(product);
      }
      expect(y, place, finished(&finish, sum), magnitude);
      expect_true(get(y, place) == get(z, place), "other bits in parts");
    }
  end_case();
}

void test_multiply_packed(ck_isa isa, ck_type type) {
  ptrdiff_t kind = 0;
  for (ptrdiff_t rows = 1; rows <= 29; rows++)
    FOR(columns, 1, 3, 4, 5, 8, 9, 16, 17, 32, 33, 65) multiply(isa, type, rows, columns, PICK(kind, 1, 5, 23, 24, 25), kind), kind++;
  /* Sums of sums. */
  FOR(k, 0, 47, 48, 49, 575, 576, 577, 1200) multiply(isa, type, 15, 18, k, kind++);
}

void test_multiply_vector(ck_isa isa, ck_type type) {
  for (int along = 0; along < 2; along++)
    FOR(rows, 1, 2, 255, 256, 259) FOR(k, LENGTHS) {
      if (rows > 2 && k > 17) continue;
      const double alpha = 0.5, beta = PICK(k + rows, 0, 1);
      describe("rows %td k %td %s beta %g", rows, k, along ? "row by row" : "column by column", beta);
      values a = numbers(type, rows * k), x = numbers(type, k), y = beta != 0 ? numbers(type, rows) : unwritten(type, rows), old = copy(y);
      values z = copy(y);
      const ptrdiff_t cut = draw(rows + 1), row_step = along ? k : 1, k_step = along ? 1 : rows;
      ck_multiply_vector(isa, type, at(a, 0), row_step, k_step, k, at(x, 0), alpha, beta, at(y, 0), 0, rows);
      ck_multiply_vector(isa, type, at(a, 0), row_step, k_step, k, at(x, 0), alpha, beta, at(z, 0), cut, rows);
      ck_multiply_vector(isa, type, at(a, 0), row_step, k_step, k, at(x, 0), alpha, beta, at(z, 0), 0, cut);
      for (ptrdiff_t r = 0; r < rows; r++) {
        double sum = 0, magnitude = 2;
        for (ptrdiff_t i = 0; i < k; i++) {
          const double product = get(a, r * row_step + i * k_step) * get(x, i);
          sum += product;
          magnitude += fabs(product);
        }
        expect(y, r, alpha * sum + (beta != 0 ? beta * get(old, r) : 0), magnitude);
      }
      expect_same(y, z);
      end_case();
    }
}

/* The padded planes of `channels` channels, with the vector that must follow; they were NaN before. */
static values padded(ck_isa isa, ck_type type, const ck_window *w, values x, ptrdiff_t channels) {
  values planes = unwritten(type, channels * ck_padded_plane(w) + 16);
  const ptrdiff_t cut = draw(channels + 1);
  ck_pad_planes(isa, type, w, at(x, 0), at(planes, 0), cut, channels);
  ck_pad_planes(isa, type, w, at(x, 0), at(planes, 0), 0, cut);
  return planes;
}

/* Element (channel and tap, output) of the patch matrix. */
static double patch(const ck_window *w, values x, ptrdiff_t row, ptrdiff_t output) {
  const ptrdiff_t taps = volume_of(w->kernel), place = tap_place(w, output, row % taps);
  return place < 0 ? 0 : get(x, row / taps * volume_of(w->input) + place);
}

/* Columns in a whole number of panels from `begin` on, or rows. */
static void pack_patches(ck_isa isa, ck_type type, bool rows) {
  enum { channels = 3 };
  FOR_WINDOWS(w) {
    const ptrdiff_t output = volume_of(w.output), k = channels * volume_of(w.kernel), wide = ck_tile_columns(isa, type);
    const ptrdiff_t begin = draw(output), end = begin + 1 + draw(output - begin), count = end - begin;
    describe_window(&w, rows ? "rows" : "columns", number);
    values x = numbers(type, channels * volume_of(w.input)), planes = padded(isa, type, &w, x, channels);
    values target = unwritten(type, (rows ? count : rounded(count, wide)) * k + 16);
    (rows ? ck_pack_patch_rows : ck_pack_patch_columns)(isa, type, &w, at(planes, 0), channels, at(target, 0), begin, end);
    for (ptrdiff_t i = 0; i < k; i++)
      for (ptrdiff_t o = 0; o < count; o++)
        expect_true(
          get(target, rows ? packed_row(isa, count, k, o, i) : packed_column(isa, type, count, k, o, i)) == patch(&w, x, i, begin + o),
          "another number than the patch");
    end_case();
  }
}

void test_pack_patch_columns(ck_isa isa, ck_type type) { pack_patches(isa, type, false); }
void test_pack_patch_rows(ck_isa isa, ck_type type) { pack_patches(isa, type, true); }

/* Rows are split by the remainder of the column modulo the stride. */
void test_pad_planes(ck_isa isa, ck_type type) {
  enum { channels = 3 };
  FOR_WINDOWS(w) {
    ptrdiff_t extents[3];
    for (int axis = 0; axis < 3; axis++)
      extents[axis] = (w.output[axis] - 1) * w.strides[axis] + (w.kernel[axis] - 1) * w.dilations[axis] + 1;
    describe_window(&w, "window", number);
    values x = numbers(type, channels * volume_of(w.input)), planes = padded(isa, type, &w, x, channels);
    const ptrdiff_t phases = w.strides[2], width = (extents[2] + phases - 1) / phases;
    for (ptrdiff_t channel = 0; channel < channels; channel++)
      for (ptrdiff_t d = 0; d < extents[0]; d++)
        for (ptrdiff_t h = 0; h < extents[1]; h++) {
          if (w.kernel[1] == 1 && h % w.strides[1] != 0) continue;
          for (ptrdiff_t column = 0; column < extents[2]; column++) {
            const ptrdiff_t from[3] = {d - w.pads_begin[0], h - w.pads_begin[1], column - w.pads_begin[2]};
            bool inside = true;
            ptrdiff_t place = channel;
            for (int axis = 0; axis < 3; axis++) {
              inside &= from[axis] >= 0 && from[axis] < w.input[axis];
              place = place * w.input[axis] + from[axis];
            }
            const ptrdiff_t row = (channel * extents[0] + d) * extents[1] + h;
            expect(planes, (row * phases + column % phases) * width + column / phases, inside ? get(x, place) : 0, 0);
          }
        }
    end_case();
  }
}

void test_scatter_patches(ck_isa isa, ck_type type) {
  enum { channels = 2 };
  FOR_WINDOWS(w) {
    const ptrdiff_t output = volume_of(w.output), input = volume_of(w.input), k = channels * volume_of(w.kernel);
    const ptrdiff_t begin = draw(output), end = begin + 1 + draw(output - begin), stride = end - begin + number % 3;
    describe_window(&w, "window", number);
    values columns = numbers(type, k * stride), x = numbers(type, channels * input), before = copy(x);
    double *sums = calloc((size_t)(channels * input), sizeof *sums);
    ck_scatter_patches(isa, type, &w, at(columns, 0), stride, channels, at(x, 0), begin, end);
    for (ptrdiff_t row = 0; row < k; row++)
      for (ptrdiff_t o = begin; o < end; o++) {
        const ptrdiff_t place = tap_place(&w, o, row % volume_of(w.kernel));
        if (place >= 0) sums[row / volume_of(w.kernel) * input + place] += get(columns, row * stride + o - begin);
      }
    for (ptrdiff_t i = 0; i < x.count; i++) expect(x, i, sums[i] + get(before, i), 4 + 4 * (double)k);
    free(sums);
    end_case();
  }
}
