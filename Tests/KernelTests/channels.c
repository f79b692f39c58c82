/* What treats each channel by itself, and movement into the blocked layout and out of it. */
#include "blocked.h"

ck_planes channel_window(ptrdiff_t n, bool pooling) {
  ck_planes p = {.input_channels = 1, .output_channels = 1};
  p.kernel_height = PICK(n, 3, 2, 1, 5), p.kernel_width = PICK(n, 3, 1, 2, 5, 7);
  p.stride_height = PICK(n / 2, 1, 2, 1), p.stride_width = PICK(n, 1, 2, 1, 3);
  p.dilation_height = PICK(n / 3, 1, 1, 2), p.dilation_width = PICK(n / 4, 1, 2, 1);
  p.pad_top = PICK(n, 1, 0, 2), p.pad_left = PICK(n, 1, 0, 1, 2, 0);
  const ptrdiff_t down = (p.kernel_height - 1) * p.dilation_height, across = (p.kernel_width - 1) * p.dilation_width;
  p.output_height = 1 + n % 4, p.output_width = 1 + n % 17;
  /* One column of padding at the right, or none; where pooling sees padding alone, -infinity is its maximum. */
  const ptrdiff_t right = n % 2 + (pooling && n % 7 == 0 ? 3 : 0);
  p.height = (p.output_height - 1) * p.stride_height + down + 1 - p.pad_top;
  p.width = (p.output_width - 1) * p.stride_width + across + 1 - p.pad_left - right;
  if (p.height < 1) p.height = 1;
  if (p.width < 1) p.width = 1;
  return dense(p);
}

ptrdiff_t tap_of(const ck_planes *p, ptrdiff_t pixel, ptrdiff_t tap) {
  const ptrdiff_t h = pixel / p->output_width * p->stride_height - p->pad_top + tap / p->kernel_width * p->dilation_height;
  const ptrdiff_t w = pixel % p->output_width * p->stride_width - p->pad_left + tap % p->kernel_width * p->dilation_width;
  return h < 0 || w < 0 || h >= p->height || w >= p->width ? -1 : h * p->width + w;
}

void test_convolve_channels(ck_isa isa, ck_type type) {
  (void)type;
  for (ptrdiff_t n = 0; n < 120; n++) {
    const ck_planes p = channel_window(n, false);
    const ck_finish finish = finish_number(n);
    const ptrdiff_t taps = p.kernel_height * p.kernel_width, pixels = p.output_height * p.output_width, cut = draw(p.output_height + 1);
    describe_planes(&p, "case", n);
    values x = blocked_numbers(1, CK_BLOCK, p.height * p.width), weights = numbers(ck_float32, taps * CK_BLOCK);
    values bias = n & 1 ? channel_numbers(CK_BLOCK) : nothing, residual = n & 2 ? blocked_numbers(1, CK_BLOCK, pixels) : nothing;
    values y = unwritten(ck_float32, pixels * CK_BLOCK), z = unwritten(ck_float32, pixels * CK_BLOCK);
    float *spare = memory((ck_band_floats(&p, false, p.output_height) + 1) * (ptrdiff_t)sizeof *spare);
    ck_convolve_channels(
      isa, &p, &finish, at(x, 0), at(weights, 0), at(bias, 0), at(residual, 0), at(y, 0), 0, p.output_height, spare);
    if (cut < p.output_height)
      ck_convolve_channels(
        isa, &p, &finish, at(x, 0), at(weights, 0), at(bias, 0), at(residual, 0), at(z, 0), cut, p.output_height, spare);
    if (cut > 0) ck_convolve_channels(isa, &p, &finish, at(x, 0), at(weights, 0), at(bias, 0), at(residual, 0), at(z, 0), 0, cut, spare);
    for (ptrdiff_t i = 0; i < pixels * CK_BLOCK; i++) {
      double sum = (bias.count ? get(bias, i % CK_BLOCK) : 0) + (residual.count ? get(residual, i) : 0), magnitude = 4;
      for (ptrdiff_t tap = 0; tap < taps; tap++) {
        const ptrdiff_t place = tap_of(&p, i / CK_BLOCK, tap);
        if (place < 0) continue;
        const double product = get(weights, tap * CK_BLOCK + i % CK_BLOCK) * get(x, place * CK_BLOCK + i % CK_BLOCK);
        sum += product;
        magnitude += fabs(product);
      }
      expect(y, i, finished(&finish, sum), magnitude);
    }
    expect_same(y, z);
    end_case();
  }
}

