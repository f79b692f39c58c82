#ifndef CARPUS_BLOCKED_H
#define CARPUS_BLOCKED_H
#include "carpus_kernels.h"

/* float32 kernels on planes in the blocked layout [image][channels / 16][height][width][16]: a pixel's 16 channels are one vector. The
   places behind the last channel hold any numbers and are never used for another channel. */

#define CK_BLOCK 16
/* Inputs of a product with a matrix that are added up together: its weights are packed for so many at a time. */
#define CK_PRODUCT_DEPTH 768

/* A two-dimensional convolution of one image, or the window of a pooling. */
typedef struct {
  ptrdiff_t input_channels, output_channels;
  ptrdiff_t height, width, output_height, output_width;
  ptrdiff_t kernel_height, kernel_width, stride_height, stride_width, dilation_height, dilation_width, pad_top, pad_left;
  /* Floats of the output from one pixel, row and block to the next. Only convolve_rows, convolve_channels and finish_rows can leave places
     between pixels. */
  ptrdiff_t output_pixel, output_row, output_block;
} ck_planes;

/* What becomes of a sum: bounds, then f if there is one. In a backward pass instead the product with the slope of a function at the numbers
   that lie `at` bytes behind where the result is written and, unless `addend` is 0, the sum with those that lie so many bytes behind it. */
typedef struct {
  float low, high;
  bool activates, slopes;
  ck_unary_function activation;
  ck_gradient_function slope;
  double p, q;
  ptrdiff_t at, addend;
} ck_finish;

/* Winograd's minimal filtering of m x m outputs, or m outputs of a window along one axis: m is 2 or 4 for a window of 3, 2 for one of 5 x 5
   or of 7 along one axis. The patches overlap by the window less 1. */
typedef struct {
  /* m, and patches below and beside each other. */
  ptrdiff_t m, rows, columns;
  /* Patches that lie in the buffers together, and floats from one frequency of the buffers to the next. */
  ptrdiff_t capacity, input_stride, output_stride;
} ck_patches;

/* y = softmax(scale q k^T + addends) v for matrices q, rows x depth, k, keys x depth, and v, keys x width; depth and width are multiples
   of 16. */
typedef struct {
  ptrdiff_t keys, depth, width;
  /* Elements from row to row; in q, v, y and the addends those of a row follow each other. */
  ptrdiff_t query_row, key_row, key_column, value_row, result_row, addend_rows[2];
  float scale;
} ck_attention;

