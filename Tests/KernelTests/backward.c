/* What backward passes need in the blocked layout: slopes, sums, the gradients of poolings, movement of channels. */
#include "blocked.h"

/* Finishes of backward passes: the slope of a function at numbers behind the result, with and without an addend. */
static double sloped(double v, ptrdiff_t kind, double at) {
  if (kind % 2 == 0) return at > 0 ? v : 0;
  const double s = 1 / (1 + exp(-at));
  return v * s * (1 + at * (1 - s));
}

/* A result in memory of three parts: itself, the numbers that the slopes are at, the addends. */
typedef struct { ck_finish finish; values all; ptrdiff_t count; } result;

static result with_slopes(ptrdiff_t kind, ptrdiff_t count) {
  result r = {{.low = -INFINITY, .high = INFINITY, .activates = true, .slopes = true}, numbers(ck_float32, 3 * count), count};
  r.finish.slope = kind % 2 == 0 ? ck_gradient_relu : ck_gradient_silu;
  r.finish.at = count * (ptrdiff_t)sizeof(float);
  r.finish.addend = kind < 2 ? 0 : 2 * r.finish.at;
  return r;
}

static void expect_sloped(const result *r, ptrdiff_t kind, ptrdiff_t place, double v) {
  const double addend = kind < 2 ? 0 : get(r->all, 2 * r->count + place);
  expect(r->all, place, sloped(v, kind, get(r->all, r->count + place)) + addend, 12);
}

typedef double joined(double a, double b);
static double first(double a, double b) { return (void)b, a; }
static double multiplied(double a, double b) { return a * b; }

static void join(ck_isa isa, bool multiplies, joined *expected) {
  for (ptrdiff_t kind = 0; kind < 9; kind++)
    FOR(pixels, 1, 2, 3, 49, 63, 64, 65, 129) {
      describe("finish %td pixels %td", kind, pixels);
      values a = blocked_numbers(1, CK_BLOCK, pixels), b = blocked_numbers(1, CK_BLOCK, pixels);
      const bool slopes = kind >= 5;
      result r = slopes ? with_slopes(kind - 5, a.count) : (result){finish_number(kind), unwritten(ck_float32, a.count), a.count};
      if (multiplies)
        ck_multiply_blocks(isa, &r.finish, at(a, 0), at(b, 0), at(r.all, 0), a.count);
      else
        ck_map_blocks(isa, &r.finish, at(a, 0), at(r.all, 0), a.count);
      for (ptrdiff_t i = 0; i < a.count; i++) {
        const double v = expected(get(a, i), get(b, i));
        if (slopes) expect_sloped(&r, kind - 5, i, v);
        else expect(r.all, i, finished(&r.finish, v), 4);
      }
      end_case();
    }
}

void test_map_blocks(ck_isa isa, ck_type type) { (void)type, join(isa, false, first); }
void test_multiply_blocks(ck_isa isa, ck_type type) { (void)type, join(isa, true, multiplied); }

void test_finish_rows(ck_isa isa, ck_type type) {
  (void)type;
  for (ptrdiff_t n = 0; n < 72; n++) {
    const ptrdiff_t kind = n % 8, step = (1 + n % 3) * CK_BLOCK, height = 1 + n % 4, width = 1 + n % 17;
    ck_planes p = {.output_height = height, .output_width = width, .output_pixel = step, .output_row = width * step + n % 5 * CK_BLOCK};
    p.output_block = height * p.output_row;
    describe("case %td: %td x %td, a pixel every %td", n, height, width, step);
    const bool slopes = kind < 4;
    values residual = n % 5 ? numbers(ck_float32, p.output_block) : nothing;
    result r = slopes ? with_slopes(kind, p.output_block) : (result){finish_number(kind % 3), numbers(ck_float32, p.output_block), p.output_block};
    values before = copy(r.all);
    const ptrdiff_t cut = draw(height + 1);
    ck_finish_rows(isa, &p, &r.finish, at(residual, 0), at(r.all, 0), cut, height);
    ck_finish_rows(isa, &p, &r.finish, at(residual, 0), at(r.all, 0), 0, cut);
    for (ptrdiff_t place = 0; place < p.output_block; place++) {
      const bool is_output = place % p.output_row % step < CK_BLOCK && place % p.output_row < width * step;
      const double v = residual.count ? get(residual, place) : 0;
      if (!is_output) expect_true(get(r.all, place) == get(before, place), "written between pixels");
      else if (slopes) expect_sloped(&r, kind, place, v);
      else expect(r.all, place, finished(&r.finish, v), 4);
    }
    end_case();
  }
}

