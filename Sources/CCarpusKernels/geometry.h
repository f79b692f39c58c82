/* Index arithmetic that kernels of every type share. */
#ifndef CARPUS_GEOMETRY_H
#define CARPUS_GEOMETRY_H
#include "carpus_blocked.h"
#include "carpus_kernels.h"
#include <assert.h>
#include <stdbool.h>

/* A position in the iteration space of a broadcast. */
typedef struct {
  ptrdiff_t coordinates[CK_MAX_RANK];
  ptrdiff_t offsets[3];
  /* The innermost axis: extent, position, strides. */
  ptrdiff_t inner_extent, column, inner_strides[3];
} ck_walk;

static inline ck_walk ck_walk_from(const ck_broadcast *broadcast, ptrdiff_t position) {
  assert(broadcast->rank >= 0 && broadcast->rank <= CK_MAX_RANK);
  ck_walk walk = {.inner_extent = 1};
  ptrdiff_t last = broadcast->rank - 1;
  if (last < 0) return walk;
  walk.inner_extent = broadcast->extents[last];
  for (int operand = 0; operand < 3; operand++) walk.inner_strides[operand] = broadcast->strides[operand][last];
  for (ptrdiff_t axis = last; axis >= 0; axis--) {
    ptrdiff_t extent = broadcast->extents[axis];
    if (extent == 0) return walk;
    walk.coordinates[axis] = position % extent;
    position /= extent;
    for (int operand = 0; operand < 3; operand++)
      walk.offsets[operand] += walk.coordinates[axis] * broadcast->strides[operand][axis];
  }
  walk.column = walk.coordinates[last];
  return walk;
}

/* Elements up to the end of the row, at most `limit`. */
static inline ptrdiff_t ck_walk_run(const ck_walk *walk, ptrdiff_t limit) {
  ptrdiff_t rest = walk->inner_extent - walk->column;
  return rest < limit ? rest : limit;
}

/* To the beginning of the next row. */
static inline void ck_walk_next_row(ck_walk *walk, const ck_broadcast *broadcast) {
  for (int operand = 0; operand < 3; operand++) walk->offsets[operand] -= walk->column * walk->inner_strides[operand];
  walk->column = 0;
  for (ptrdiff_t axis = broadcast->rank - 2; axis >= 0; axis--) {
    walk->coordinates[axis]++;
    for (int operand = 0; operand < 3; operand++) walk->offsets[operand] += broadcast->strides[operand][axis];
    if (walk->coordinates[axis] < broadcast->extents[axis]) return;
    for (int operand = 0; operand < 3; operand++)
      walk->offsets[operand] -= walk->coordinates[axis] * broadcast->strides[operand][axis];
    walk->coordinates[axis] = 0;
  }
}

/* The outputs low..<high along an axis for which tap k of the window lies inside the input. */
typedef struct { ptrdiff_t low, high; } ck_range;

static inline ck_range ck_inside(const ck_window *window, int axis, ptrdiff_t k) {
  ptrdiff_t stride = window->strides[axis], shift = window->pads_begin[axis] - k * window->dilations[axis];
  ptrdiff_t low = shift > 0 ? (shift + stride - 1) / stride : 0;
  ptrdiff_t last = window->input[axis] - 1 + shift;
  ptrdiff_t high = last < 0 ? 0 : last / stride + 1;
  if (high > window->output[axis]) high = window->output[axis];
  if (low > high) low = high;
  return (ck_range){low, high};
}

/* Where tap k of the window at output o lies in the input; it may lie outside. */
static inline ptrdiff_t ck_position(const ck_window *window, int axis, ptrdiff_t o, ptrdiff_t k) {
  return o * window->strides[axis] - window->pads_begin[axis] + k * window->dilations[axis];
}

static inline ptrdiff_t ck_volume(const ptrdiff_t extents[3]) { return extents[0] * extents[1] * extents[2]; }

/* Taps of the window at output o that lie inside the input, or inside the padded input. */
static inline ptrdiff_t ck_taps(const ck_window *window, int axis, ptrdiff_t o, bool padded) {
  ptrdiff_t first = ck_position(window, axis, o, 0), dilation = window->dilations[axis], taps = window->kernel[axis];
  ptrdiff_t last = window->input[axis] - 1 + (padded ? window->pads_end[axis] : 0);
  ptrdiff_t before = first < 0 && !padded ? (-first + dilation - 1) / dilation : 0;
  ptrdiff_t upTo = last < first ? 0 : (last - first) / dilation + 1;
  if (upTo > taps) upTo = taps;
  return upTo > before ? upTo - before : 0;
}

