#include "carpus_kernels.h"
#include "geometry.h"
#include <assert.h>
#include <string.h>

/* A complex number of two doubles. */
typedef struct { uint64_t parts[2]; } ck_pair;

/* A copy reduced to its essence: no axis of extent 1, neighbours that continue each other joined. */
typedef struct { ptrdiff_t rank, extents[CK_MAX_RANK], source[CK_MAX_RANK], target[CK_MAX_RANK]; } copy_plan;

static copy_plan joined(const ptrdiff_t *extents, const ptrdiff_t *source, const ptrdiff_t *target, ptrdiff_t rank) {
  copy_plan plan = {.rank = 0};
  for (ptrdiff_t axis = 0; axis < rank; axis++) {
    if (extents[axis] == 1) continue;
    ptrdiff_t last = plan.rank - 1;
    if (last >= 0 && plan.source[last] == source[axis] * extents[axis] && plan.target[last] == target[axis] * extents[axis]) {
      plan.extents[last] *= extents[axis];
      plan.source[last] = source[axis];
      plan.target[last] = target[axis];
    } else {
      plan.extents[plan.rank] = extents[axis];
      plan.source[plan.rank] = source[axis];
      plan.target[plan.rank] = target[axis];
      plan.rank++;
    }
  }
  return plan;
}

#define MOVE(type)                                                                                                            \
  static void copy_row_##type(const type *source, ptrdiff_t from, type *target, ptrdiff_t to, ptrdiff_t count) {              \
    if (from == 1 && to == 1) {                                                                                               \
      memcpy(target, source, (size_t)count * sizeof(type));                                                                   \
    } else if (from == 0 && to == 1) {                                                                                        \
      const type value = source[0];                                                                                           \
      for (ptrdiff_t i = 0; i < count; i++) target[i] = value;                                                                \
    } else {                                                                                                                  \
      for (ptrdiff_t i = 0; i < count; i++) target[i * to] = source[i * from];                                                \
    }                                                                                                                         \
  }                                                                                                                           \
  /* target[r * to + c] = source[r + c * from], in blocks that stay in the cache on both sides. */                             \
  static void transpose_##type(                                                                                               \
    const type *restrict source, ptrdiff_t from, type *restrict target, ptrdiff_t to, ptrdiff_t rows, ptrdiff_t columns) {    \
    enum { block = 16 };                                                                                                      \
    for (ptrdiff_t r = 0; r < rows; r += block) {                                                                             \
      const ptrdiff_t height = rows - r < block ? rows - r : block;                                                           \
      for (ptrdiff_t c = 0; c < columns; c += block) {                                                                        \
        const ptrdiff_t width = columns - c < block ? columns - c : block;                                                    \
        if (height == block && width == block) {                                                                              \
          for (ptrdiff_t i = 0; i < block; i++)                                                                               \
            for (ptrdiff_t j = 0; j < block; j++) target[(r + i) * to + c + j] = source[r + i + (c + j) * from];              \
        } else {                                                                                                              \
          for (ptrdiff_t i = 0; i < height; i++)                                                                              \
            for (ptrdiff_t j = 0; j < width; j++) target[(r + i) * to + c + j] = source[r + i + (c + j) * from];              \
        }                                                                                                                     \
      }                                                                                                                       \
    }                                                                                                                         \
  }                                                                                                                           \
  static void copy_##type(const copy_plan *plan, const type *source, type *target) {                                          \
    const ptrdiff_t last = plan->rank - 1;                                                                                    \
    const bool transposes = plan->target[last] == 1 && plan->source[last] != 1 && last > 0 && plan->source[last - 1] == 1;    \
    const ptrdiff_t inner = transposes ? 2 : 1, outer = plan->rank - inner;                                                   \
    ptrdiff_t coordinates[CK_MAX_RANK] = {0};                                                                                 \
    for (;;) {                                                                                                                \
      if (transposes)                                                                                                         \
        transpose_##type(                                                                                                     \
          source, plan->source[last], target, plan->target[last - 1], plan->extents[last - 1], plan->extents[last]);          \
      else                                                                                                                    \
        copy_row_##type(source, plan->source[last], target, plan->target[last], plan->extents[last]);                         \
      ptrdiff_t axis = outer - 1;                                                                                             \
      for (; axis >= 0; axis--) {                                                                                             \
        source += plan->source[axis];                                                                                         \
        target += plan->target[axis];                                                                                         \
        if (++coordinates[axis] < plan->extents[axis]) break;                                                                 \
        source -= plan->source[axis] * plan->extents[axis];                                                                   \
        target -= plan->target[axis] * plan->extents[axis];                                                                   \
        coordinates[axis] = 0;                                                                                                \
      }                                                                                                                       \
      if (axis < 0) return;                                                                                                   \
    }                                                                                                                         \
  }                                                                                                                           \
  static void fill_##type(type *target, type value, ptrdiff_t count) {                                                        \
    for (ptrdiff_t i = 0; i < count; i++) target[i] = value;                                                                  \
  }                                                                                                                           \
  static void select_##type(                                                                                                  \
    const ck_broadcast *broadcast, const uint8_t *condition, const type *a, const type *b, type *restrict y, ptrdiff_t begin, \
    ptrdiff_t end) {                                                                                                          \
    ck_walk walk = ck_walk_from(broadcast, begin);                                                                            \
    while (begin < end) {                                                                                                     \
      const ptrdiff_t run = ck_walk_run(&walk, end - begin);                                                                  \
      const ptrdiff_t s = walk.inner_strides[0], t = walk.inner_strides[1], u = walk.inner_strides[2];                        \
      const uint8_t *c = condition + walk.offsets[0];                                                                         \
      const type *p = a + walk.offsets[1], *q = b + walk.offsets[2];                                                          \
      for (ptrdiff_t i = 0; i < run; i++) y[begin + i] = c[i * s] ? p[i * t] : q[i * u];                                      \
      begin += run;                                                                                                           \
      ck_walk_next_row(&walk, broadcast);                                                                                     \
    }                                                                                                                         \
  }
