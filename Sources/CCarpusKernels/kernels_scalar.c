#include "variants.h"
#define CK_ISA scalar
#define CK_VECTOR_BYTES 16
#define CK_TILE_ROWS 6
#define CB_ROWS 2
#define CB_BLOCKS 1
#include "variant.h"
