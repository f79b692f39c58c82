#include "blocked.h"

values blocked_numbers(ptrdiff_t images, ptrdiff_t channels, ptrdiff_t pixels) {
  values x = numbers(ck_float32, images * blocked_count(channels, pixels));
  for (ptrdiff_t image = 0; image < images; image++)
    for (ptrdiff_t c = channels; c < blocks_of(channels) * CK_BLOCK; c++)
      for (ptrdiff_t p = 0; p < pixels; p++) set(x, image * blocked_count(channels, pixels) + blocked_place(c, p, pixels), NAN);
  return x;
}

values channel_numbers(ptrdiff_t channels) {
  values x = numbers(ck_float32, blocks_of(channels) * CK_BLOCK);
  for (ptrdiff_t c = channels; c < x.count; c++) set(x, c, 0);
  return x;
}

void describe_planes(const ck_planes *p, const char *detail, ptrdiff_t number) {
  describe(
    "%s %td: channels %td to %td, %td x %td to %td x %td, kernel %td x %td, strides %td %td, dilations %td %td, pads %td %td", detail, number,
    p->input_channels, p->output_channels, p->height, p->width, p->output_height, p->output_width, p->kernel_height, p->kernel_width,
    p->stride_height, p->stride_width, p->dilation_height, p->dilation_width, p->pad_top, p->pad_left);
}

ck_planes dense(ck_planes p) {
  p.output_pixel = CK_BLOCK;
  p.output_row = p.output_width * CK_BLOCK;
  p.output_block = p.output_height * p.output_row;
  return p;
}

double window_sum(const ck_planes *p, values x, bool planar, values weights, ptrdiff_t output, ptrdiff_t pixel, double *magnitude) {
  const ptrdiff_t pixels = p->height * p->width, taps = p->kernel_height * p->kernel_width;
  double sum = 0;
  for (ptrdiff_t tap = 0; tap < taps; tap++) {
    const ptrdiff_t h = pixel / p->output_width * p->stride_height - p->pad_top + tap / p->kernel_width * p->dilation_height;
    const ptrdiff_t w = pixel % p->output_width * p->stride_width - p->pad_left + tap % p->kernel_width * p->dilation_width;
    if (h < 0 || h >= p->height || w < 0 || w >= p->width) continue;
    for (ptrdiff_t c = 0; c < p->input_channels; c++) {
      const ptrdiff_t place = planar ? c * pixels + h * p->width + w : blocked_place(c, h * p->width + w, pixels);
      const double product = get(weights, (output * p->input_channels + c) * taps + tap) * get(x, place);
      sum += product;
      *magnitude += fabs(product);
    }
  }
  return sum;
}

void expect_convolution(
  const ck_planes *p, const ck_finish *finish, values x, bool planar, values weights, values bias, values residual, values y,
  double slack) {
  const ptrdiff_t pixels = p->output_height * p->output_width;
  for (ptrdiff_t channel = 0; channel < p->output_channels; channel++)
    for (ptrdiff_t pixel = 0; pixel < pixels; pixel++) {
      const ptrdiff_t place = blocked_place(channel, pixel, pixels);
      double magnitude = 4, sum = window_sum(p, x, planar, weights, channel, pixel, &magnitude);
      if (bias.count) sum += get(bias, channel);
      if (residual.count) sum += get(residual, place);
      expect(y, place, finished(finish, sum), slack * magnitude);
    }
}