void test_pool_maximum(ck_isa isa, ck_type type) {
  (void)type;
  for (ptrdiff_t n = 0; n < 120; n++) {
    const ck_planes p = channel_window(n, true);
    const ptrdiff_t pixels = p.output_height * p.output_width, cut = draw(p.output_height + 1);
    describe_planes(&p, "case", n);
    values x = blocked_numbers(1, CK_BLOCK, p.height * p.width), y = unwritten(ck_float32, pixels * CK_BLOCK);
    for (ptrdiff_t i = 0; i < x.count; i += 1 + draw(40)) set(x, i, NAN);
    ck_pool_maximum(isa, &p, at(x, 0), at(y, 0), cut, p.output_height);
    ck_pool_maximum(isa, &p, at(x, 0), at(y, 0), 0, cut);
    for (ptrdiff_t i = 0; i < y.count; i++) {
      double most = -INFINITY;
      for (ptrdiff_t tap = 0; tap < p.kernel_height * p.kernel_width; tap++) {
        const ptrdiff_t place = tap_of(&p, i / CK_BLOCK, tap);
        const double v = place < 0 ? -INFINITY : get(x, place * CK_BLOCK + i % CK_BLOCK);
        most = v != v || most != most ? NAN : fmax(v, most);
      }
      expect(y, i, most, 0);
    }
    end_case();
  }
}

void test_pool_mean(ck_isa isa, ck_type type) {
  (void)type;
  for (ptrdiff_t n = 0; n < 120; n++) {
    const ck_planes p = channel_window(n, true);
    const bool padded = n / 5 % 2;
    const ptrdiff_t pixels = p.output_height * p.output_width, bottom = n % 2, right = n % 3, cut = draw(p.output_height + 1);
    describe_planes(&p, padded ? "padded" : "inside", n);
    values x = blocked_numbers(1, CK_BLOCK, p.height * p.width), y = unwritten(ck_float32, pixels * CK_BLOCK);
    ck_pool_mean(isa, &p, padded, bottom, right, at(x, 0), at(y, 0), cut, p.output_height);
    ck_pool_mean(isa, &p, padded, bottom, right, at(x, 0), at(y, 0), 0, cut);
    for (ptrdiff_t i = 0; i < y.count; i++) {
      double sum = 0, count = 0;
      for (ptrdiff_t tap = 0; tap < p.kernel_height * p.kernel_width; tap++) {
        const ptrdiff_t place = tap_of(&p, i / CK_BLOCK, tap);
        if (place >= 0) sum += get(x, place * CK_BLOCK + i % CK_BLOCK);
        const ptrdiff_t h = i / CK_BLOCK / p.output_width * p.stride_height + tap / p.kernel_width * p.dilation_height;
        const ptrdiff_t w = i / CK_BLOCK % p.output_width * p.stride_width + tap % p.kernel_width * p.dilation_width;
        count += padded ? h < p.height + p.pad_top + bottom && w < p.width + p.pad_left + right : place >= 0;
      }
      expect(y, i, count > 0 ? sum / count : 0, 2 * count + 2);
    }
    end_case();
  }
}

void test_mean_of_pixels(ck_isa isa, ck_type type) {
  (void)type;
  FOR(pixels, 1, 2, 3, 4, 5, 49, 63, 64, 65, 67, 128, 130, 196) {
    describe("pixels %td", pixels);
    values x = blocked_numbers(1, CK_BLOCK, pixels), y = unwritten(ck_float32, CK_BLOCK);
    ck_mean_of_pixels(isa, at(x, 0), at(y, 0), pixels);
    for (ptrdiff_t c = 0; c < CK_BLOCK; c++) {
      double sum = 0;
      for (ptrdiff_t p = 0; p < pixels; p++) sum += get(x, p * CK_BLOCK + c);
      expect(y, c, sum / (double)pixels, 2);
    }
    end_case();
  }
}

void test_scale_block(ck_isa isa, ck_type type) {
  (void)type;
  for (ptrdiff_t kind = 0; kind < 10; kind++)
    FOR(pixels, 1, 2, 3, 49, 63, 64, 65, 129) {
      const ck_finish finish = finish_number(kind);
      describe("finish %td pixels %td", kind, pixels);
      values x = blocked_numbers(1, CK_BLOCK, pixels), scale = channel_numbers(CK_BLOCK);
      values offset = kind < 5 ? nothing : channel_numbers(CK_BLOCK), y = unwritten(ck_float32, x.count);
      ck_scale_block(isa, &finish, at(x, 0), at(scale, 0), at(offset, 0), at(y, 0), pixels);
      for (ptrdiff_t i = 0; i < y.count; i++) {
        const double sum = get(x, i) * get(scale, i % CK_BLOCK) + (offset.count ? get(offset, i % CK_BLOCK) : 0);
        expect(y, i, finished(&finish, sum), 6);
      }
      end_case();
    }
}

