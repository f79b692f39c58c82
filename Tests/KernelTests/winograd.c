/* Winograd's minimal filtering: each step against its definition, all of them against plain sums. */
#include "blocked.h"

/* The coefficients of the product of x - z over the finite points z but `without` (all of them for the point at infinity), the lowest first. */
static void polynomial(ptrdiff_t n, ptrdiff_t without, double *coefficients) {
  const double points4[] = {0, 1, -1}, points6[] = {0, sqrt(0.5), -sqrt(0.5), sqrt(2), -sqrt(2)}, points8[] = {0, 0.5, -0.5, 1, -1, 2, -2};
  const double *points = n == 4 ? points4 : n == 6 ? points6 : points8;
  for (ptrdiff_t i = 0; i < n; i++) coefficients[i] = i == 0;
  for (ptrdiff_t point = 0; point < n - 1; point++) {
    if (point == without) continue;
    for (ptrdiff_t i = n - 1; i >= 0; i--) coefficients[i] = (i > 0 ? coefficients[i - 1] : 0) - points[point] * coefficients[i];
  }
  /* The sign of a row is free; the weights have the same. */
  if (n == 4 && without == 0)
    for (ptrdiff_t i = 0; i < n; i++) coefficients[i] = -coefficients[i];
}

/* Windows and outputs of a patch, along each axis. */
static const struct { ptrdiff_t kernel_height, kernel_width, m; } forms[] = {
  {3, 3, 2}, {3, 3, 4}, {5, 5, 2}, {1, 3, 2}, {3, 1, 2}, {1, 3, 4}, {3, 1, 4}, {1, 7, 2}, {7, 1, 2},
};

typedef struct {
  ck_planes planes;
  ck_patches patches;
  ptrdiff_t batch, total;
  /* Outputs and frequencies of a patch, down and across. */
  ptrdiff_t mv, mh, nv, nh;
  values frequencies, products;
} work;

/* Images of 3 to 19 pixels a side. */
static work prepare(ptrdiff_t n, ptrdiff_t inputs, ptrdiff_t outputs) {
  const ptrdiff_t form = n % 9, m = forms[form].m, kh = forms[form].kernel_height, kw = forms[form].kernel_width;
  const ptrdiff_t top = n / 2 % 2 * (kh / 2), left = n / 2 % 2 * (kw / 2), height = kh + n * 5 % 11, width = kw + n * 7 % 13;
  work w = {.batch = 1 + n % 2, .mv = kh > 1 ? m : 1, .mh = kw > 1 ? m : 1};
  w.nv = w.mv + kh - 1;
  w.nh = w.mh + kw - 1;
  w.planes = dense((ck_planes){
    inputs, outputs, height, width, height + 2 * top - kh + 1, width + 2 * left - kw + 1, kh, kw, 1, 1, 1, 1, top, left});
  w.patches = (ck_patches){
    .m = m, .rows = (w.planes.output_height + w.mv - 1) / w.mv, .columns = (w.planes.output_width + w.mh - 1) / w.mh};
  w.total = w.batch * w.patches.rows * w.patches.columns;
  w.patches.capacity = (w.total + n % 3) / (1 + n % 3);
  w.patches.input_stride = (blocks_of(inputs) * w.patches.capacity + 5) * CK_BLOCK;
  w.patches.output_stride = (blocks_of(outputs) * w.patches.capacity + 5) * CK_BLOCK;
  expect_true(ck_frequency_count(&w.planes, m) == w.nv * w.nh, "another number of frequencies");
  w.frequencies = unwritten(ck_float32, w.nv * w.nh * w.patches.input_stride);
  w.products = unwritten(ck_float32, w.nv * w.nh * w.patches.output_stride);
  describe_planes(&w.planes, m == 2 ? "m = 2" : "m = 4", n);
  return w;
}

