/* Reductions, softmax, normalization, scaling of channels. */
#include "support.h"

static double step(ck_reduction_function function, double m, double v) {
  switch (function) {
    case ck_reduction_sum: case ck_reduction_mean: return m + v;
    case ck_reduction_max: return m != m || v != v ? NAN : fmax(m, v);
    case ck_reduction_min: return m != m || v != v ? NAN : fmin(m, v);
    case ck_reduction_product: return m * v;
    case ck_reduction_l1: return m + fabs(v);
    case ck_reduction_l2: case ck_reduction_sum_of_squares: return m + v * v;
  }
  return NAN;
}

static double first_value(ck_reduction_function function) {
  return function == ck_reduction_max ? -INFINITY : function == ck_reduction_min ? INFINITY : function == ck_reduction_product;
}

/* Extents reduced x inner with outer 2: rows of every length, columns of every width. */
#define FOR_EXTENTS                                                              \
  for (ptrdiff_t inner_kind = 0; inner_kind < 6; inner_kind++)                   \
    FOR(reduced, LENGTHS)                                                        \
      for (ptrdiff_t inner = PICK(inner_kind, 1, 2, 17, 127, 256, 259); inner && (inner == 1 || reduced < 20); inner = 0)

void test_reduce(ck_isa isa, ck_type type) {
  for (int f = ck_reduction_sum; f <= ck_reduction_sum_of_squares; f++)
    FOR_EXTENTS {
      const ck_reduction_function function = (ck_reduction_function)f;
      describe("function %d reduced %td inner %td", f, reduced, inner);
      values x = numbers(type, 2 * reduced * inner), y = unwritten(type, 2 * inner), z = unwritten(type, 2 * inner);
      /* In the second half of the rows. */
      if (reduced > 2 && reduced % 2) set(x, (reduced + reduced / 2) * inner, NAN);
      const ptrdiff_t cut = draw(inner + 1);
      ck_reduce(isa, type, function, at(x, 0), at(y, 0), 0, 2, reduced, inner, 0, inner);
      for (ptrdiff_t row = 0; row < 2; row++) {
        ck_reduce(isa, type, function, at(x, 0), at(z, 0), row, row + 1, reduced, inner, cut, inner);
        ck_reduce(isa, type, function, at(x, 0), at(z, 0), row, row + 1, reduced, inner, 0, cut);
      }
      for (ptrdiff_t o = 0; o < 2; o++)
        for (ptrdiff_t j = 0; j < inner; j++) {
          double m = first_value(function), magnitude = 0;
          for (ptrdiff_t i = 0; i < reduced; i++) {
            const double v = get(x, (o * reduced + i) * inner + j);
            m = step(function, m, v);
            magnitude += fabs(v) + (f == ck_reduction_l2 || f == ck_reduction_sum_of_squares ? v * v : 0);
          }
          if (f == ck_reduction_mean) m /= (double)reduced, magnitude /= (double)reduced;
          if (f == ck_reduction_l2) m = sqrt(m);
          if (f == ck_reduction_product) magnitude = fabs(m) * (double)(reduced + 1);
          if (f == ck_reduction_max || f == ck_reduction_min) magnitude = 0;
          expect(y, o * inner + j, m, magnitude);
        }
      expect_same(y, z);
      end_case();
    }
}

void test_softmax(ck_isa isa, ck_type type) {
  for (int logarithm = 0; logarithm < 2; logarithm++)
    FOR_EXTENTS {
      describe("logarithm %d count %td inner %td", logarithm, reduced, inner);
      values x = numbers(type, 2 * reduced * inner), y = unwritten(type, x.count), z = unwritten(type, x.count);
      for (ptrdiff_t i = 0; i < x.count; i += 5) set(x, i, 20 * get(x, i));
      const ptrdiff_t cut = draw(inner + 1);
      ck_softmax(isa, type, logarithm, at(x, 0), at(y, 0), 0, 2, reduced, inner, 0, inner);
      for (ptrdiff_t row = 0; row < 2; row++) {
        ck_softmax(isa, type, logarithm, at(x, 0), at(z, 0), row, row + 1, reduced, inner, cut, inner);
        ck_softmax(isa, type, logarithm, at(x, 0), at(z, 0), row, row + 1, reduced, inner, 0, cut);
      }
      for (ptrdiff_t o = 0; o < 2; o++)
        for (ptrdiff_t j = 0; j < inner; j++) {
          double largest = -INFINITY, sum = 0;
          for (ptrdiff_t i = 0; i < reduced; i++) largest = fmax(largest, get(x, (o * reduced + i) * inner + j));
          for (ptrdiff_t i = 0; i < reduced; i++) sum += exp(get(x, (o * reduced + i) * inner + j) - largest);
          for (ptrdiff_t i = 0; i < reduced; i++) {
            const ptrdiff_t place = (o * reduced + i) * inner + j;
            const double v = get(x, place) - largest, expected = logarithm ? v - log(sum) : exp(v) / sum;
            /* Rounding v before exp changes the result by as many parts as v has. */
            const double terms = 2 + (double)reduced / 16;
            expect(y, place, expected, logarithm ? fabs(v) + log(sum) + terms : expected * (fabs(v) + terms));
          }
        }
      expect_same(y, z);
      end_case();
    }
}

