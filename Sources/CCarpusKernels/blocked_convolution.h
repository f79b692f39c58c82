/* Convolutions in the blocked layout, and from the planar one to it. */

/* y[i] = f(values[i]) or, in a backward pass, the slope of f times values[i], and the addend. */
static void CB(activate)(const ck_finish *finish, const float *values, float *y, ptrdiff_t count) {
  if (!finish->slopes) {
    CK_JOIN(CK_JOIN(unary_apart, float32), CK_ISA)(finish->activation, values, y, count, (float)finish->p, (float)finish->q);
    return;
  }
  const float *at = (const float *)((const char *)y + finish->at), *addend = (const float *)((const char *)y + finish->addend);
  CK_JOIN(CK_JOIN(unary_gradient, float32), CK_ISA)(finish->slope, values, at, y, count, finish->p, finish->q);
  if (finish->addend)
    for (ptrdiff_t i = 0; i < count; i++) y[i] += addend[i];
}

/* The same in a backward pass for at most 14 pixels that lie `step` floats apart in y. */
static void CB(activate_pixels)(const ck_finish *finish, const float *values, float *y, ptrdiff_t count, ptrdiff_t step) {
  if (step == CK_BLOCK) {
    CB(activate)(finish, values, y, count * CK_BLOCK);
    return;
  }
  const size_t pixel = CK_BLOCK * sizeof(float);
  float at[14 * CK_BLOCK], results[14 * CK_BLOCK];
  assert(finish->slopes && count <= 14);
  for (ptrdiff_t i = 0; i < count; i++) memcpy(at + i * CK_BLOCK, (const char *)(y + i * step) + finish->at, pixel);
  CK_JOIN(CK_JOIN(unary_gradient, float32), CK_ISA)(finish->slope, values, at, results, count * CK_BLOCK, finish->p, finish->q);
  for (ptrdiff_t i = 0; i < count; i++) {
    float *target = y + i * step;
    const float *addend = (const float *)((const char *)target + finish->addend);
    if (finish->addend)
      for (ptrdiff_t c = 0; c < CK_BLOCK; c++) target[c] = results[i * CK_BLOCK + c] + addend[c];
    else
      memcpy(target, results + i * CK_BLOCK, pixel);
  }
}

#include "blocked_tile.h"

/* Where the input of some rows of the output lies, padded where need be. */
typedef struct {
  const float *start;
  /* Floats from one block (channel, if planar) to the next, and from row to row. */
  ptrdiff_t plane, row;
} CB(band);

/* Copies what the output rows first..<last see of the planes first_plane..<last_plane, with zeros for padding. */
static CB(band) CB(padded_band)(
  const ck_planes *planes, const ptrdiff_t pixel, const float *x, ptrdiff_t plane_count, ptrdiff_t first, ptrdiff_t last, float *spare) {
  const ptrdiff_t top = first * planes->stride_height - planes->pad_top;
  if (!ck_needs_padding(planes)) {
    const ptrdiff_t plane = planes->height * planes->width * pixel, row = planes->width * pixel;
    return (CB(band)){x + top * row, plane, row};
  }
  const ptrdiff_t height = ck_band_height(planes, last - first), width = ck_band_width(planes), row = width * pixel;
  const ptrdiff_t left = planes->pad_left, inside = planes->width < width - left ? planes->width : width - left;
  for (ptrdiff_t index = 0; index < plane_count; index++)
    for (ptrdiff_t h = 0; h < height; h++) {
      float *target = spare + (index * height + h) * row;
      const ptrdiff_t from = top + h;
      if (from < 0 || from >= planes->height || inside <= 0) {
        memset(target, 0, (size_t)row * sizeof(float));
        continue;
      }
      memset(target, 0, (size_t)(left * pixel) * sizeof(float));
      memcpy(
        target + left * pixel, x + (index * planes->height + from) * planes->width * pixel, (size_t)(inside * pixel) * sizeof(float));
      memset(target + (left + inside) * pixel, 0, (size_t)((width - left - inside) * pixel) * sizeof(float));
    }
  return (CB(band)){spare, height * row, row};
}

