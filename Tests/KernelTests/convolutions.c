/* Convolutions in the blocked layout by plain sums: every width of a tile, with whole and partial blocks of channels. */
#include "blocked.h"

/* A case: how many output channels, input channels, what becomes of the sums. */
typedef struct {
  ck_planes planes;
  ck_finish finish;
  values weights, packed, bias, residual, y, z;
  ptrdiff_t groups, group;
  ptrdiff_t *offsets;
} work;

static ptrdiff_t extent(ptrdiff_t input, ptrdiff_t pads, ptrdiff_t kernel, ptrdiff_t dilation, ptrdiff_t stride) {
  return (input + pads - (kernel - 1) * dilation - 1) / stride + 1;
}

static work prepare(ck_isa isa, ck_planes planes, bool planar, ptrdiff_t number) {
  const ptrdiff_t outputs = planes.output_channels, pixels = planes.output_height * planes.output_width;
  const ptrdiff_t taps = planes.kernel_height * planes.kernel_width, count = ck_step_count(&planes, planar);
  work w = {.planes = dense(planes), .finish = finish_number(number), .bias = nothing, .residual = nothing};
  w.weights = numbers(ck_float32, outputs * planes.input_channels * taps);
  w.packed = unwritten(ck_float32, ck_packed_floats(isa, &planes, planar, 0));
  ck_pack_weights(isa, &planes, planar, at(w.weights, 0), at(w.packed, 0));
  if (number & 1) w.bias = channel_numbers(outputs);
  if (number & 2) w.residual = blocked_numbers(1, outputs, pixels);
  w.y = unwritten(ck_float32, blocked_count(outputs, pixels));
  w.z = unwritten(ck_float32, w.y.count);
  w.group = ck_group_channels(isa);
  w.groups = (outputs + w.group - 1) / w.group;
  w.offsets = memory((count + 1) * (ptrdiff_t)sizeof *w.offsets);
  return w;
}

/* Parts 0..<4 of rows or pixels 0..<count times groups 0..<groups, cut where `cut` and `group` say. */
#define PART(part, bit, cut, count) (part) & (bit) ? (cut) : 0, (part) & (bit) ? (count) : (cut)

void test_convolve_pixels(ck_isa isa, ck_type type) {
  (void)type;
  for (ptrdiff_t n = 0; n < 100; n++) {
    const bool deep = n >= 96;
    const ptrdiff_t width = deep ? 130 - n % 7 : 1 + n % 59, inputs = deep ? PICK(n, 1040, 516) : PICK(n / 2, 1, 3, 16, 17, 20, 32, 40, 5, 48, 36);
    const ptrdiff_t outputs = PICK(n, 16, 1, 33, 17, 48, 32, 49, 5, 64);
    work w = prepare(isa, (ck_planes){inputs, outputs, 1, width, 1, width, 1, 1, 1, 1, 1, 1, 0, 0}, false, n);
    describe_planes(&w.planes, "case", n);
    values x = blocked_numbers(1, inputs, width);
    const ptrdiff_t cut = draw(width + 1), group = draw(w.groups + 1);
    ck_convolve_pixels(
      isa, &w.planes, &w.finish, at(x, 0), at(w.packed, 0), at(w.bias, 0), at(w.residual, 0), at(w.y, 0), 0, width, 0, w.groups, w.offsets);
    for (int part = 0; part < 4; part++)
      ck_convolve_pixels(
        isa, &w.planes, &w.finish, at(x, 0), at(w.packed, 0), at(w.bias, 0), at(w.residual, 0), at(w.z, 0), PART(part, 1, cut, width),
        PART(part, 2, group, w.groups), w.offsets);
    expect_convolution(&w.planes, &w.finish, x, false, w.weights, w.bias, w.residual, w.y, 1);
    expect_same(w.y, w.z);
    end_case();
  }
}

