/* Attention of one head against its definition: every height of a tile, keys that do not fill vectors, both forms of k, addends. */
#include "blocked.h"

/* Scores of a row to weights that add up to 1. */
static void weigh(double *scores, ptrdiff_t keys) {
  double most = -INFINITY, sum = 0;
  for (ptrdiff_t key = 0; key < keys; key++) most = fmax(most, scores[key]);
  for (ptrdiff_t key = 0; key < keys; key++) sum += scores[key] = exp(scores[key] - most);
  for (ptrdiff_t key = 0; key < keys; key++) scores[key] /= sum;
}

void test_attend(ck_isa isa, ck_type type) {
  (void)type;
  for (ptrdiff_t n = 0; n < 60; n++) {
    const ptrdiff_t rows = 1 + n % 31, keys = PICK(n, 1, 15, 16, 17, 33, 50, 64), depth = PICK(n, 16, 32, 48), width = PICK(n / 2, 32, 16, 48);
    const bool turned = n % 4 == 1;
    const ck_attention attention = {
      keys, depth, width, depth + n % 3, turned ? 1 : depth + n % 2, turned ? keys + n % 5 : 1, width + n % 4, width + n % 3,
      {keys + n % 2, n % 3 ? keys : 0}, 0.25f};
    describe("case %td: %td rows, %td keys, depth %td, width %td", n, rows, keys, depth, width);
    values q = numbers(ck_float32, rows * attention.query_row), v = numbers(ck_float32, keys * attention.value_row);
    values k = numbers(ck_float32, turned ? depth * attention.key_column : keys * attention.key_row);
    values mask = n & 1 ? numbers(ck_float32, rows * attention.addend_rows[0]) : nothing;
    values other = n % 4 == 3 ? numbers(ck_float32, attention.addend_rows[1] ? rows * keys : keys) : nothing;
    if (mask.count && keys > 1) set(mask, 0, -INFINITY);
    values y = numbers(ck_float32, rows * attention.result_row), z = copy(y), before = copy(y);
    float *spare = memory(ck_attention_floats(&attention) * (ptrdiff_t)sizeof *spare);
    ptrdiff_t *offsets = memory((keys + depth) / CK_BLOCK * (ptrdiff_t)sizeof *offsets + 64);
    const ptrdiff_t cut = draw(rows + 1);
    ck_attend(isa, &attention, at(q, 0), at(k, 0), at(v, 0), at(mask, 0), at(other, 0), at(y, 0), 0, rows, spare, offsets);
    ck_attend(isa, &attention, at(q, 0), at(k, 0), at(v, 0), at(mask, 0), at(other, 0), at(z, 0), cut, rows, spare, offsets);
    ck_attend(isa, &attention, at(q, 0), at(k, 0), at(v, 0), at(mask, 0), at(other, 0), at(z, 0), 0, cut, spare, offsets);
    for (ptrdiff_t row = 0; row < rows; row++) {
      double scores[64], magnitude = 1;
      for (ptrdiff_t key = 0; key < keys; key++) {
        double sum = 0, size = 0;
        for (ptrdiff_t d = 0; d < depth; d++) {
          const double product = get(q, row * attention.query_row + d) * get(k, key * attention.key_row + d * attention.key_column);
          sum += product;
          size += fabs(product);
        }
        scores[key] = sum * 0.25 + (mask.count ? get(mask, row * attention.addend_rows[0] + key) : 0) +
                      (other.count ? get(other, row * attention.addend_rows[1] + key) : 0);
        magnitude = fmax(magnitude, size);
      }
      weigh(scores, keys);
      for (ptrdiff_t column = 0; column < attention.result_row; column++) {
        const ptrdiff_t place = row * attention.result_row + column;
        double sum = 0;
        for (ptrdiff_t key = 0; key < keys && column < width; key++) sum += scores[key] * get(v, key * attention.value_row + column);
        /* An error of a score changes its weight by as much; numbers are below 2. */
        if (column < width) expect(y, place, sum, 2 * magnitude);
        else expect_true(get(y, place) == get(before, place), "written behind a row");
      }
    }
    expect_same(y, z);
    end_case();
  }
}