/* Products that are added up apart in a sum of so many: near the square root, which makes the rounding errors smallest. */
static inline ptrdiff_t CB(fold)(ptrdiff_t count) { return count <= 1024 ? 32 : 128; }

/* The same for products with matrices, in steps of 16. */
#define CB_PRODUCT_FOLD 8

static CB(job) CB(job_of)(const ck_planes *planes, const ck_finish *finish, ptrdiff_t block, ptrdiff_t taps, const ptrdiff_t *offsets) {
  const ptrdiff_t whole = planes->input_channels / CK_BLOCK, rest = planes->input_channels % CK_BLOCK;
  return (CB(job)){offsets, whole * taps, rest ? taps : 0, rest, CB(fold)(planes->input_channels * taps) / CK_BLOCK, CK_BLOCK,
                   block,   finish};
}

static inline bool CB(has_pair)(const ck_planes *planes, ptrdiff_t group) {
  return planes->output_channels - group * CB_BLOCKS * CK_BLOCK > CK_BLOCK;
}

/* As many pixels at a time as stay in the second cache while the groups change. */
static inline ptrdiff_t CB(chunk_pixels)(const ck_planes *planes) {
  const ptrdiff_t most = ((ptrdiff_t)1 << 17) / planes->input_channels / CB_ROWS * CB_ROWS;
  return most < 4 * CB_ROWS ? 4 * CB_ROWS : most;
}

/* The outputs begin..<end of the pixels, whose inputs begin at `source`, in steps of `job`. */
static void CB(convolve_chunk)(
  const ck_planes *planes, const CB(job) *job, const float *source, const float *weights, const float *bias, const float *residual, float *y,
  ptrdiff_t begin, ptrdiff_t end, ptrdiff_t first_group, ptrdiff_t last_group) {
  for (ptrdiff_t group = first_group; group < last_group; group++) {
    const ptrdiff_t channel = group * CB_BLOCKS * CK_BLOCK, place = group * CB_BLOCKS * job->block + begin * CK_BLOCK;
    CB(run_blocked)(
      job, source, weights + channel * planes->input_channels, bias ? bias + channel : NULL, residual ? residual + place : NULL, y + place,
      end - begin, CB(has_pair)(planes, group));
  }
}

static void CB(convolve_pixels)(
  const ck_planes *planes, const ck_finish *finish, const float *x, const float *weights, const float *bias, const float *residual,
  float *y, ptrdiff_t first, ptrdiff_t last, ptrdiff_t first_group, ptrdiff_t last_group, ptrdiff_t *offsets) {
  const ptrdiff_t block = planes->height * planes->width * CK_BLOCK, blocks = ck_blocks(planes->input_channels);
  for (ptrdiff_t b = 0; b < blocks; b++) offsets[b] = b * block;
  const CB(job) job = CB(job_of)(planes, finish, block, 1, offsets);
  const ptrdiff_t most = CB(chunk_pixels)(planes), chunks = ck_block_count(last - first, most);
  for (ptrdiff_t chunk = 0; chunk < chunks; chunk++) {
    const ptrdiff_t begin = first + ck_block_start(last - first, most, chunk), end = first + ck_block_start(last - first, most, chunk + 1);
    CB(convolve_chunk)(planes, &job, x + begin * CK_BLOCK, weights, bias, residual, y, begin, end, first_group, last_group);
  }
}