/* Rows are cut into as few blocks of at most `most` rows as possible, all of about the same height. */
/* Outputs of Winograd's patches along an axis with a window of so many. */
static inline ptrdiff_t ck_patch_outputs(ptrdiff_t window, ptrdiff_t m) { return window == 1 ? 1 : m; }

static inline ptrdiff_t ck_block_count(ptrdiff_t rows, ptrdiff_t most) { return (rows + most - 1) / most; }
static inline ptrdiff_t ck_block_start(ptrdiff_t rows, ptrdiff_t most, ptrdiff_t block) {
  return rows * block / (rows > 0 ? ck_block_count(rows, most) : 1);
}

/* The padded planes of one channel: rows of `phases` parts of `width` elements; part p has the columns p, p + phases, … */
typedef struct { ptrdiff_t depth, height, width, phases, row, plane; } ck_padded;

static inline ck_padded ck_padded_of(const ck_window *window) {
  ck_padded padded;
  ptrdiff_t extents[3];
  for (int axis = 0; axis < 3; axis++)
    extents[axis] = (window->output[axis] - 1) * window->strides[axis] + (window->kernel[axis] - 1) * window->dilations[axis] + 1;
  padded.depth = extents[0];
  padded.height = extents[1];
  padded.phases = window->strides[2];
  padded.width = (extents[2] + padded.phases - 1) / padded.phases;
  padded.row = padded.phases * padded.width;
  padded.plane = padded.depth * padded.height * padded.row;
  return padded;
}

/* The elements low..<high of phase `phase` of a padded row, of `width` elements, that come from the input: element i is its
   column phase + i stride - pad. */
static inline ck_range ck_phase_range(const ck_window *window, ptrdiff_t phase, ptrdiff_t width) {
  const ptrdiff_t stride = window->strides[2], shift = phase - window->pads_begin[2], last = window->input[2] - 1 - shift;
  ptrdiff_t low = shift < 0 ? (-shift + stride - 1) / stride : 0, high = last < 0 ? 0 : last / stride + 1;
  if (high > width) high = width;
  if (low > high) low = high;
  return (ck_range){low, high};
}

/* A padded plane split by the remainders of all three coordinates modulo the strides: parts of `count` elements. */
typedef struct {
  ptrdiff_t extents[3], count, parts;
  /* Places from the first output to behind the last. */
  ptrdiff_t length;
} ck_split;

static inline ck_split ck_split_of(const ck_window *window) {
  const ck_padded padded = ck_padded_of(window);
  const ptrdiff_t whole[3] = {padded.depth, padded.height, padded.row};
  ck_split split = {.count = 1, .parts = 1};
  for (int axis = 0; axis < 3; axis++) {
    split.extents[axis] = (whole[axis] + window->strides[axis] - 1) / window->strides[axis];
    split.count *= split.extents[axis];
    split.parts *= window->strides[axis];
  }
  split.length =
    ((window->output[0] - 1) * split.extents[1] + window->output[1] - 1) * split.extents[2] + window->output[2];
  return split;
}

/* Where the padded coordinates (d, h, w) are in the parts. */
static inline ptrdiff_t ck_split_place(const ck_window *window, const ck_split *split, ptrdiff_t d, ptrdiff_t h, ptrdiff_t w) {
  const ptrdiff_t *s = window->strides;
  const ptrdiff_t part = (d % s[0] * s[1] + h % s[1]) * s[2] + w % s[2];
  return part * split->count + (d / s[0] * split->extents[1] + h / s[1]) * split->extents[2] + w / s[2];
}

/* Blocks of channels. */
static inline ptrdiff_t ck_blocks(ptrdiff_t channels) { return (channels + CK_BLOCK - 1) / CK_BLOCK; }

/* The input that `rows` rows of the output see, padding included; its width is that of all columns. */
static inline ptrdiff_t ck_band_height(const ck_planes *planes, ptrdiff_t rows) {
  return (rows - 1) * planes->stride_height + (planes->kernel_height - 1) * planes->dilation_height + 1;
}
static inline ptrdiff_t ck_band_width(const ck_planes *planes) {
  return (planes->output_width - 1) * planes->stride_width + (planes->kernel_width - 1) * planes->dilation_width + 1;
}

/* Whether a window sees anything outside of the input. */
static inline bool ck_needs_padding(const ck_planes *planes) {
  return planes->pad_top > 0 || planes->pad_left > 0 || ck_band_height(planes, planes->output_height) > planes->height ||
         ck_band_width(planes) > planes->width;
}

static inline ptrdiff_t ck_even(ptrdiff_t count) { return (count + 1) / 2 * 2; }
#endif
