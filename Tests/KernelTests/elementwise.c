/* Functions of one and two variables. */
#include "support.h"

static const double specials[] = {NAN, INFINITY, -INFINITY, 0, -0.0, 1e-42, -1e-42, 1e-4, -1e-4, 1e30, -1e30,
                                  0.5, -0.5, 1.5, 2.5, -2.5, 3, -3, 90, -90, 110, -110};
enum { special_count = sizeof specials / sizeof *specials };

/* Numbers in -6..<6 with special ones among them. */
static values varied(ck_type type, ptrdiff_t count) {
  values x = numbers(type, count);
  for (ptrdiff_t i = 0; i < count; i++) set(x, i, i % 3 == 2 ? specials[i / 3 % special_count] : 3 * get(x, i));
  return x;
}

#define CASE(name) {#name, ck_unary_##name},
static const struct { const char *name; ck_unary_function function; } unary_functions[] = {CK_UNARY_FUNCTIONS(CASE)};
#undef CASE

void test_unary(ck_isa isa, ck_type type) {
  for (size_t f = 0; f < sizeof unary_functions / sizeof *unary_functions; f++)
    FOR(count, LENGTHS, 1023, 1024, 1025) {
      const ck_unary_function function = unary_functions[f].function;
      const double p = function == ck_unary_clip ? -1 : 0.25, q = function == ck_unary_clip ? 1.5 : 0.5;
      describe("%s count %td", unary_functions[f].name, count);
      values x = varied(type, count), y = unwritten(type, count), z = copy(x);
      ck_unary(isa, type, function, at(x, 0), at(y, 0), count, p, q);
      ck_unary(isa, type, function, at(z, 0), at(z, 0), count, p, q);
      for (ptrdiff_t i = 0; i < count; i++) {
        const double expected = unary_reference(function, get(x, i), p, q);
        expect(y, i, expected, fmax(fabs(expected), 0.5));
      }
      expect_same(y, z);
      end_case();
    }
}

static double normal(double v) { return 0.5 * erfc(-v / sqrt(2)); }
static double logistic(double v) { return 1 / (1 + exp(-v)); }

static double gradient_reference(ck_gradient_function function, double s, double v, double p, double q) {
  switch (function) {
    case ck_gradient_relu: return v > 0 ? s : 0;
    case ck_gradient_leaky_relu: return v > 0 ? s : s * p;
    case ck_gradient_clip: return v > p && v < q ? s : 0;
    case ck_gradient_hard_sigmoid: return v * p + q > 0 && v * p + q < 1 ? s * p : 0;
    case ck_gradient_hard_swish: return v <= -3 ? 0 : v >= 3 ? s : s * (v / 3 + 0.5);
    case ck_gradient_abs: return v > 0 ? s : v < 0 ? -s : 0;
    case ck_gradient_gelu: return s * (normal(v) + v * exp(-v * v / 2) / sqrt(2 * M_PI));
    case ck_gradient_silu: return s * (logistic(v) * (1 + v * logistic(-v)));
    case ck_gradient_sigmoid_result: return s * v * (1 - v);
    case ck_gradient_tanh_result: return s * (1 - v * v);
  }
  return NAN;
}

#define CASE(name) {#name, ck_gradient_##name},
static const struct { const char *name; ck_gradient_function function; } gradients[] = {CK_UNARY_GRADIENTS(CASE)};
#undef CASE

void test_unary_gradient(ck_isa isa, ck_type type) {
  for (size_t f = 0; f < sizeof gradients / sizeof *gradients; f++)
    FOR(count, LENGTHS) {
      const ck_gradient_function function = gradients[f].function;
      const double p = function == ck_gradient_clip ? -1 : 0.25, q = function == ck_gradient_clip ? 1.5 : 0.5;
      describe("%s count %td", gradients[f].name, count);
      values seed = numbers(type, count), x = varied(type, count), y = unwritten(type, count);
      /* Results of bounded functions, whose squares are finite. */
      if (function == ck_gradient_sigmoid_result || function == ck_gradient_tanh_result) x = numbers(type, count);
      ck_unary_gradient(isa, type, function, at(seed, 0), at(x, 0), at(y, 0), count, p, q);
      for (ptrdiff_t i = 0; i < count; i++) {
        const double expected = gradient_reference(function, get(seed, i), get(x, i), p, q);
        expect(y, i, expected, fmax(fabs(expected), 8));
      }
      end_case();
    }
}

static double binary_reference(ck_binary_function function, double u, double v) {
  switch (function) {
    case ck_binary_add: return u + v;
    case ck_binary_sub: return u - v;
    case ck_binary_mul: return u * v;
    case ck_binary_div: return u / v;
    case ck_binary_pow: return pow(u, v);
    case ck_binary_min: return u != u || v != v ? NAN : fmin(u, v);
    case ck_binary_max: return u != u || v != v ? NAN : fmax(u, v);
  }
  return NAN;
}

static bool comparison_reference(ck_comparison_function function, double u, double v) {
  switch (function) {
    case ck_comparison_equal: return u == v;
    case ck_comparison_less: return u < v;
    case ck_comparison_less_or_equal: return u <= v;
    case ck_comparison_greater: return u > v;
    case ck_comparison_greater_or_equal: return u >= v;
  }
  return false;
}

