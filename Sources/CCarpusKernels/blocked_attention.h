/* Attention of one head: some rows at a time, so that their scores stay in the first cache between the two products, which are those of the
   tile: the rows of q, and then the scores, stand for pixels, the keys and then the columns of v for output channels. */

typedef int32_t CB(integers) __attribute__((ext_vector_type(CK_BLOCK)));

/* exp of numbers that are not positive, as in body_mathematics.h; 0 below the normal numbers. */
CK_INLINE CB(vector) CB(exponential)(CB(vector) x) {
  const CB(vector) shift = (CB(vector))12582912.0f, least = (CB(vector))-87.3f;
  const CB(vector) bounded = x < least ? least : x, shifted = bounded * 1.44269504f + shift, n = shifted - shift;
  CB(vector) r = bounded - n * 0.693359375f;
  r = r + n * 2.12194440e-4f;
  CB(vector) p = (CB(vector))0.0013814602280035615f;
  p = p * r + 0.008368715643882751f;
  p = p * r + 0.04166838899254799f;
  p = p * r + 0.1666652113199234f;
  p = p * r + 0.4999999403953552f;
  p = p * (r * r) + r + 1.0f;
  const CB(integers) power = (CB(integers))shifted - (CB(integers))shift + 127;
  return x < least ? (CB(vector))0.0f : p * (CB(vector))(power << 23);
}

typedef float CB(half) __attribute__((ext_vector_type(CK_BLOCK / 2)));

CK_INLINE float CB(sum_of)(CB(vector) v) {
  const CB(half) eight = v.lo + v.hi;
  const float a = eight[0] + eight[4], b = eight[1] + eight[5], c = eight[2] + eight[6], d = eight[3] + eight[7];
  return (a + c) + (b + d);
}

CK_INLINE float CB(largest_of)(CB(vector) v) {
  const CB(half) eight = v.lo > v.hi ? v.lo : v.hi;
  float largest = eight[0];
#pragma clang loop unroll(full)
  for (int i = 1; i < CK_BLOCK / 2; i++) largest = eight[i] > largest ? eight[i] : largest;
  return largest;
}

/* Elements of which only the first `count` are read, the others being 0. */
CK_INLINE CB(vector) CB(load_some)(const float *source, ptrdiff_t count) {
  if (count >= CK_BLOCK) return CB(load)(source);
  float values[CK_BLOCK];
  for (ptrdiff_t i = 0; i < CK_BLOCK; i++) values[i] = i < count ? source[i] : 0;
  return CB(load)(values);
}

/* k^T as the tile reads weights: [group][depth][keys of the group]. */
static void CB(pack_keys)(const ck_attention *attention, const float *k, float *target) {
  const ptrdiff_t depth = attention->depth, row = attention->key_row, column = attention->key_column;
  for (ptrdiff_t start = 0; start < attention->keys; start += CB_BLOCKS * CK_BLOCK) {
    const ptrdiff_t left = attention->keys - start, width = (left > CK_BLOCK ? CB_BLOCKS : 1) * CK_BLOCK;
    for (ptrdiff_t lane = 0; lane < width; lane += CK_BLOCK) {
      const ptrdiff_t count = left - lane < CK_BLOCK ? left - lane : CK_BLOCK;
      const float *source = k + (start + lane) * row;
      float *place = target + start * depth + lane;
      for (ptrdiff_t d = 0; d < depth; d += CK_BLOCK) {
        CB(vector) rows[CK_BLOCK];
        if (column == 1) {
          for (int i = 0; i < CK_BLOCK; i++) rows[i] = i < count ? CB(load)(source + i * row + d) : (CB(vector))0.0f;
          CB(transpose)(rows);
        } else {
          for (int i = 0; i < CK_BLOCK; i++) rows[i] = CB(load_some)(source + (d + i) * column, count);
        }
        for (int i = 0; i < CK_BLOCK; i++) CB(store)(place + (d + i) * width, rows[i]);
      }
    }
  }
}

/* v likewise: [group][keys][columns of the group]. */
static void CB(pack_values)(const ck_attention *attention, const float *v, float *target) {
  for (ptrdiff_t start = 0; start < attention->width; start += CB_BLOCKS * CK_BLOCK) {
    const ptrdiff_t width = (attention->width - start > CK_BLOCK ? CB_BLOCKS : 1) * CK_BLOCK;
    for (ptrdiff_t key = 0; key < attention->keys; key++)
      for (ptrdiff_t lane = 0; lane < width; lane += CK_BLOCK, target += CK_BLOCK)
        CB(store)(target, CB(load)(v + key * attention->value_row + start + lane));
  }
}

/* The addends of some rows: of a row that another follows, whole vectors may be read. */
typedef struct {
  const float *start;
  ptrdiff_t row;
  /* Rows that another follows. */
  ptrdiff_t followed;
} CB(addend);