/* The inputs of the outputs begin..<end of the pixels one after the other, scaled where there is a scale. */
static void CB(gather_pixels)(
  const ck_planes *planes, const ck_finish *before, const float *scale, const float *offset, const float *x, float *spare, ptrdiff_t begin,
  ptrdiff_t end) {
  const ptrdiff_t block = planes->height * planes->width * CK_BLOCK, size = (end - begin) * CK_BLOCK;
  const ptrdiff_t width = planes->output_width, pixel = planes->stride_width * CK_BLOCK, row = planes->stride_height * planes->width * CK_BLOCK;
  for (ptrdiff_t b = 0; b < ck_blocks(planes->input_channels); b++, spare += size, x += block)
    for (ptrdiff_t at = begin, count; at < end; at += count) {
      count = width - at % width < end - at ? width - at % width : end - at;
      const float *source = x + at / width * row + at % width * pixel;
      float *target = spare + (at - begin) * CK_BLOCK;
      if (scale) {
        const CB(vector) factor = CB(load)(scale + b * CK_BLOCK), shift = CB(load)(offset + b * CK_BLOCK);
        const float low = before->low, high = before->high;
        for (ptrdiff_t i = 0; i < count; i++)
          CB(store)(target + i * CK_BLOCK, CB(bounded)(CB(load)(source + i * pixel) * factor + shift, low, high));
      } else {
        for (ptrdiff_t i = 0; i < count; i++) CB(store)(target + i * CK_BLOCK, CB(load)(source + i * pixel));
      }
    }
}

static void CB(convolve_gathered_pixels)(
  const ck_planes *planes, const ck_finish *before, const float *scale, const float *offset, const ck_finish *finish, const float *x,
  const float *weights, const float *bias, const float *residual, float *y, ptrdiff_t first, ptrdiff_t last, ptrdiff_t first_group,
  ptrdiff_t last_group, float *spare, ptrdiff_t *offsets) {
  const ptrdiff_t blocks = ck_blocks(planes->input_channels), block = planes->output_height * planes->output_width * CK_BLOCK;
  const CB(job) job = CB(job_of)(planes, finish, block, 1, offsets);
  const ptrdiff_t most = CB(chunk_pixels)(planes), chunks = ck_block_count(last - first, most);
  for (ptrdiff_t chunk = 0; chunk < chunks; chunk++) {
    const ptrdiff_t begin = first + ck_block_start(last - first, most, chunk), end = first + ck_block_start(last - first, most, chunk + 1);
    CB(gather_pixels)(planes, before, scale, offset, x, spare, begin, end);
    for (ptrdiff_t b = 0; b < blocks; b++) offsets[b] = b * (end - begin) * CK_BLOCK;
    CB(convolve_chunk)(planes, &job, spare, weights, bias, residual, y, begin, end, first_group, last_group);
  }
}

/* Rows of x are pixels here, one after the other; the result has its rows likewise. Sums over so many inputs that their weights would drive
   the rows out of the second cache are made in parts, of which all but the first begin with what stands in the result. */
static void CB(multiply_rows)(
  const ck_planes *planes, const ck_finish *finish, const float *x, const float *weights, const float *bias, const float *residual,
  float *y, ptrdiff_t first, ptrdiff_t last, ptrdiff_t first_group, ptrdiff_t last_group, float *spare, ptrdiff_t *offsets) {
  const ptrdiff_t count = last - first, inputs = planes->input_channels, outputs = planes->output_channels;
  const ptrdiff_t block = count * CK_BLOCK;
  const ck_finish open = {-INFINITY, INFINITY, false, ck_unary_relu, 0, 0};
  for (ptrdiff_t start = 0; start < inputs; start += CK_PRODUCT_DEPTH) {
    const ptrdiff_t depth = inputs - start < CK_PRODUCT_DEPTH ? inputs - start : CK_PRODUCT_DEPTH;
    const ptrdiff_t blocks = ck_blocks(depth), rest = depth % CK_BLOCK;
    for (ptrdiff_t b = 0; b < blocks; b++) offsets[b] = b * block;
    for (ptrdiff_t r = 0; r < count; r++) {
      const float *source = x + (first + r) * inputs + start;
      float *target = spare + r * CK_BLOCK;
      for (ptrdiff_t b = 0; b < depth / CK_BLOCK; b++) CB(store)(target + b * block, CB(load)(source + b * CK_BLOCK));
      if (rest) memcpy(target + (blocks - 1) * block, source + depth - rest, (size_t)rest * sizeof(float));
    }
    const bool begins = start == 0, ends = start + depth == inputs;
    const CB(job) job = {offsets, depth / CK_BLOCK, rest ? 1 : 0, rest, CB_PRODUCT_FOLD, outputs, CK_BLOCK, ends ? finish : &open};
    for (ptrdiff_t group = first_group; group < last_group; group++) {
      const ptrdiff_t channel = group * CB_BLOCKS * CK_BLOCK, place = first * outputs + channel;
      const float *addend = begins ? residual ? residual + place : NULL : y + place;
      CB(run_blocked)(
        &job, spare, weights + start * outputs + channel * depth, bias && begins ? bias + channel : NULL, addend, y + place, count,
        CB(has_pair)(planes, group));
    }
  }
}

