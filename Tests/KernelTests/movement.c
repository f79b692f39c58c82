/* Copies with strides, filling, and conversion between element types. */
#include "support.h"

/* Copies between places that are given by strides; every axis and permutation, with axes of extent 1 and axes that repeat. */
void test_copy_strided(ck_isa isa, ck_type type) {
  (void)isa, (void)type;
  FOR(size, 1, 2, 4, 8, 16) FOR(a, 1, 3, 16, 17, 33) FOR(b, 1, 2, 16, 19) FOR(c, 1, 5, 18) for (int kind = 0; kind < 6; kind++) {
    const ptrdiff_t extents[] = {a, b, c}, orders[6][3] = {{b * c, c, 1}, {1, a, a * b}, {c, a * c, 1}, {b, 1, a * b}, {0, c, 1}, {c, 0, 1}};
    const ptrdiff_t target_strides[] = {b * c, c, 1}, *strides = orders[kind], count = a * b * c;
    describe("size %td extents %td %td %td kind %d", size, a, b, c, kind);
    uint8_t *source = memory(count * size), *target = memory(count * size);
    for (ptrdiff_t i = 0; i < count * size; i++) source[i] = (uint8_t)draw(256);
    ck_copy_strided(source, strides, target, target_strides, extents, 3, size);
    bool right = true;
    for (ptrdiff_t i = 0; i < count; i++) {
      const ptrdiff_t from = i / (b * c) * strides[0] + i / c % b * strides[1] + i % c * strides[2];
      right &= memcmp(target + i * size, source + from * size, (size_t)size) == 0;
    }
    expect_true(right, "another element than asked for");
    /* And back: to where the strides point, where they point to different places. */
    if (kind < 4) {
      uint8_t *back = memory(count * size);
      ck_copy_strided(target, target_strides, back, strides, extents, 3, size);
      expect_true(memcmp(back, source, (size_t)(count * size)) == 0, "not back where it came from");
    }
    end_case();
  }
}

void test_fill(ck_isa isa, ck_type type) {
  (void)isa, (void)type;
  FOR(size, 1, 2, 4, 8, 16) FOR(count, LENGTHS) {
    describe("size %td count %td", size, count);
    const uint8_t value[16] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    uint8_t *y = memory(count * size);
    ck_fill(y, value, count, size);
    for (ptrdiff_t i = 0; i < count * size; i++) expect_true(y[i] == value[i % size], "wrong");
    end_case();
  }
}

/* A 16-bit format with so many bits of fraction and such an offset of exponents, taken apart by arithmetic. */
static double from_format(uint16_t bits, int fraction, int bias) {
  const int exponent = (bits & 0x7fff) >> fraction, all = 0x7fff >> fraction, mantissa = bits & ((1 << fraction) - 1);
  const double sign = bits & 0x8000 ? -1 : 1;
  if (exponent == all) return mantissa ? NAN : sign * INFINITY;
  return sign * ldexp(exponent ? mantissa + (1 << fraction) : mantissa, (exponent ? exponent : 1) - bias - fraction);
}

/* The number of the format that is nearest, the even one of two. */
static uint16_t to_format(double x, int fraction, int bias) {
  const uint16_t sign = signbit(x) ? 0x8000 : 0, infinity = (uint16_t)(0x7fff >> fraction << fraction);
  if (x != x) return sign | infinity | 1;
  int exponent;
  frexp(x, &exponent);
  if (x == 0 || exponent < 2 - bias) exponent = 2 - bias;
  const double units = nearbyint(ldexp(fabs(x), fraction + 1 - exponent));
  const double biased = (exponent - 2 + bias) * (double)(1 << fraction) + units;
  return sign | (isinf(x) || biased >= infinity ? infinity : (uint16_t)biased);
}

static const struct { ptrdiff_t size; bool floats; double low, beyond; } kinds[] = {
  {4, true, 0, 0}, {8, true, 0, 0}, {2, true, 0, 0}, {2, true, 0, 0}, {1, false, -0x1p7, 0x1p7}, {2, false, -0x1p15, 0x1p15},
  {4, false, -0x1p31, 0x1p31}, {8, false, -0x1p63, 0x1p63}, {1, false, 0, 0x1p8}, {2, false, 0, 0x1p16}, {4, false, 0, 0x1p32},
  {8, false, 0, 0x1p64}, {1, false, 0, 2}};

typedef struct { double number; uint64_t bits; } element;

