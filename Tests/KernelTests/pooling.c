/* Pooling of planes and its vector-Jacobian products. */
#include "windows.h"

void test_max_pool(ck_isa isa, ck_type type) {
  FOR_WINDOWS(w) {
    const ptrdiff_t input = volume_of(w.input), output = volume_of(w.output);
    describe_window(&w, "window", number);
    values x = numbers(type, 3 * input), y = unwritten(type, 3 * output), z = unwritten(type, 3 * output);
    for (ptrdiff_t i = 0; i < x.count; i++) set(x, i, draw(19) == 0 ? NAN : (double)draw(9));
    int64_t *indices = memory(3 * output * (ptrdiff_t)sizeof *indices);
    ck_max_pool(isa, type, &w, at(x, 0), at(y, 0), indices, 0, 3);
    ck_max_pool(isa, type, &w, at(x, 0), at(z, 0), NULL, 1, 3);
    ck_max_pool(isa, type, &w, at(x, 0), at(z, 0), NULL, 0, 1);
    for (ptrdiff_t i = 0; i < 3 * output; i++) {
      double most = -INFINITY;
      ptrdiff_t index = -1;
      FOR_TAPS(&w, i % output, place) {
        if (place < 0) continue;
        const double v = get(x, i / output * input + place);
        if (index < 0 || v > most || (v != v && most == most)) most = v, index = i / output * input + place;
      }
      expect(y, i, most, 0);
      expect_true(indices[i] == index, "wrong index");
    }
    expect_same(y, z);
    end_case();
  }
}

void test_max_pool_gradient(ck_isa isa, ck_type type) {
  FOR_WINDOWS(w) {
    const ptrdiff_t input = volume_of(w.input), output = volume_of(w.output);
    describe_window(&w, "window", number);
    values x = numbers(type, 2 * input), seed = numbers(type, 2 * output), y = unwritten(type, 2 * input);
    double *sums = calloc((size_t)(2 * input), sizeof *sums);
    ck_max_pool_gradient(isa, type, &w, at(seed, 0), at(x, 0), at(y, 0), 1, 2);
    ck_max_pool_gradient(isa, type, &w, at(seed, 0), at(x, 0), at(y, 0), 0, 1);
    for (ptrdiff_t i = 0; i < 2 * output; i++) {
      ptrdiff_t index = -1;
      FOR_TAPS(&w, i % output, place)
        if (place >= 0 && (index < 0 || get(x, i / output * input + place) > get(x, index))) index = i / output * input + place;
      if (index >= 0) sums[index] += get(seed, i);
    }
    for (ptrdiff_t i = 0; i < 2 * input; i++) expect(y, i, sums[i], 16);
    free(sums);
    end_case();
  }
}

/* Taps of an output that count: inside of the input, or inside of its padding too. */
static double taps_of(const ck_window *w, ptrdiff_t output, bool padding) {
  double count = 0;
  FOR_TAPS(w, output, place) count += place >= (padding ? -1 : 0);
  return count;
}

void test_average_pool(ck_isa isa, ck_type type) {
  for (int padding = 0; padding < 2; padding++)
    FOR_WINDOWS(w) {
      const ptrdiff_t input = volume_of(w.input), output = volume_of(w.output);
      describe_window(&w, padding ? "padding" : "inside", number);
      values x = numbers(type, 2 * input), y = unwritten(type, 2 * output);
      ck_average_pool(isa, type, &w, padding, at(x, 0), at(y, 0), 1, 2);
      ck_average_pool(isa, type, &w, padding, at(x, 0), at(y, 0), 0, 1);
      for (ptrdiff_t i = 0; i < 2 * output; i++) {
        double sum = 0;
        FOR_TAPS(&w, i % output, place) if (place >= 0) sum += get(x, i / output * input + place);
        const double count = taps_of(&w, i % output, padding);
        expect(y, i, count > 0 ? sum / count : 0, 2);
      }
      end_case();
    }
}

void test_average_pool_gradient(ck_isa isa, ck_type type) {
  for (int padding = 0; padding < 2; padding++)
    FOR_WINDOWS(w) {
      const ptrdiff_t input = volume_of(w.input), output = volume_of(w.output);
      describe_window(&w, padding ? "padding" : "inside", number);
      values seed = numbers(type, 2 * output), y = unwritten(type, 2 * input);
      double *sums = calloc((size_t)(2 * input), sizeof *sums);
      ck_average_pool_gradient(isa, type, &w, padding, at(seed, 0), at(y, 0), 1, 2);
      ck_average_pool_gradient(isa, type, &w, padding, at(seed, 0), at(y, 0), 0, 1);
      for (ptrdiff_t i = 0; i < 2 * output; i++) {
        const double count = taps_of(&w, i % output, padding);
        FOR_TAPS(&w, i % output, place) if (place >= 0) sums[i / output * input + place] += get(seed, i) / count;
      }
      for (ptrdiff_t i = 0; i < 2 * input; i++) expect(y, i, sums[i], 8);
      free(sums);
      end_case();
    }
}