void test_add_blocks(ck_isa isa, ck_type type) {
  (void)type;
  for (ptrdiff_t kind = 0; kind < 5; kind++)
    FOR(pixels, 1, 2, 3, 49, 63, 64, 65, 129) {
      const ck_finish finish = finish_number(kind);
      describe("finish %td pixels %td", kind, pixels);
      values a = blocked_numbers(1, CK_BLOCK, pixels), b = blocked_numbers(1, CK_BLOCK, pixels), y = unwritten(ck_float32, a.count);
      ck_add_blocks(isa, &finish, at(a, 0), at(b, 0), at(y, 0), a.count);
      for (ptrdiff_t i = 0; i < y.count; i++) expect(y, i, finished(&finish, get(a, i) + get(b, i)), 4);
      end_case();
    }
}

#define FOR_PLANES                                  \
  FOR(channels, 1, 3, 15, 16, 17, 31, 32, 33, 40)   \
    FOR(pixels, 1, 2, 15, 16, 17, 31, 32, 33, 49)

void test_to_blocks(ck_isa isa, ck_type type) {
  (void)type;
  FOR_PLANES {
    describe("channels %td pixels %td", channels, pixels);
    values x = numbers(ck_float32, channels * pixels), y = unwritten(ck_float32, blocked_count(channels, pixels));
    const ptrdiff_t cut = draw(blocks_of(channels) + 1);
    ck_to_blocks(isa, at(x, 0), at(y, 0), channels, pixels, cut, blocks_of(channels));
    ck_to_blocks(isa, at(x, 0), at(y, 0), channels, pixels, 0, cut);
    for (ptrdiff_t i = 0; i < x.count; i++) expect(y, blocked_place(i / pixels, i % pixels, pixels), get(x, i), 0);
    end_case();
  }
}

void test_from_blocks(ck_isa isa, ck_type type) {
  (void)type;
  FOR_PLANES {
    describe("channels %td pixels %td", channels, pixels);
    values x = blocked_numbers(1, channels, pixels), y = unwritten(ck_float32, channels * pixels);
    const ptrdiff_t cut = draw(blocks_of(channels) + 1);
    ck_from_blocks(isa, at(x, 0), at(y, 0), channels, pixels, cut, blocks_of(channels));
    ck_from_blocks(isa, at(x, 0), at(y, 0), channels, pixels, 0, cut);
    for (ptrdiff_t i = 0; i < y.count; i++) expect(y, i, get(x, blocked_place(i / pixels, i % pixels, pixels)), 0);
    end_case();
  }
}

void test_place_channels(ck_isa isa, ck_type type) {
  (void)type;
  FOR_PLANES FOR(before, 0, 1, 8, 16, 24, 31) {
    describe("channels %td at %td pixels %td", channels, before, pixels);
    const ptrdiff_t all = before + channels + 5;
    values x = blocked_numbers(1, channels, pixels), y = blocked_numbers(1, all, pixels), old = copy(y);
    ck_place_channels(isa, at(x, 0), at(y, 0), channels, before, pixels);
    for (ptrdiff_t c = 0; c < all; c++)
      for (ptrdiff_t p = 0; p < pixels; p++) {
        const bool placed = c >= before && c < before + channels;
        /* Channels that come later may be overwritten: whole blocks are copied where they can be. */
        if (c >= before + channels) continue;
        const double expected = placed ? get(x, blocked_place(c - before, p, pixels)) : get(old, blocked_place(c, p, pixels));
        expect(y, blocked_place(c, p, pixels), expected, 0);
      }
    end_case();
  }
}

void test_pack_channels(ck_isa isa, ck_type type) {
  (void)isa, (void)type;
  FOR(channels, 1, 15, 16, 17, 33) FOR(taps, 1, 9, 25) {
    describe("channels %td taps %td", channels, taps);
    values weights = numbers(ck_float32, channels * taps), y = unwritten(ck_float32, blocked_count(channels, taps));
    ck_pack_channels(at(weights, 0), at(y, 0), channels, taps);
    for (ptrdiff_t c = 0; c < blocks_of(channels) * CK_BLOCK; c++)
      for (ptrdiff_t tap = 0; tap < taps; tap++)
        expect(y, blocked_place(c, tap, taps), c < channels ? get(weights, c * taps + tap) : 0, 0);
    end_case();
  }
}