MOVE(uint8_t)
MOVE(uint16_t)
MOVE(uint32_t)
MOVE(uint64_t)
MOVE(ck_pair)
#undef MOVE

#define FOR_SIZE(size, CASE)                        \
  switch (size) {                                   \
    case 1: CASE(uint8_t) break;                    \
    case 2: CASE(uint16_t) break;                   \
    case 4: CASE(uint32_t) break;                   \
    case 8: CASE(uint64_t) break;                   \
    case 16: CASE(ck_pair) break;                   \
    default: assert(!"elements of 1, 2, 4, 8 or 16 bytes"); \
  }

void ck_copy_strided(
  const void *source, const ptrdiff_t *source_strides, void *target, const ptrdiff_t *target_strides, const ptrdiff_t *extents,
  ptrdiff_t rank, ptrdiff_t element_size) {
  assert(rank >= 0 && rank <= CK_MAX_RANK);
  for (ptrdiff_t axis = 0; axis < rank; axis++)
    if (extents[axis] <= 0) return;
  copy_plan plan = joined(extents, source_strides, target_strides, rank);
  if (plan.rank == 0) {
    memcpy(target, source, (size_t)element_size);
    return;
  }
#define CASE(type) copy_##type(&plan, source, target);
  FOR_SIZE(element_size, CASE)
#undef CASE
}

void ck_fill(void *target, const void *value, ptrdiff_t count, ptrdiff_t element_size) {
  assert(count >= 0);
#define CASE(type)                       \
  {                                      \
    type element;                        \
    memcpy(&element, value, sizeof element); \
    fill_##type(target, element, count); \
  }
  FOR_SIZE(element_size, CASE)
#undef CASE
}

void ck_select(
  const ck_broadcast *broadcast, const uint8_t *condition, const void *a, const void *b, void *y, ptrdiff_t begin, ptrdiff_t end,
  ptrdiff_t element_size) {
  assert(0 <= begin && begin <= end);
#define CASE(type) select_##type(broadcast, condition, a, b, y, begin, end);
  FOR_SIZE(element_size, CASE)
#undef CASE
}
