#ifndef CARPUS_KERNELS_H
#define CARPUS_KERNELS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zeroed memory aligned to 64 bytes (2 MiB, advised to be in huge pages, where it is large); NULL when there is none. */
void *ck_allocate(size_t bytes);
void ck_free(void *memory);

/* The instruction sets that each kernel is compiled for: the platform's baseline; AVX2 with FMA and F16C; AVX-512 F, VL, DQ and BW; NEON
   with its 32 registers, which every AArch64 processor has. */
typedef enum { ck_scalar, ck_avx2, ck_avx512, ck_neon } ck_isa;
/* The best one that this processor has, or the one that CARPUS_ISA (scalar, avx2, avx512, neon) names, if the processor has it. */
ck_isa ck_preferred_isa(void);
bool ck_has_isa(ck_isa isa);

/* The types that kernels compute in. */
typedef enum { ck_float32, ck_float64 } ck_type;

/* Functions of one variable x, with up to two parameters p and q. */
#define CK_UNARY_FUNCTIONS(X)                                                                                                    \
  X(relu) X(leaky_relu) X(clip) X(sigmoid) X(hard_sigmoid) X(hard_swish) X(silu) X(tanh) X(erf) X(gelu) X(softplus) X(exp) X(log) \
  X(sqrt) X(reciprocal) X(neg) X(abs) X(sin) X(cos) X(floor) X(ceil) X(round) X(affine)
/* Their vector-Jacobian products, of a seed and of x (of the result y for sigmoid and tanh). */
#define CK_UNARY_GRADIENTS(X)                                                                                            \
  X(relu) X(leaky_relu) X(clip) X(hard_sigmoid) X(hard_swish) X(abs) X(gelu) X(silu) X(sigmoid_result) X(tanh_result)
#define CK_BINARY_FUNCTIONS(X) X(add) X(sub) X(mul) X(div) X(pow) X(min) X(max)
#define CK_COMPARISONS(X) X(equal) X(less) X(less_or_equal) X(greater) X(greater_or_equal)
#define CK_REDUCTIONS(X) X(sum) X(mean) X(max) X(min) X(product) X(l1) X(l2) X(sum_of_squares)

#define CK_CASE(name) ck_unary_##name,
typedef enum { CK_UNARY_FUNCTIONS(CK_CASE) } ck_unary_function;
#undef CK_CASE
#define CK_CASE(name) ck_gradient_##name,
typedef enum { CK_UNARY_GRADIENTS(CK_CASE) } ck_gradient_function;
#undef CK_CASE
#define CK_CASE(name) ck_binary_##name,
typedef enum { CK_BINARY_FUNCTIONS(CK_CASE) } ck_binary_function;
#undef CK_CASE
#define CK_CASE(name) ck_comparison_##name,
typedef enum { CK_COMPARISONS(CK_CASE) } ck_comparison_function;
#undef CK_CASE
#define CK_CASE(name) ck_reduction_##name,
typedef enum { CK_REDUCTIONS(CK_CASE) } ck_reduction_function;
#undef CK_CASE

#define CK_MAX_RANK 8

/* The iteration space of a broadcast: extents of the result (row-major) and, in elements, the strides of up to three operands. */
typedef struct {
  ptrdiff_t rank;
  ptrdiff_t extents[CK_MAX_RANK];
  ptrdiff_t strides[3][CK_MAX_RANK];
} ck_broadcast;

/* A window that slides over three spatial axes; unused outer axes have extent 1. */
typedef struct {
  ptrdiff_t input[3], output[3], kernel[3], strides[3], dilations[3], pads_begin[3], pads_end[3];
} ck_window;

/* What c = f(bounded(a b + bias + residual)) is made of, for packed a, rows x k, and b, k x columns. */
typedef struct {
  ptrdiff_t rows, columns, k;
  /* c lies row by row, `stride` apart, and has a bias per row; transposed, it lies column by column with a bias per column. */
  ptrdiff_t stride;
  bool transposed;
  double low, high;
  /* f, after the bounds, if there is one. */
  bool activates;
  ck_unary_function activation;
  double p, q;
} ck_product;

#include "carpus_kernels_table.h"

#define CK_DECLARE(name, parameters, arguments) void ck_##name(ck_isa isa, ck_type type, CK_UNWRAP parameters);
#define CK_UNWRAP(...) __VA_ARGS__
CK_KERNELS(CK_DECLARE)
#undef CK_DECLARE

/* The extents of the tiles that products are made of: blocks of rows, panels of columns. */
ptrdiff_t ck_tile_rows(ck_isa isa);
ptrdiff_t ck_tile_columns(ck_isa isa, ck_type type);
/* Elements of the padded planes of one channel, for `pad_planes`. */
ptrdiff_t ck_padded_plane(const ck_window *window);

/* Bytes that `depthwise` and `depthwise_gradient` need, aligned to 64. */
ptrdiff_t ck_depthwise_spare(ck_isa isa, ck_type type, const ck_window *window);

/* Data movement, for elements of 1, 2, 4 or 8 bytes. Offsets are in the pointers; strides and extents count elements. */
void ck_copy_strided(
  const void *source, const ptrdiff_t *source_strides, void *target, const ptrdiff_t *target_strides, const ptrdiff_t *extents,
  ptrdiff_t rank, ptrdiff_t element_size);
/* target[i] = value, the element at `value`. */
void ck_fill(void *target, const void *value, ptrdiff_t count, ptrdiff_t element_size);
/* The elements begin..<end of the result: condition ? a : b, with strides 0, 1 and 2 for condition, a and b. */
void ck_select(
  const ck_broadcast *broadcast, const uint8_t *condition, const void *a, const void *b, void *y, ptrdiff_t begin, ptrdiff_t end,
  ptrdiff_t element_size);

/* The element types of tensors. */
#define CK_ELEMENTS(X)                                                                                              \
  X(float32) X(float64) X(float16) X(bfloat16) X(int8) X(int16) X(int32) X(int64) X(uint8) X(uint16) X(uint32) X(uint64) X(boolean)
#define CK_CASE(name) ck_element_##name,
typedef enum { CK_ELEMENTS(CK_CASE) } ck_element;
#undef CK_CASE
/* Floating point to integer truncates toward zero and saturates, NaN becomes 0; integer to integer keeps the low bits; to float16 and
   bfloat16 rounds once, to nearest even; to bool is x != 0. */
void ck_convert(ck_isa isa, ck_element from, const void *x, ck_element to, void *y, ptrdiff_t count);

#endif