void test_transform_patches(ck_isa isa, ck_type type) {
  (void)type;
  for (ptrdiff_t n = 0; n < 44; n++) {
    const ptrdiff_t inputs = PICK(n, 16, 3, 33);
    work w = prepare(n, inputs, 1);
    const ck_planes p = w.planes;
    const ptrdiff_t pixels = p.height * p.width, blocks = blocks_of(inputs), cut = draw(blocks + 1);
    values x = blocked_numbers(w.batch, inputs, pixels);
    const ptrdiff_t start = w.total > w.patches.capacity ? w.total - w.patches.capacity : 0, count = w.total - start;
    ck_transform_patches(isa, &p, &w.patches, at(x, 0), at(w.frequencies, 0), start, 0, count, 0, cut);
    ck_transform_patches(isa, &p, &w.patches, at(x, 0), at(w.frequencies, 0), start, count / 2, count, cut, blocks);
    ck_transform_patches(isa, &p, &w.patches, at(x, 0), at(w.frequencies, 0), start, 0, count / 2, cut, blocks);
    for (ptrdiff_t patch = 0; patch < count; patch++) {
      const ptrdiff_t each = w.patches.rows * w.patches.columns, rest = (start + patch) % each, image = (start + patch) / each;
      const ptrdiff_t top = rest / w.patches.columns * w.mv - p.pad_top, left = rest % w.patches.columns * w.mh - p.pad_left;
      for (ptrdiff_t f = 0; f < w.nv * w.nh; f++) {
        double down[8] = {1}, across[8] = {1};
        if (w.nv > 1) polynomial(w.nv, f / w.nh, down);
        if (w.nh > 1) polynomial(w.nh, f % w.nh, across);
        for (ptrdiff_t c = 0; c < inputs; c += 1 + draw(3)) {
          double sum = 0, magnitude = 0;
          for (ptrdiff_t i = 0; i < w.nv * w.nh; i++) {
            const ptrdiff_t h = top + i / w.nh, v = left + i % w.nh;
            if (h < 0 || h >= p.height || v < 0 || v >= p.width) continue;
            const double product = get(x, image * blocked_count(inputs, pixels) + blocked_place(c, h * p.width + v, pixels)) *
                                   down[i / w.nh] * across[i % w.nh];
            sum += product;
            magnitude += fabs(product);
          }
          expect(w.frequencies, f * w.patches.input_stride + blocked_place(c, patch, w.patches.capacity), sum, 2 * magnitude);
        }
      }
    }
    end_case();
  }
}

void test_multiply_frequencies(ck_isa isa, ck_type type) {
  (void)type;
  for (ptrdiff_t n = 0; n < 30; n++) {
    const ptrdiff_t inputs = PICK(n, 16, 3, 33, 20), outputs = PICK(n / 2, 16, 5, 33, 48, 32), group = ck_group_channels(isa);
    work w = prepare(n, inputs, outputs);
    const ptrdiff_t frequencies = w.nv * w.nh, groups = (outputs + group - 1) / group;
    const ptrdiff_t capacity = w.patches.capacity, cut = draw(frequencies * groups + 1);
    for (ptrdiff_t f = 0; f < frequencies; f++)
      for (ptrdiff_t c = 0; c < inputs; c++)
        for (ptrdiff_t patch = 0; patch < capacity; patch++)
          set(w.frequencies, f * w.patches.input_stride + blocked_place(c, patch, capacity), (double)(draw(17) - 8) / 8);
    values weights = numbers(ck_float32, ck_packed_floats(isa, &w.planes, false, w.patches.m));
    ptrdiff_t *offsets = memory(blocks_of(inputs) * (ptrdiff_t)sizeof *offsets);
    ck_multiply_frequencies(
      isa, &w.planes, &w.patches, at(w.frequencies, 0), at(weights, 0), at(w.products, 0), capacity, cut, frequencies * groups, offsets);
    ck_multiply_frequencies(
      isa, &w.planes, &w.patches, at(w.frequencies, 0), at(weights, 0), at(w.products, 0), capacity, 0, cut, offsets);
    for (ptrdiff_t f = 0; f < frequencies; f++)
      for (ptrdiff_t o = 0; o < outputs; o++) {
        const ptrdiff_t first = o / group * group, padded = blocks_of(outputs) * CK_BLOCK;
        const ptrdiff_t width = padded - first < group ? padded - first : group;
        for (ptrdiff_t patch = 0; patch < capacity; patch++) {
          double sum = 0, magnitude = 0;
          for (ptrdiff_t c = 0; c < inputs; c++) {
            const double product = get(weights, (f * padded + first) * inputs + c * width + o - first) *
                                   get(w.frequencies, f * w.patches.input_stride + blocked_place(c, patch, capacity));
            sum += product;
            magnitude += fabs(product);
          }
          /* The weights' order is each set's own, so the scalar twin has other numbers. */
          const double result = get(w.products, f * w.patches.output_stride + blocked_place(o, patch, capacity));
          expect_true(fabs(result - sum) <= 4 * epsilon(ck_float32) * magnitude, "another number than the sum");
        }
      }
    end_case();
  }
}

