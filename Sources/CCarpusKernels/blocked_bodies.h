/* The kernels in the blocked layout for the instruction set CK_ISA; CB(name) is a kernel's name in this variant. */
#define CB(name) CK_JOIN(name, CK_ISA)

/* Vectors that are wider than the registers pass only through functions that are always inlined. */
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wpsabi"

#include "blocked_convolution.h"
#include "blocked_winograd.h"
#include "blocked_channels.h"
#include "blocked_movement.h"
#include "blocked_attention.h"

#define CK_FILL(name, parameters, arguments) .name = CB(name),
const ck_blocked_kernels CB(ck_blocked_kernels) = {.group_channels = CB_BLOCKS * CK_BLOCK, CK_BLOCKED_KERNELS(CK_FILL)};
#undef CK_FILL

#pragma clang diagnostic pop