static void CB(convolve_band)(
  const ck_planes *planes, const CB(job) *job, CB(runner) *run, const CB(band) *band, ptrdiff_t depth, const float *weights,
  const float *bias, const float *residual, float *y, ptrdiff_t first, ptrdiff_t last, ptrdiff_t first_group, ptrdiff_t last_group) {
  for (ptrdiff_t group = first_group; group < last_group; group++) {
    const ptrdiff_t channel = group * CB_BLOCKS * CK_BLOCK;
    for (ptrdiff_t oh = first; oh < last; oh++) {
      const ptrdiff_t place = group * CB_BLOCKS * job->block + oh * planes->output_row;
      run(
        job, band->start + (oh - first) * planes->stride_height * band->row, weights + channel * depth, bias ? bias + channel : NULL,
        residual ? residual + place : NULL, y + place, planes->output_width, CB(has_pair)(planes, group));
    }
  }
}

static void CB(convolve_rows)(
  const ck_planes *planes, const ck_finish *finish, const float *x, const float *weights, const float *bias, const float *residual,
  float *y, ptrdiff_t first, ptrdiff_t last, ptrdiff_t first_group, ptrdiff_t last_group, float *spare, ptrdiff_t *offsets) {
  const ptrdiff_t blocks = ck_blocks(planes->input_channels), taps = planes->kernel_height * planes->kernel_width;
  const CB(band) band = CB(padded_band)(planes, CK_BLOCK, x, blocks, first, last, spare);
  ptrdiff_t step = 0;
  for (ptrdiff_t b = 0; b < blocks; b++)
    for (ptrdiff_t kh = 0; kh < planes->kernel_height; kh++)
      for (ptrdiff_t kw = 0; kw < planes->kernel_width; kw++)
        offsets[step++] = b * band.plane + kh * planes->dilation_height * band.row + kw * planes->dilation_width * CK_BLOCK;
  CB(job) job = CB(job_of)(planes, finish, planes->output_block, taps, offsets);
  job.stride = planes->output_pixel;
  CB(convolve_band)(
    planes, &job, planes->stride_width == 2 ? CB(run_blocked_stride2) : CB(run_blocked), &band, planes->input_channels * taps, weights,
    bias, residual, y, first, last, first_group, last_group);
}

static void CB(convolve_planar_rows)(
  const ck_planes *planes, const ck_finish *finish, const float *x, const float *weights, const float *bias, const float *residual,
  float *y, ptrdiff_t first, ptrdiff_t last, ptrdiff_t first_group, ptrdiff_t last_group, float *spare, ptrdiff_t *offsets) {
  const CB(band) band = CB(padded_band)(planes, 1, x, planes->input_channels, first, last, spare);
  ptrdiff_t step = 0;
  for (ptrdiff_t c = 0; c < planes->input_channels; c++)
    for (ptrdiff_t kh = 0; kh < planes->kernel_height; kh++)
      for (ptrdiff_t kw = 0; kw < planes->kernel_width; kw++)
        offsets[step++] = c * band.plane + kh * planes->dilation_height * band.row + kw * planes->dilation_width;
  const CB(job) job = {offsets, step, 0, 0, CB(fold)(step), CK_BLOCK, planes->output_block, finish};
  CB(runner) *run = planes->stride_width == 1 ? CB(run_planar) : planes->stride_width == 2 ? CB(run_planar_stride2) : CB(run_planar_stride4);
  CB(convolve_band)(planes, &job, run, &band, step, weights, bias, residual, y, first, last, first_group, last_group);
}