/* An element as a number and, for integers, as 64 bits with its sign. */
static element read(ck_element kind, const uint8_t *source) {
  uint64_t bits = 0;
  memcpy(&bits, source, (size_t)kinds[kind].size);
  float single;
  double number;
  switch (kind) {
    case ck_element_float32: memcpy(&single, source, 4); return (element){(double)single, 0};
    case ck_element_float64: memcpy(&number, source, 8); return (element){number, 0};
    case ck_element_float16: return (element){from_format((uint16_t)bits, 10, 15), 0};
    case ck_element_bfloat16: return (element){from_format((uint16_t)bits, 7, 127), 0};
    case ck_element_boolean: return (element){bits != 0, bits != 0};
    default: break;
  }
  const ptrdiff_t width = 8 * kinds[kind].size;
  if (kinds[kind].low < 0 && width < 64 && bits >> (width - 1)) bits |= ~(uint64_t)0 << width;
  return (element){kinds[kind].low < 0 ? (double)(int64_t)bits : (double)bits, bits};
}

/* Whether `y` is what `x` becomes. */
static bool converted(ck_element from, element x, ck_element to, const uint8_t *y) {
  const element result = read(to, y);
  uint64_t bits = 0;
  memcpy(&bits, y, (size_t)kinds[to].size);
  switch (to) {
    case ck_element_float32: {
      const float expected = kinds[from].floats ? (float)x.number : kinds[from].low < 0 ? (float)(int64_t)x.bits : (float)x.bits;
      return result.number == (double)expected || (expected != expected && result.number != result.number);
    }
    case ck_element_float64: return result.number == x.number || (x.number != x.number && result.number != result.number);
    case ck_element_float16:
      return x.number != x.number ? result.number != result.number : bits == to_format(x.number, 10, 15);
    case ck_element_bfloat16:
      return x.number != x.number ? result.number != result.number : bits == to_format(x.number, 7, 127);
    case ck_element_boolean: return bits == (x.number != 0);
    default: break;
  }
  const uint64_t mask = ~(uint64_t)0 >> (64 - 8 * kinds[to].size);
  if (!kinds[from].floats) return bits == (x.bits & mask);
  if (x.number != x.number) return bits == 0;
  if (x.number >= kinds[to].beyond) return bits == (kinds[to].low < 0 ? mask >> 1 : mask);
  if (x.number < kinds[to].low) return bits == (kinds[to].low < 0 ? (mask >> 1) + 1 : 0);
  return bits == ((kinds[to].low < 0 ? (uint64_t)(int64_t)x.number : (uint64_t)x.number) & mask);
}

void test_convert(ck_isa isa, ck_type type) {
  (void)type;
  static const double edges[] = {0, -0.0, 0.5, 1.5, -1.5, 127, 128, 255.5, 256, -128, -129, 32768, 65504, 65519.99, 65520, 65536, 0x1p31, -0x1p31,
                                 0x1p32, 0x1p63, -0x1p63, 0x1p64, 1e300, -1e300, 0x1p-24, 0x1p-25, 0x1.8p-25, 0x1p-14, 1 + 0x1p-11, 1 + 0x1p-11 + 0x1p-40,
                                 1 + 0x1p-8, 1 + 0x1p-8 + 0x1p-50, 3.3895e38, 0x1p-133, 0x1p-149, NAN, INFINITY, -INFINITY};
  const ptrdiff_t edge_count = sizeof edges / sizeof *edges;
  for (int from = 0; from <= ck_element_boolean; from++)
    for (int to = 0; to <= ck_element_boolean; to++)
      FOR(count, LENGTHS) {
        describe("%d to %d count %td", from, to, count);
        uint8_t *x = memory(count * kinds[from].size), *y = memory(count * kinds[to].size);
        for (ptrdiff_t i = 0; i < count; i++) {
          uint8_t *place = x + i * kinds[from].size;
          const double edge = edges[(i / 2 + count) % edge_count];
          const float single = (float)edge;
          if (i % 2 && from == ck_element_float64)
            memcpy(place, &edge, 8);
          else if (i % 2 && from == ck_element_float32)
            memcpy(place, &single, 4);
          else
            for (ptrdiff_t b = 0; b < kinds[from].size; b++) place[b] = (uint8_t)draw(from == ck_element_boolean ? 2 : 256);
        }
        ck_convert(isa, (ck_element)from, x, (ck_element)to, y, count);
        for (ptrdiff_t i = 0; i < count; i++)
          expect_true(
            converted((ck_element)from, read((ck_element)from, x + i * kinds[from].size), (ck_element)to, y + i * kinds[to].size), "wrong");
        end_case();
      }
}
