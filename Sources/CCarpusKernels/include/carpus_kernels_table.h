/* Every kernel that exists per element type and instruction set: name, parameters, arguments. Bounds `begin` and `end` select a part
   of the work, so that callers may share it among threads; no result depends on where the borders lie unless its line says so. */
#define CK_KERNELS(X)                                                                                                               \
  /* y[i] = f(x[i]); x and y may be the same. */                                                                                    \
  X(unary, (ck_unary_function function, const void *x, void *y, ptrdiff_t count, double p, double q), (function, x, y, count, p, q))\
  /* y[i] = f'(x[i]) seed[i] */                                                                                                     \
  X(unary_gradient,                                                                                                                 \
    (ck_gradient_function function, const void *seed, const void *x, void *y, ptrdiff_t count, double p, double q),                 \
    (function, seed, x, y, count, p, q))                                                                                            \
  /* The elements begin..<end of y = f(a, b), with strides 0 and 1 for a and b. */                                                  \
  X(binary,                                                                                                                         \
    (ck_binary_function function, const ck_broadcast *broadcast, const void *a, const void *b, void *y, ptrdiff_t begin,            \
     ptrdiff_t end),                                                                                                                \
    (function, broadcast, a, b, y, begin, end))                                                                                     \
  X(compare,                                                                                                                        \
    (ck_comparison_function function, const ck_broadcast *broadcast, const void *a, const void *b, uint8_t *y, ptrdiff_t begin,     \
     ptrdiff_t end),                                                                                                                \
    (function, broadcast, a, b, y, begin, end))                                                                                     \
  /* x is outer x reduced x inner; writes the results of columns begin..<end of the rows first..<last of y, outer x inner. */       \
  X(reduce,                                                                                                                         \
    (ck_reduction_function function, const void *x, void *y, ptrdiff_t first, ptrdiff_t last, ptrdiff_t reduced, ptrdiff_t inner,   \
     ptrdiff_t begin, ptrdiff_t end),                                                                                               \
    (function, x, y, first, last, reduced, inner, begin, end))                                                                      \
  /* The same of softmax, or of its logarithm, along the middle axis. */                                                            \
  X(softmax,                                                                                                                        \
    (bool logarithm, const void *x, void *y, ptrdiff_t first, ptrdiff_t last, ptrdiff_t count, ptrdiff_t inner, ptrdiff_t begin,    \
     ptrdiff_t end),                                                                                                                \
    (logarithm, x, y, first, last, count, inner, begin, end))                                                                       \
  /* Each row: (x - mean) / sqrt(variance + epsilon) * gamma + beta; gamma and beta, of `count` elements, may be NULL. */           \
  X(layer_normalization,                                                                                                            \
    (const void *x, const void *gamma, const void *beta, double epsilon, void *y, ptrdiff_t rows, ptrdiff_t count),                 \
    (x, gamma, beta, epsilon, y, rows, count))                                                                                      \
  X(layer_normalization_gradient,                                                                                                   \
    (const void *seed, const void *x, const void *gamma, double epsilon, void *y, ptrdiff_t rows, ptrdiff_t count),                 \
    (seed, x, gamma, epsilon, y, rows, count))                                                                                      \
  /* y = x * scale[c] + offset[c] for the planes first..<last of (batch x channels) x inner. */                                     \
  X(scale_channels,                                                                                                                 \
    (const void *x, const void *scale, const void *offset, void *y, ptrdiff_t channels, ptrdiff_t inner, ptrdiff_t first,           \
     ptrdiff_t last),                                                                                                               \
    (x, scale, offset, y, channels, inner, first, last))                                                                            \
  /* Pooling of the planes first..<last. `indices` may be NULL; an index counts elements from the first of all planes. */           \
  X(max_pool, (const ck_window *window, const void *x, void *y, int64_t *indices, ptrdiff_t first, ptrdiff_t last),                 \
    (window, x, y, indices, first, last))                                                                                           \
  X(max_pool_gradient, (const ck_window *window, const void *seed, const void *x, void *y, ptrdiff_t first, ptrdiff_t last),        \
    (window, seed, x, y, first, last))                                                                                              \
  X(average_pool, (const ck_window *window, bool count_padding, const void *x, void *y, ptrdiff_t first, ptrdiff_t last),           \
    (window, count_padding, x, y, first, last))                                                                                     \
  X(average_pool_gradient, (const ck_window *window, bool count_padding, const void *seed, void *y, ptrdiff_t first,                \
                            ptrdiff_t last),                                                                                        \
    (window, count_padding, seed, y, first, last))                                                                                  \
  /* Depthwise convolution of one input plane with one kernel, plus bias and residual (which may be NULL), and the vector-Jacobian  \
     product, added to y, with ck_depthwise_spare bytes of memory. */                                                               \
  X(depthwise,                                                                                                                      \
    (const ck_window *window, const void *x, const void *weights, double bias, const void *residual, void *y, void *spare),         \
    (window, x, weights, bias, residual, y, spare))                                                                                 \
  X(depthwise_gradient, (const ck_window *window, const void *seed, const void *weights, void *y, void *spare),                     \
    (window, seed, weights, y, spare))                                                                                              \
  /* Tiles of a product: blocks first_block..<last_block of a with panels first_panel..<last_panel of b. bias may be NULL, residual    \
     too, or be c itself. */                                                                                                        \
  X(multiply_packed,                                                                                                                \
    (const ck_product *product, const void *a, const void *b, const void *bias, const void *residual, void *c,                      \
     ptrdiff_t first_block, ptrdiff_t last_block, ptrdiff_t first_panel, ptrdiff_t last_panel),                                     \
    (product, a, b, bias, residual, c, first_block, last_block, first_panel, last_panel))                                           \
  /* Packs a, times `factor`, as blocks of rows; element (row, i) is a[row * row_step + i * k_step]. Takes rows * k elements. */    \
  X(pack_rows,                                                                                                                      \
    (const void *a, ptrdiff_t row_step, ptrdiff_t k_step, ptrdiff_t rows, ptrdiff_t k, double factor, void *target),                \
    (a, row_step, k_step, rows, k, factor, target))                                                                                 \
  /* Packs b as panels; element (i, column) is b[column * column_step + i * k_step]. Takes k * columns, rounded up to tiles. */     \
  X(pack_columns,                                                                                                                   \
    (const void *b, ptrdiff_t column_step, ptrdiff_t k_step, ptrdiff_t columns, ptrdiff_t k, void *target),                         \
    (b, column_step, k_step, columns, k, target))                                                                                   \
  /* Copies channels first..<last of x into padded planes of ck_padded_plane elements, after which a vector must follow. */         \
  X(pad_planes, (const ck_window *window, const void *x, void *planes, ptrdiff_t first, ptrdiff_t last),                            \
    (window, x, planes, first, last))                                                                                               \
  /* Packs outputs begin..<end of the patch matrix (channels x taps) x outputs from padded planes: as panels of columns, or as blocks of\
     rows of its transpose, after which a vector must follow. */                                                                    \
  X(pack_patch_columns,                                                                                                             \
    (const ck_window *window, const void *planes, ptrdiff_t channels, void *target, ptrdiff_t begin, ptrdiff_t end),                \
    (window, planes, channels, target, begin, end))                                                                                 \
  X(pack_patch_rows,                                                                                                                \
    (const ck_window *window, const void *planes, ptrdiff_t channels, void *target, ptrdiff_t begin, ptrdiff_t end),                \
    (window, planes, channels, target, begin, end))                                                                                 \
  /* y[r] = alpha sum_i a[r * row_step + i * k_step] x[i] + beta y[r] for r in first..<last; one of the steps is 1. */              \
  X(multiply_vector,                                                                                                                \
    (const void *a, ptrdiff_t row_step, ptrdiff_t k_step, ptrdiff_t k, const void *x, double alpha, double beta, void *y,           \
     ptrdiff_t first, ptrdiff_t last),                                                                                              \
    (a, row_step, k_step, k, x, alpha, beta, y, first, last))                                                                       \
  /* Adds columns begin..<end of a patch matrix to where the patches came from. */                                                  \
  X(scatter_patches, (const ck_window *window, const void *columns, ptrdiff_t stride, ptrdiff_t channels, void *x, ptrdiff_t begin, \
                      ptrdiff_t end),                                                                                               \
    (window, columns, stride, channels, x, begin, end))
