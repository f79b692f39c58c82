/* Planes in the blocked layout. */
#ifndef KERNEL_TESTS_BLOCKED_H
#define KERNEL_TESTS_BLOCKED_H
#include "support.h"

static inline ptrdiff_t blocks_of(ptrdiff_t channels) { return (channels + CK_BLOCK - 1) / CK_BLOCK; }
/* Elements of an image, and where a channel of a pixel is. */
static inline ptrdiff_t blocked_count(ptrdiff_t channels, ptrdiff_t pixels) { return blocks_of(channels) * pixels * CK_BLOCK; }
static inline ptrdiff_t blocked_place(ptrdiff_t channel, ptrdiff_t pixel, ptrdiff_t pixels) {
  return (channel / CK_BLOCK * pixels + pixel) * CK_BLOCK + channel % CK_BLOCK;
}
/* Random numbers; NaN behind the last channel, since kernels may not use what is there. */
values blocked_numbers(ptrdiff_t images, ptrdiff_t channels, ptrdiff_t pixels);
/* One random number for each channel, zeros behind the last. */
values channel_numbers(ptrdiff_t channels);
void describe_planes(const ck_planes *planes, const char *detail, ptrdiff_t number);
/* Planes whose outputs lie one after the other. */
ck_planes dense(ck_planes planes);
/* The sum of the window at output `pixel` of channel `output`, and of the magnitudes of its products. x is blocked or planar. */
double window_sum(const ck_planes *p, values x, bool planar, values weights, ptrdiff_t output, ptrdiff_t pixel, double *magnitude);
/* Windows over one block of 16 channels, and the place of tap `tap` of output `pixel`; -1 outside. */
ck_planes channel_window(ptrdiff_t n, bool pooling);
ptrdiff_t tap_of(const ck_planes *p, ptrdiff_t pixel, ptrdiff_t tap);
/* What is expected of y, blocked: sums + bias + residual, finished, each as exact as `slack` times its own magnitude. */
void expect_convolution(
  const ck_planes *p, const ck_finish *finish, values x, bool planar, values weights, values bias, values residual, values y, double slack);

/* No numbers: at() gives NULL. */
static const values nothing = {ck_float32, 0, NULL};

#endif
