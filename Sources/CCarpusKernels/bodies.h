/* The kernels for one element type `real`; CK(name) is that kernel's name in this variant. */
#define CK(name) CK_JOIN(CK_JOIN(name, CK_TYPE), CK_ISA)
/* The number of independent partial results in a reduction: two registers' worth. */
#define LANES ((ptrdiff_t)(2 * CK_VECTOR_BYTES / sizeof(real)))

#include "body_mathematics.h"
#include "body_elementwise.h"
#include "body_broadcast.h"
#include "body_reduction.h"
#include "body_normalization.h"
#include "body_pooling.h"
#include "body_product.h"
#include "body_patches.h"
#include "body_depthwise.h"

#define CK_TRAMPOLINE(name, parameters, arguments) \
  static void CK(entry_##name) parameters { CK(name) arguments; }
CK_KERNELS(CK_TRAMPOLINE)
#undef CK_TRAMPOLINE

#define CK_FILL(name, parameters, arguments) .name = CK(entry_##name),
const ck_kernels CK(ck_kernels) = {.tile_rows = TILE_ROWS, .tile_columns = TILE_COLUMNS, CK_KERNELS(CK_FILL)};
#undef CK_FILL

#undef CK
#undef LANES
#undef WIDTH
#undef CK_EVEN
#undef TILE_ROWS
#undef TILE_COLUMNS
#undef MATH