/* With strides, and with a scale and an offset before. */
void test_convolve_gathered_pixels(ck_isa isa, ck_type type) {
  (void)type;
  for (ptrdiff_t n = 0; n < 60; n++) {
    const bool deep = n >= 56, scales = n % 3 > 0;
    const ptrdiff_t down = 1 + n % 2, across = 1 + n / 2 % 3, height = 1 + n % 4, width = deep ? 40 + n : 1 + n % 17;
    const ptrdiff_t inputs = deep ? PICK(n, 1040, 516) : PICK(n / 2, 1, 16, 17, 20, 32, 40), outputs = PICK(n, 16, 1, 33, 17, 48);
    const ptrdiff_t pixels = height * width, tall = (height - 1) * down + 1 + n % 2, wide = (width - 1) * across + 1;
    work w = prepare(isa, (ck_planes){inputs, outputs, tall, wide, height, width, 1, 1, down, across, 1, 1, 0, 0}, false, n);
    describe_planes(&w.planes, scales ? "scaled" : "as it is", n);
    values x = blocked_numbers(1, inputs, tall * wide), scaled = copy(x), scale = channel_numbers(inputs), offset = channel_numbers(inputs);
    const ck_finish before = finish_number(n & 1 ? 0 : 2);
    const ck_finish bounds = {.low = before.low, .high = before.high};
    if (scales)
      for (ptrdiff_t c = 0; c < inputs; c++)
        for (ptrdiff_t pixel = 0; pixel < tall * wide; pixel++) {
          const ptrdiff_t place = blocked_place(c, pixel, tall * wide);
          set(scaled, place, finished(&bounds, fma(get(x, place), get(scale, c), get(offset, c))));
        }
    float *spare = memory(ck_gathered_floats(&w.planes, pixels) * (ptrdiff_t)sizeof *spare);
    const void *factors = scales ? at(scale, 0) : NULL;
    const ptrdiff_t cut = draw(pixels + 1), group = draw(w.groups + 1);
    ck_convolve_gathered_pixels(
      isa, &w.planes, &bounds, factors, at(offset, 0), &w.finish, at(x, 0), at(w.packed, 0), at(w.bias, 0), at(w.residual, 0), at(w.y, 0), 0,
      pixels, 0, w.groups, spare, w.offsets);
    for (int part = 0; part < 4; part++)
      ck_convolve_gathered_pixels(
        isa, &w.planes, &bounds, factors, at(offset, 0), &w.finish, at(x, 0), at(w.packed, 0), at(w.bias, 0), at(w.residual, 0), at(w.z, 0),
        PART(part, 1, cut, pixels), PART(part, 2, group, w.groups), spare, w.offsets);
    /* The scaled numbers are rounded before the products. */
    expect_convolution(&w.planes, &w.finish, scaled, false, w.weights, w.bias, w.residual, w.y, scales ? 4 : 1);
    expect_same(w.y, w.z);
    end_case();
  }
}

void test_multiply_rows(ck_isa isa, ck_type type) {
  (void)type;
  for (ptrdiff_t n = 0; n < 64; n++) {
    const ptrdiff_t rows = 1 + n % 31, inputs = PICK(n, 1, 15, 16, 17, 33, 40, 64), outputs = PICK(n / 2, 16, 32, 48, 64);
    work w = prepare(isa, (ck_planes){inputs, outputs, 1, rows, 1, rows, 1, 1, 1, 1, 1, 1, 0, 0}, false, n);
    describe_planes(&w.planes, "case", n);
    values x = numbers(ck_float32, rows * inputs), residual = numbers(ck_float32, rows * outputs);
    float *spare = memory(blocked_count(inputs, rows) * (ptrdiff_t)sizeof *spare);
    const void *added = n & 2 ? at(residual, 0) : NULL;
    const ptrdiff_t cut = draw(rows + 1), group = draw(w.groups + 1);
    ck_multiply_rows(
      isa, &w.planes, &w.finish, at(x, 0), at(w.packed, 0), at(w.bias, 0), added, at(w.y, 0), 0, rows, 0, w.groups, spare, w.offsets);
    for (int part = 0; part < 4; part++)
      ck_multiply_rows(
        isa, &w.planes, &w.finish, at(x, 0), at(w.packed, 0), at(w.bias, 0), added, at(w.z, 0), PART(part, 1, cut, rows),
        PART(part, 2, group, w.groups), spare, w.offsets);
    for (ptrdiff_t r = 0; r < rows; r++)
      for (ptrdiff_t o = 0; o < outputs; o++) {
        double sum = (w.bias.count ? get(w.bias, o) : 0) + (added ? get(residual, r * outputs + o) : 0), magnitude = 4;
        for (ptrdiff_t i = 0; i < inputs; i++) {
          const double product = get(x, r * inputs + i) * get(w.weights, o * inputs + i);
          sum += product;
          magnitude += fabs(product);
        }
        expect(w.y, r * outputs + o, finished(&w.finish, sum), magnitude);
      }
    expect_same(w.y, w.z);
    end_case();
  }
}

