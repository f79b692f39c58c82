#include "variants.h"
#define CK_ISA scalar
#define CK_VECTOR_BYTES 16
#include "variant.h"