/* Weights to frequencies, patches to frequencies, products, and back. */
void test_finish_patches(ck_isa isa, ck_type type) {
  (void)type;
  for (ptrdiff_t n = 0; n < 44; n++) {
    const ptrdiff_t inputs = PICK(n, 16, 3, 33, 20), outputs = PICK(n / 2, 16, 5, 33, 48, 32), group = ck_group_channels(isa);
    work w = prepare(n, inputs, outputs);
    const ck_planes p = w.planes;
    const ptrdiff_t m = w.patches.m, groups = (outputs + group - 1) / group, frequencies = w.nv * w.nh, blocks = blocks_of(outputs);
    const ptrdiff_t input = p.height * p.width, output = p.output_height * p.output_width, capacity = w.patches.capacity;
    values x = blocked_numbers(w.batch, inputs, input), weights = numbers(ck_float32, outputs * inputs * p.kernel_height * p.kernel_width);
    values packed = unwritten(ck_float32, ck_packed_floats(isa, &p, false, m)), bias = n & 1 ? channel_numbers(outputs) : nothing;
    values residual = n & 2 ? blocked_numbers(w.batch, outputs, output) : nothing;
    values y = unwritten(ck_float32, w.batch * blocked_count(outputs, output));
    ptrdiff_t *offsets = memory(blocks_of(inputs) * (ptrdiff_t)sizeof *offsets);
    const ck_finish finish = finish_number(n / 2);
    ck_pack_frequencies(isa, &p, m, at(weights, 0), at(packed, 0), groups / 2, groups);
    ck_pack_frequencies(isa, &p, m, at(weights, 0), at(packed, 0), 0, groups / 2);
    for (ptrdiff_t start = 0; start < w.total; start += capacity) {
      const ptrdiff_t count = w.total - start < capacity ? w.total - start : capacity;
      ck_transform_patches(isa, &p, &w.patches, at(x, 0), at(w.frequencies, 0), start, 0, count, 0, blocks_of(inputs));
      ck_multiply_frequencies(
        isa, &p, &w.patches, at(w.frequencies, 0), at(packed, 0), at(w.products, 0), count, 0, frequencies * groups, offsets);
      ck_finish_patches(
        isa, &p, &w.patches, &finish, at(w.products, 0), at(bias, 0), at(residual, 0), at(y, 0), start, count / 2, count, 0, blocks);
      ck_finish_patches(
        isa, &p, &w.patches, &finish, at(w.products, 0), at(bias, 0), at(residual, 0), at(y, 0), start, 0, count / 2, 0, blocks);
    }
    for (ptrdiff_t image = 0; image < w.batch; image++) {
      values from = x, to = y, added = residual;
      from.data = at(x, image * blocked_count(inputs, input));
      to.data = at(y, image * blocked_count(outputs, output));
      if (added.count) added.data = at(residual, image * blocked_count(outputs, output));
      /* A result has the roundings of all products of its patch. */
      expect_convolution(&p, &finish, from, false, weights, bias, added, to, 4);
    }
    end_case();
  }
}