typedef void kernel(
  ck_isa isa, const ck_planes *planes, const ck_finish *finish, const float *x, const float *weights, const float *bias, const float *residual,
  float *y, ptrdiff_t first, ptrdiff_t last, ptrdiff_t first_group, ptrdiff_t last_group, float *spare, ptrdiff_t *offsets);

static void convolve(ck_isa isa, kernel *run, ck_planes p, bool planar, ptrdiff_t number) {
  work w = prepare(isa, p, planar, number);
  describe_planes(&p, "case", number);
  p = w.planes;
  values x = planar ? numbers(ck_float32, p.input_channels * p.height * p.width) : blocked_numbers(1, p.input_channels, p.height * p.width);
  float *spare = memory((ck_band_floats(&p, planar, p.output_height) + 1) * (ptrdiff_t)sizeof *spare);
  const ptrdiff_t cut = draw(p.output_height + 1), group = draw(w.groups + 1);
  run(
    isa, &p, &w.finish, at(x, 0), at(w.packed, 0), at(w.bias, 0), at(w.residual, 0), at(w.y, 0), 0, p.output_height, 0, w.groups, spare,
    w.offsets);
  for (int part = 0; part < 4; part++) {
    if (part & 1 ? cut == p.output_height : cut == 0) continue;
    run(
      isa, &p, &w.finish, at(x, 0), at(w.packed, 0), at(w.bias, 0), at(w.residual, 0), at(w.z, 0), PART(part, 1, cut, p.output_height),
      PART(part, 2, group, w.groups), spare, w.offsets);
  }
  expect_convolution(&p, &w.finish, x, planar, w.weights, w.bias, w.residual, w.y, 1);
  expect_same(w.y, w.z);
  end_case();
}

/* A case whose output is `width` wide. */
static ck_planes window(ptrdiff_t n, ptrdiff_t inputs, ptrdiff_t width, ptrdiff_t stride) {
  ck_planes p = {.input_channels = inputs, .output_channels = PICK(n, 16, 33, 1, 17, 32, 5, 48)};
  p.kernel_height = PICK(n, 3, 1, 2, 3), p.kernel_width = PICK(n, 3, 3, 7, 1, 5);
  p.dilation_height = PICK(n, 1, 1, 2), p.dilation_width = PICK(n, 1, 1, 1, 2);
  p.stride_height = PICK(n, 1, 2, 1), p.stride_width = stride;
  p.pad_top = PICK(n, 1, 0, 1, 2, 0), p.pad_left = PICK(n, 1, 0, 3, 1, 0, 2);
  const ptrdiff_t reach = (p.kernel_width - 1) * p.dilation_width, right = PICK(n, 1, 0, 2);
  p.width = (width - 1) * stride + reach + 1 - p.pad_left - right;
  if (p.width < 1) p.width = 1;
  p.height = 5 + n % 3;
  p.output_width = extent(p.width, p.pad_left + right, p.kernel_width, p.dilation_width, stride);
  if (p.output_width < 1) p.width += reach, p.output_width = extent(p.width, p.pad_left + right, p.kernel_width, p.dilation_width, stride);
  p.output_height = extent(p.height, p.pad_top + 1, p.kernel_height, p.dilation_height, p.stride_height);
  return p;
}

void test_convolve_rows(ck_isa isa, ck_type type) {
  (void)type;
  for (ptrdiff_t n = 0; n < 66; n++) {
    const ptrdiff_t inputs = n == 60 ? 130 : PICK(n / 2, 16, 3, 17, 1, 20, 32, 5);
    convolve(isa, ck_convolve_rows, window(n, inputs, 1 + n % 29, 1 + n % 2), false, n);
  }
}

void test_convolve_planar_rows(ck_isa isa, ck_type type) {
  (void)type;
  for (ptrdiff_t n = 0; n < 96; n++)
    convolve(isa, ck_convolve_planar_rows, window(n, PICK(n / 2, 3, 1, 4, 16), 1 + n % 31, PICK(n, 1, 2, 4)), true, n);
}