/* Iteration spaces: operands one after the other, repeated along some axes, transposed. */
static ck_broadcast space(ptrdiff_t kind, ptrdiff_t length) {
  switch (kind) {
    case 0: return (ck_broadcast){1, {length}, {{1}, {1}, {1}}};
    case 1: return (ck_broadcast){1, {length}, {{1}, {0}, {1}}};
    case 2: return (ck_broadcast){1, {length}, {{0}, {1}, {0}}};
    case 3: return (ck_broadcast){2, {3, length}, {{length, 1}, {1, 0}, {0, 1}}};
    case 4: return (ck_broadcast){3, {2, 3, length}, {{0, length, 1}, {3, 1, 0}, {1, 2, 0}}};
    case 5: return (ck_broadcast){2, {3, length}, {{1, 3}, {length, 1}, {1, 3}}};
    default: return (ck_broadcast){0, {0}, {{0}, {0}, {0}}};
  }
}

static ptrdiff_t volume(const ck_broadcast *s) {
  ptrdiff_t count = 1;
  for (ptrdiff_t axis = 0; axis < s->rank; axis++) count *= s->extents[axis];
  return count;
}

/* Where element `i` of the result finds an operand. */
static ptrdiff_t place_of(const ck_broadcast *s, ptrdiff_t operand, ptrdiff_t i) {
  ptrdiff_t place = 0;
  for (ptrdiff_t axis = s->rank - 1; axis >= 0; i /= s->extents[axis], axis--)
    place += i % s->extents[axis] * s->strides[operand][axis];
  return place;
}

#define FOR_SPACES(s, count)                                                                                                     \
  for (ptrdiff_t kind = 0; kind < 7; kind++)                                                                                     \
    FOR(length, 1, 2, 7, 8, 16, 17, 33)                                                                                          \
      for (ck_broadcast s = space(kind, length), *once = &s; once; once = NULL)                                                  \
        for (ptrdiff_t count = volume(&s), again = 1; again; again = 0)

void test_binary(ck_isa isa, ck_type type) {
  for (int f = ck_binary_add; f <= ck_binary_max; f++)
    FOR_SPACES(s, count) {
      describe("function %d space %td length %td", f, kind, length);
      values a = varied(type, 6 * length), b = varied(type, 6 * length), y = unwritten(type, count), z = unwritten(type, count);
      if (f == ck_binary_pow)
        for (ptrdiff_t i = 0; i < b.count; i++) set(b, i, (double)PICK(i, 2, 1, 0, -1, 3) / (double)PICK(i, 1, 1, 1, 1, 1, 2));
      const ptrdiff_t cut = draw(count + 1);
      ck_binary(isa, type, (ck_binary_function)f, &s, at(a, 0), at(b, 0), at(y, 0), 0, count);
      ck_binary(isa, type, (ck_binary_function)f, &s, at(a, 0), at(b, 0), at(z, 0), cut, count);
      ck_binary(isa, type, (ck_binary_function)f, &s, at(a, 0), at(b, 0), at(z, 0), 0, cut);
      for (ptrdiff_t i = 0; i < count; i++) {
        const double expected = binary_reference((ck_binary_function)f, get(a, place_of(&s, 0, i)), get(b, place_of(&s, 1, i)));
        expect(y, i, expected, fabs(expected));
      }
      expect_same(y, z);
      end_case();
    }
}

void test_compare(ck_isa isa, ck_type type) {
  for (int f = ck_comparison_equal; f <= ck_comparison_greater_or_equal; f++)
    FOR_SPACES(s, count) {
      describe("function %d space %td length %td", f, kind, length);
      values a = varied(type, 6 * length), b = varied(type, 6 * length);
      for (ptrdiff_t i = 0; i < a.count; i += 4) set(b, i, get(a, i));
      uint8_t *y = memory(count);
      const ptrdiff_t cut = draw(count + 1);
      ck_compare(isa, type, (ck_comparison_function)f, &s, at(a, 0), at(b, 0), y, cut, count);
      ck_compare(isa, type, (ck_comparison_function)f, &s, at(a, 0), at(b, 0), y, 0, cut);
      for (ptrdiff_t i = 0; i < count; i++)
        expect_true(
          y[i] == comparison_reference((ck_comparison_function)f, get(a, place_of(&s, 0, i)), get(b, place_of(&s, 1, i))), "wrong");
      end_case();
    }
}

void test_select(ck_isa isa, ck_type type) {
  (void)isa, (void)type;
  FOR(size, 1, 2, 4, 8, 16) FOR_SPACES(s, count) {
    describe("size %td space %td length %td", size, kind, length);
    uint8_t *condition = memory(6 * length), *a = memory(6 * length * size), *b = memory(6 * length * size), *y = memory(count * size);
    for (ptrdiff_t i = 0; i < 6 * length; i++) condition[i] = (uint8_t)draw(2);
    for (ptrdiff_t i = 0; i < 6 * length * size; i++) a[i] = (uint8_t)draw(256), b[i] = (uint8_t)draw(256);
    const ptrdiff_t cut = draw(count + 1);
    ck_select(&s, condition, a, b, y, cut, count, size);
    ck_select(&s, condition, a, b, y, 0, cut, size);
    for (ptrdiff_t i = 0; i < count; i++) {
      const uint8_t *source = condition[place_of(&s, 0, i)] ? a + place_of(&s, 1, i) * size : b + place_of(&s, 2, i) * size;
      expect_true(memcmp(y + i * size, source, (size_t)size) == 0, "wrong");
    }
    end_case();
  }
}
