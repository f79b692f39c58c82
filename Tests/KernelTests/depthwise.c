/* Convolution of one plane with one kernel, and its vector-Jacobian product. */
#include "windows.h"

void test_depthwise(ck_isa isa, ck_type type) {
  for (int added = 0; added < 2; added++)
    FOR_WINDOWS(w) {
      const ptrdiff_t output = volume_of(w.output), taps = volume_of(w.kernel);
      describe_window(&w, added ? "residual" : "plain", number);
      values x = numbers(type, volume_of(w.input)), weights = numbers(type, taps), residual = numbers(type, output);
      values y = unwritten(type, output);
      ck_depthwise(
        isa, type, &w, at(x, 0), at(weights, 0), 0.75, added ? at(residual, 0) : NULL, at(y, 0), memory(ck_depthwise_spare(isa, type, &w)));
      for (ptrdiff_t i = 0; i < output; i++) {
        double sum = 0.75 + (added ? get(residual, i) : 0), magnitude = 3;
        FOR_TAPS(&w, i, place) if (place >= 0) {
          sum += get(weights, tap) * get(x, place);
          magnitude += fabs(get(weights, tap) * get(x, place));
        }
        expect(y, i, sum, magnitude);
      }
      end_case();
    }
}

void test_depthwise_gradient(ck_isa isa, ck_type type) {
  FOR_WINDOWS(w) {
    const ptrdiff_t input = volume_of(w.input), output = volume_of(w.output), taps = volume_of(w.kernel);
    describe_window(&w, "window", number);
    values seed = numbers(type, output), weights = numbers(type, taps), y = numbers(type, input), before = copy(y);
    double *sums = calloc((size_t)input, sizeof *sums);
    ck_depthwise_gradient(isa, type, &w, at(seed, 0), at(weights, 0), at(y, 0), memory(ck_depthwise_spare(isa, type, &w)));
    for (ptrdiff_t i = 0; i < output; i++)
      FOR_TAPS(&w, i, place) if (place >= 0) sums[place] += get(seed, i) * get(weights, tap);
    for (ptrdiff_t i = 0; i < input; i++) expect(y, i, sums[i] + get(before, i), 4 + 4 * (double)taps);
    free(sums);
    end_case();
  }
}