/* Names, parameters and arguments, as in the other table. Groups are the output channels that a tile has: ck_group_channels. */
#define CK_BLOCKED_KERNELS(X)                                                                                                       \
  /* Outputs first..<last of the pixels, groups first_group..<last_group, of a convolution without windows. */                      \
  X(convolve_pixels,                                                                                                                \
    (const ck_planes *planes, const ck_finish *finish, const float *x, const float *weights, const float *bias,                     \
     const float *residual, float *y, ptrdiff_t first, ptrdiff_t last, ptrdiff_t first_group, ptrdiff_t last_group,                 \
     ptrdiff_t *offsets),                                                                                                           \
    (planes, finish, x, weights, bias, residual, y, first, last, first_group, last_group, offsets))                                 \
  /* The same with strides, and for f(scale x + offset) with a scale and an offset for each input channel where there is a scale;           \
     `before` has no function, `spare` holds ck_gathered_floats. */                                                                 \
  X(convolve_gathered_pixels,                                                                                                       \
    (const ck_planes *planes, const ck_finish *before, const float *scale, const float *offset, const ck_finish *finish,           \
     const float *x, const float *weights, const float *bias, const float *residual, float *y, ptrdiff_t first, ptrdiff_t last,    \
     ptrdiff_t first_group, ptrdiff_t last_group, float *spare, ptrdiff_t *offsets),                                                \
    (planes, before, scale, offset, finish, x, weights, bias, residual, y, first, last, first_group, last_group, spare, offsets))   \
  /* The same for rows of input channels one after the other, and rows of output channels, a multiple of 16. `spare` holds the rows in  \
     whole blocks of CK_PRODUCT_DEPTH inputs at most, `offsets` one number for each block. */                                       \
  X(multiply_rows,                                                                                                                  \
    (const ck_planes *planes, const ck_finish *finish, const float *x, const float *weights, const float *bias,                     \
     const float *residual, float *y, ptrdiff_t first, ptrdiff_t last, ptrdiff_t first_group, ptrdiff_t last_group,                 \
     float *spare, ptrdiff_t *offsets),                                                                                             \
    (planes, finish, x, weights, bias, residual, y, first, last, first_group, last_group, spare, offsets))                          \
  /* Rows first..<last of y; addends may be NULL. `spare` holds ck_attention_floats, `offsets` one number for 16 keys or inputs. */     \
  X(attend,                                                                                                                         \
    (const ck_attention *attention, const float *q, const float *k, const float *v, const float *addend, const float *other,        \
     float *y, ptrdiff_t first, ptrdiff_t last, float *spare, ptrdiff_t *offsets),                                                  \
    (attention, q, k, v, addend, other, y, first, last, spare, offsets))                                                            \
  /* Rows first..<last of the output; `spare` holds ck_band_floats, `offsets` ck_step_count numbers. */                             \
  X(convolve_rows,                                                                                                                  \
    (const ck_planes *planes, const ck_finish *finish, const float *x, const float *weights, const float *bias,                     \
     const float *residual, float *y, ptrdiff_t first, ptrdiff_t last, ptrdiff_t first_group, ptrdiff_t last_group,                 \
     float *spare, ptrdiff_t *offsets),                                                                                             \
    (planes, finish, x, weights, bias, residual, y, first, last, first_group, last_group, spare, offsets))                          \
  /* The same for x in the layout [channels][height][width]. */                                                                     \
  X(convolve_planar_rows,                                                                                                           \
    (const ck_planes *planes, const ck_finish *finish, const float *x, const float *weights, const float *bias,                     \
     const float *residual, float *y, ptrdiff_t first, ptrdiff_t last, ptrdiff_t first_group, ptrdiff_t last_group,                 \
     float *spare, ptrdiff_t *offsets),                                                                                             \
    (planes, finish, x, weights, bias, residual, y, first, last, first_group, last_group, spare, offsets))                          \
  /* Winograd: patches first..<last of x (counted from the first of the buffer) to frequencies of the blocks first_block..<last_block. */\
  X(transform_patches,                                                                                                              \
    (const ck_planes *planes, const ck_patches *patches, const float *x, float *frequencies, ptrdiff_t start, ptrdiff_t first,      \
     ptrdiff_t last, ptrdiff_t first_block, ptrdiff_t last_block),                                                                  \
    (planes, patches, x, frequencies, start, first, last, first_block, last_block))                                                 \
  /* The products of `count` patches, for the parts first..<last of frequencies x groups. */                                        \
  X(multiply_frequencies,                                                                                                           \
    (const ck_planes *planes, const ck_patches *patches, const float *frequencies, const float *weights, float *products,           \
     ptrdiff_t count, ptrdiff_t first, ptrdiff_t last, ptrdiff_t *offsets),                                                         \
    (planes, patches, frequencies, weights, products, count, first, last, offsets))                                                 \
  X(finish_patches,                                                                                                                 \
    (const ck_planes *planes, const ck_patches *patches, const ck_finish *finish, const float *products, const float *bias,         \
     const float *residual, float *y, ptrdiff_t start, ptrdiff_t first, ptrdiff_t last, ptrdiff_t first_block,                      \
     ptrdiff_t last_block),                                                                                                         \
    (planes, patches, finish, products, bias, residual, y, start, first, last, first_block, last_block))                            \
  /* Each channel by itself: rows first..<last of the output of one block of channels. `spare` holds the band of one block. */      \
  X(convolve_channels,                                                                                                              \
    (const ck_planes *planes, const ck_finish *finish, const float *x, const float *weights, const float *bias,                     \
     const float *residual, float *y, ptrdiff_t first, ptrdiff_t last, float *spare),                                               \
    (planes, finish, x, weights, bias, residual, y, first, last, spare))                                                            \
  /* Rows first..<last of the output of one block, where a convolution has no taps: the residual, or zeros. */                        \
  X(finish_rows,                                                                                                                    \
    (const ck_planes *planes, const ck_finish *finish, const float *residual, float *y, ptrdiff_t first, ptrdiff_t last),           \
    (planes, finish, residual, y, first, last))                                                                                     \
  /* The vector-Jacobian products of the poolings, for one block: seed has the places of the output, y those of the input. */       \
  X(pool_maximum_gradient, (const ck_planes *planes, const float *seed, const float *x, float *y), (planes, seed, x, y))            \
  X(pool_mean_gradient,                                                                                                             \
    (const ck_planes *planes, bool padded, ptrdiff_t pad_bottom, ptrdiff_t pad_right, const float *seed, float *y),                 \
    (planes, padded, pad_bottom, pad_right, seed, y))                                                                               \
  /* Rows first..<last of the output of one block. */                                                                               \
  X(pool_maximum, (const ck_planes *planes, const float *x, float *y, ptrdiff_t first, ptrdiff_t last),                             \
    (planes, x, y, first, last))                                                                                                    \
  /* The mean over the taps inside the input or, if `padded`, over those inside the padded input. */                                \
  X(pool_mean,                                                                                                                      \
    (const ck_planes *planes, bool padded, ptrdiff_t pad_bottom, ptrdiff_t pad_right, const float *x, float *y, ptrdiff_t first,    \
     ptrdiff_t last),                                                                                                               \
    (planes, padded, pad_bottom, pad_right, x, y, first, last))                                                                     \
  /* The mean of all pixels of a block. */                                                                                          \
  X(mean_of_pixels, (const float *x, float *y, ptrdiff_t pixels), (x, y, pixels))                                                   \
  /* The sum of a * b over all pixels of a block. */                                                                                \
  X(product_of_pixels, (const float *a, const float *b, float *y, ptrdiff_t pixels), (a, b, y, pixels))                             \
  /* y = f(x * scale + offset) with one vector each of scale and offset (which may be NULL) for a block of `pixels` pixels. */      \
  X(scale_block,                                                                                                                    \
    (const ck_finish *finish, const float *x, const float *scale, const float *offset, float *y, ptrdiff_t pixels),                 \
    (finish, x, scale, offset, y, pixels))                                                                                          \
  /* y = f(x), count a multiple of 16, the same below. */                                                                           \
  X(map_blocks, (const ck_finish *finish, const float *x, float *y, ptrdiff_t count), (finish, x, y, count))                        \
  /* y = f(a + b) */                                                                                                                \
  X(add_blocks, (const ck_finish *finish, const float *a, const float *b, float *y, ptrdiff_t count), (finish, a, b, y, count))     \
  /* y = f(a * b) */                                                                                                                \
  X(multiply_blocks, (const ck_finish *finish, const float *a, const float *b, float *y, ptrdiff_t count), (finish, a, b, y, count)) \
  /* From [channels][pixels] and back, for the blocks first..<last. */                                                              \
  X(to_blocks, (const float *x, float *y, ptrdiff_t channels, ptrdiff_t pixels, ptrdiff_t first, ptrdiff_t last),                   \
    (x, y, channels, pixels, first, last))                                                                                          \
  X(from_blocks, (const float *x, float *y, ptrdiff_t channels, ptrdiff_t pixels, ptrdiff_t first, ptrdiff_t last),                 \
    (x, y, channels, pixels, first, last))                                                                                          \
  /* Puts `channels` channels of x at channel `at` of y, for all pixels. */                                                         \
  X(place_channels, (const float *x, float *y, ptrdiff_t channels, ptrdiff_t at, ptrdiff_t pixels), (x, y, channels, at, pixels))   \
  /* Takes `channels` channels from channel `at` of x on, for all pixels. */                                                        \
  X(take_channels, (const float *x, float *y, ptrdiff_t channels, ptrdiff_t at, ptrdiff_t pixels), (x, y, channels, at, pixels))    \
  /* From [stride_height][stride_width][channels], which are the channels of `planes`' output in the blocked layout, to [channels]  \
     [height][width] with the places of `planes`' input: each output holds the pixels of a square of the result. */                 \
  X(spread_channels, (const ck_planes *planes, const float *x, float *y), (planes, x, y))

