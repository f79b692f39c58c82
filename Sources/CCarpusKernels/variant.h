/* All kernels for the instruction set CK_ISA, once for float32, once for float64. Included by the file of each set, which says what its
   registers hold: vectors of CK_VECTOR_BYTES, a product's tile of CK_TILE_ROWS rows times two vectors and, in the blocked layout, a tile of
   CB_ROWS pixels times CB_BLOCKS blocks of channels. */
#define real float
#define CK_TYPE float32
#define CK_IS_FLOAT32 1
#include "bodies.h"
#undef real
#undef CK_TYPE
#undef CK_IS_FLOAT32

#include "blocked_bodies.h"

#define real double
#define CK_TYPE float64
#define CK_IS_FLOAT32 0
#include "bodies.h"
#undef real
#undef CK_TYPE
#undef CK_IS_FLOAT32

#include "body_conversion.h"