/* The mean of a row, and one over the root of its variance. */
static void moments(values x, ptrdiff_t row, ptrdiff_t count, double *mean, double *factor) {
  double sum = 0, square = 0;
  for (ptrdiff_t i = 0; i < count; i++) sum += get(x, row * count + i);
  *mean = sum / (double)count;
  for (ptrdiff_t i = 0; i < count; i++) square += (get(x, row * count + i) - *mean) * (get(x, row * count + i) - *mean);
  *factor = 1 / sqrt(square / (double)count + 1e-3);
}

void test_layer_normalization(ck_isa isa, ck_type type) {
  for (int kind = 0; kind < 4; kind++)
    FOR(count, LENGTHS) {
      describe("kind %d count %td", kind, count);
      values x = numbers(type, 3 * count), gamma = numbers(type, count), beta = numbers(type, count), y = unwritten(type, 3 * count);
      const bool scaled = kind & 1, moved = kind & 2;
      ck_layer_normalization(isa, type, at(x, 0), scaled ? at(gamma, 0) : NULL, moved ? at(beta, 0) : NULL, 1e-3, at(y, 0), 3, count);
      for (ptrdiff_t row = 0; row < 3; row++) {
        double mean, factor;
        moments(x, row, count, &mean, &factor);
        for (ptrdiff_t i = 0; i < count; i++) {
          const double v = (get(x, row * count + i) - mean) * factor;
          expect(y, row * count + i, v * (scaled ? get(gamma, i) : 1) + (moved ? get(beta, i) : 0), 8 + 8 * factor);
        }
      }
      end_case();
    }
}

void test_layer_normalization_gradient(ck_isa isa, ck_type type) {
  for (int scaled = 0; scaled < 2; scaled++)
    FOR(count, LENGTHS) {
      describe("scaled %d count %td", scaled, count);
      values x = numbers(type, 2 * count), seed = numbers(type, 2 * count), gamma = numbers(type, count), y = unwritten(type, 2 * count);
      ck_layer_normalization_gradient(isa, type, at(seed, 0), at(x, 0), scaled ? at(gamma, 0) : NULL, 1e-3, at(y, 0), 2, count);
      for (ptrdiff_t row = 0; row < 2; row++) {
        double mean, factor, g_mean = 0, gn_mean = 0;
        moments(x, row, count, &mean, &factor);
#define G(i) (get(seed, row * count + (i)) * (scaled ? get(gamma, i) : 1))
#define N(i) ((get(x, row * count + (i)) - mean) * factor)
        for (ptrdiff_t i = 0; i < count; i++) g_mean += G(i) / (double)count, gn_mean += G(i) * N(i) / (double)count;
        for (ptrdiff_t i = 0; i < count; i++)
          expect(y, row * count + i, factor * (G(i) - g_mean - N(i) * gn_mean), factor * 16 * (1 + fabs(N(i))));
      }
      end_case();
    }
}

void test_scale_channels(ck_isa isa, ck_type type) {
  FOR(inner, LENGTHS) {
    describe("inner %td", inner);
    values x = numbers(type, 6 * inner), scale = numbers(type, 3), offset = numbers(type, 3), y = unwritten(type, 6 * inner);
    ck_scale_channels(isa, type, at(x, 0), at(scale, 0), at(offset, 0), at(y, 0), 3, inner, 4, 6);
    ck_scale_channels(isa, type, at(x, 0), at(scale, 0), at(offset, 0), at(y, 0), 3, inner, 0, 4);
    for (ptrdiff_t i = 0; i < y.count; i++) expect(y, i, get(x, i) * get(scale, i / inner % 3) + get(offset, i / inner % 3), 6);
    end_case();
  }
}