#define CK_DECLARE(name, parameters, arguments) void ck_##name(ck_isa isa, CK_UNWRAP parameters);
CK_BLOCKED_KERNELS(CK_DECLARE)
#undef CK_DECLARE

ptrdiff_t ck_attention_floats(const ck_attention *attention);
/* Output channels of a tile. */
ptrdiff_t ck_group_channels(ck_isa isa);
/* Steps of the sums of a convolution, and of pixels in the blocked layout. */
ptrdiff_t ck_step_count(const ck_planes *planes, bool planar);
/* Floats of the padded input that `rows` rows of the output see; 0 where the input needs no padding. */
ptrdiff_t ck_band_floats(const ck_planes *planes, bool planar, ptrdiff_t rows);
/* Floats that convolve_gathered_pixels needs for so many pixels. */
ptrdiff_t ck_gathered_floats(const ck_planes *planes, ptrdiff_t pixels);
/* The frequencies of Winograd's patches: m + r - 1 along each axis with a window of r > 1. */
ptrdiff_t ck_frequency_count(const ck_planes *planes, ptrdiff_t m);
/* Floats of packed weights, and packing from [output channels][input channels][kernel]; for Winograd's method if m is not 0. */
ptrdiff_t ck_packed_floats(ck_isa isa, const ck_planes *planes, bool planar, ptrdiff_t m);
void ck_pack_weights(ck_isa isa, const ck_planes *planes, bool planar, const float *weights, float *target);
/* The same for the output channels of the groups first..<last, by Winograd's method. */
void ck_pack_frequencies(
  ck_isa isa, const ck_planes *planes, ptrdiff_t m, const float *weights, float *target, ptrdiff_t first, ptrdiff_t last);
/* From [channels][kernel] to [channels / 16][kernel][16]. */
void ck_pack_channels(const float *weights, float *target, ptrdiff_t channels, ptrdiff_t taps);

#endif