void test_product_of_pixels(ck_isa isa, ck_type type) {
  (void)type;
  FOR(pixels, 1, 2, 3, 4, 5, 49, 63, 64, 65, 67, 128, 130, 196) {
    describe("pixels %td", pixels);
    values a = blocked_numbers(1, CK_BLOCK, pixels), b = blocked_numbers(1, CK_BLOCK, pixels), y = unwritten(ck_float32, CK_BLOCK);
    ck_product_of_pixels(isa, at(a, 0), at(b, 0), at(y, 0), pixels);
    for (ptrdiff_t c = 0; c < CK_BLOCK; c++) {
      double sum = 0, magnitude = 1;
      for (ptrdiff_t p = 0; p < pixels; p++) {
        sum += get(a, p * CK_BLOCK + c) * get(b, p * CK_BLOCK + c);
        magnitude += fabs(get(a, p * CK_BLOCK + c) * get(b, p * CK_BLOCK + c));
      }
      expect(y, c, sum, magnitude);
    }
    end_case();
  }
}

/* The first of the largest numbers of a window, or the first that is none, gets the seed. */
void test_pool_maximum_gradient(ck_isa isa, ck_type type) {
  (void)type;
  for (ptrdiff_t n = 0; n < 120; n++) {
    const ck_planes p = channel_window(n, true);
    const ptrdiff_t pixels = p.output_height * p.output_width, count = p.height * p.width * CK_BLOCK;
    describe_planes(&p, "case", n);
    values x = blocked_numbers(1, CK_BLOCK, p.height * p.width), seed = blocked_numbers(1, CK_BLOCK, pixels), y = unwritten(ck_float32, count);
    for (ptrdiff_t i = 0; i < x.count; i += 1 + draw(9)) set(x, i, n % 3 == 0 && draw(20) == 0 ? NAN : 1);
    ck_pool_maximum_gradient(isa, &p, at(seed, 0), at(x, 0), at(y, 0));
    values sums = zeros(ck_float64, count), sizes = zeros(ck_float64, count);
    for (ptrdiff_t i = 0; i < pixels * CK_BLOCK; i++) {
      ptrdiff_t found = -1;
      for (ptrdiff_t tap = 0; tap < p.kernel_height * p.kernel_width; tap++) {
        const ptrdiff_t place = tap_of(&p, i / CK_BLOCK, tap) * CK_BLOCK + i % CK_BLOCK;
        if (place < 0 || (found >= 0 && isnan(get(x, found)))) continue;
        if (found < 0 || isnan(get(x, place)) || get(x, place) > get(x, found)) found = place;
      }
      if (found < 0) continue;
      set(sums, found, get(sums, found) + get(seed, i));
      set(sizes, found, get(sizes, found) + fabs(get(seed, i)));
    }
    for (ptrdiff_t i = 0; i < count; i++) expect(y, i, get(sums, i), get(sizes, i));
    end_case();
  }
}