CK_INLINE CB(vector) CB(addend_of)(const CB(addend) *addend, ptrdiff_t m, ptrdiff_t key, ptrdiff_t count) {
  const float *source = addend->start + m * addend->row + key;
  return m < addend->followed ? CB(load)(source) : CB(load_some)(source, count);
}

/* Scores of some rows, [keys / 16][rows][16], to exp(score - largest); the factors are 1 / their sums. */
static void CB(weigh)(float *scores, ptrdiff_t rows, ptrdiff_t keys, const CB(addend) *addend, const CB(addend) *other, float *factors) {
  const CB(integers) lanes = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  const ptrdiff_t step = rows * CK_BLOCK, blocks = ck_blocks(keys);
  float largest[CB_ROWS];
  for (ptrdiff_t m = 0; m < rows; m++) {
    float *row = scores + m * CK_BLOCK;
    CB(vector) most = (CB(vector))-INFINITY;
    for (ptrdiff_t b = 0; b < blocks; b++) {
      const ptrdiff_t count = keys - b * CK_BLOCK;
      CB(vector) v = CB(load)(row + b * step);
      if (addend->start) v += CB(addend_of)(addend, m, b * CK_BLOCK, count);
      if (other->start) v += CB(addend_of)(other, m, b * CK_BLOCK, count);
      if (count < CK_BLOCK) v = lanes < (CB(integers))(int32_t)count ? v : (CB(vector))-INFINITY;
      CB(store)(row + b * step, v);
      most = v > most ? v : most;
    }
    largest[m] = CB(largest_of)(most);
  }
  for (ptrdiff_t m = 0; m < rows; m++) {
    float *row = scores + m * CK_BLOCK;
    CB(vector) sum = (CB(vector))0.0f;
    for (ptrdiff_t b = 0; b < blocks; b++) {
      const CB(vector) e = CB(exponential)(CB(load)(row + b * step) - largest[m]);
      CB(store)(row + b * step, e);
      sum += e;
    }
    factors[m] = 1 / CB(sum_of)(sum);
  }
}

static void CB(attend)(
  const ck_attention *attention, const float *q, const float *k, const float *v, const float *addend, const float *other, float *y,
  ptrdiff_t first, ptrdiff_t last, float *spare, ptrdiff_t *offsets) {
  const ptrdiff_t keys = attention->keys, depth = attention->depth, width = attention->width, stride = attention->result_row;
  const ptrdiff_t group = CB_BLOCKS * CK_BLOCK;
  float *packed_keys = spare, *packed_values = packed_keys + ck_blocks(keys) * CK_BLOCK * depth;
  float *queries = packed_values + keys * width, *scores = queries + CB_ROWS * depth;
  CB(pack_keys)(attention, k, packed_keys);
  CB(pack_values)(attention, v, packed_values);
  for (ptrdiff_t row = first, count; row < last; row += count) {
    count = CB(even_size)(last - row);
    const ptrdiff_t block = count * CK_BLOCK;
    for (ptrdiff_t b = 0; b < ck_blocks(keys > depth ? keys : depth); b++) offsets[b] = b * block;
    for (ptrdiff_t d = 0; d < depth; d += CK_BLOCK)
      for (ptrdiff_t m = 0; m < count; m++)
        CB(store)(queries + d * count + m * CK_BLOCK, CB(load)(q + (row + m) * attention->query_row + d) * attention->scale);
    const CB(job) first_product = {offsets, depth / CK_BLOCK, 0, 0, CB_PRODUCT_FOLD, CK_BLOCK, block, NULL};
    for (ptrdiff_t key = 0; key < keys; key += group)
      CB(run_blocked)(
        &first_product, queries, packed_keys + key * depth, NULL, NULL, scores + key * count, count, keys - key > CK_BLOCK);
    float factors[CB_ROWS];
    const float *const addends[2] = {addend, other};
    CB(addend) added[2];
    for (int i = 0; i < 2; i++) {
      const ptrdiff_t step = attention->addend_rows[i];
      added[i] = (CB(addend)){addends[i] ? addends[i] + row * step : NULL, step, step < keys || step < CK_BLOCK ? 0 : row + count < last ? count : count - 1};
    }
    CB(weigh)(scores, count, keys, &added[0], &added[1], factors);
    const CB(job) second_product = {offsets, keys / CK_BLOCK, keys % CK_BLOCK ? 1 : 0, keys % CK_BLOCK, CB_PRODUCT_FOLD, stride, CK_BLOCK, NULL};
    for (ptrdiff_t column = 0; column < width; column += group)
      CB(run_blocked)(
        &second_product, scores, packed_values + column * keys, NULL, NULL, y + row * stride + column, count, width - column > CK_BLOCK);
    for (ptrdiff_t m = 0; m < count; m++)
      for (ptrdiff_t column = 0; column < width; column += CK_BLOCK) {
        float *place = y + (row + m) * stride + column;
        CB(store)(place, CB(load)(place) * factors[m]);
      }
  }
}