void test_pool_mean_gradient(ck_isa isa, ck_type type) {
  (void)type;
  for (ptrdiff_t n = 0; n < 120; n++) {
    const ck_planes p = channel_window(n, true);
    const bool padded = n / 5 % 2;
    const ptrdiff_t pixels = p.output_height * p.output_width, bottom = n % 2, right = n % 3, count = p.height * p.width * CK_BLOCK;
    describe_planes(&p, padded ? "padded" : "inside", n);
    values seed = blocked_numbers(1, CK_BLOCK, pixels), y = unwritten(ck_float32, count), sums = zeros(ck_float64, count);
    ck_pool_mean_gradient(isa, &p, padded, bottom, right, at(seed, 0), at(y, 0));
    for (ptrdiff_t i = 0; i < pixels * CK_BLOCK; i++) {
      double taps = 0;
      for (ptrdiff_t tap = 0; tap < p.kernel_height * p.kernel_width; tap++) {
        const ptrdiff_t h = i / CK_BLOCK / p.output_width * p.stride_height + tap / p.kernel_width * p.dilation_height;
        const ptrdiff_t w = i / CK_BLOCK % p.output_width * p.stride_width + tap % p.kernel_width * p.dilation_width;
        taps += padded ? h < p.height + p.pad_top + bottom && w < p.width + p.pad_left + right : tap_of(&p, i / CK_BLOCK, tap) >= 0;
      }
      for (ptrdiff_t tap = 0; tap < p.kernel_height * p.kernel_width; tap++) {
        const ptrdiff_t place = tap_of(&p, i / CK_BLOCK, tap) * CK_BLOCK + i % CK_BLOCK;
        if (place >= 0) set(sums, place, get(sums, place) + get(seed, i) / taps);
      }
    }
    for (ptrdiff_t i = 0; i < count; i++) expect(y, i, get(sums, i), 2 * (double)(p.kernel_height * p.kernel_width));
    end_case();
  }
}

void test_take_channels(ck_isa isa, ck_type type) {
  (void)type;
  FOR(channels, 1, 3, 15, 16, 17, 32, 33, 40) FOR(pixels, 1, 2, 16, 33) FOR(before, 0, 1, 8, 16, 24, 31) {
    describe("channels %td from %td pixels %td", channels, before, pixels);
    values x = blocked_numbers(1, before + channels + 17, pixels), y = unwritten(ck_float32, blocked_count(channels, pixels));
    ck_take_channels(isa, at(x, 0), at(y, 0), channels, before, pixels);
    for (ptrdiff_t c = 0; c < channels; c++)
      for (ptrdiff_t p = 0; p < pixels; p++) expect(y, blocked_place(c, p, pixels), get(x, blocked_place(before + c, p, pixels)), 0);
    end_case();
  }
}

void test_spread_channels(ck_isa isa, ck_type type) {
  (void)type;
  for (ptrdiff_t n = 0; n < 48; n++) {
    ck_planes p = {.input_channels = PICK(n, 3, 1, 4, 2), .stride_height = PICK(n, 2, 1, 4), .stride_width = PICK(n / 2, 2, 4, 1)};
    p.height = 1 + n % 9, p.width = 1 + n % 13;
    p.output_height = (p.height + p.stride_height - 1) / p.stride_height, p.output_width = (p.width + p.stride_width - 1) / p.stride_width;
    p = dense(p);
    describe_planes(&p, "case", n);
    const ptrdiff_t lanes = p.stride_height * p.stride_width * p.input_channels, pixels = p.output_height * p.output_width;
    values x = blocked_numbers(1, lanes, pixels), y = unwritten(ck_float32, p.input_channels * p.height * p.width);
    ck_spread_channels(isa, &p, at(x, 0), at(y, 0));
    for (ptrdiff_t i = 0; i < y.count; i++) {
      const ptrdiff_t w = i % p.width, h = i / p.width % p.height, c = i / p.width / p.height;
      const ptrdiff_t lane = (h % p.stride_height * p.stride_width + w % p.stride_width) * p.input_channels + c;
      expect(y, i, get(x, blocked_place(lane, h / p.stride_height * p.output_width + w / p.stride_width, pixels)), 0);
    }
    end_case();
  }
}
