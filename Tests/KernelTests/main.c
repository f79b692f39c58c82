/* Tests every kernel on every instruction set of the machine: each against plain loops in double precision and against the scalar twin, at
   the edges of its tiles. A kernel of the tables without a test does not link. */
#include "support.h"
#include <stdio.h>

typedef struct { const char *name; kernel_test *test; } entry;

#define DECLARE(name, parameters, arguments) kernel_test test_##name;
CK_KERNELS(DECLARE)
CK_BLOCKED_KERNELS(DECLARE)
kernel_test test_convert, test_copy_strided, test_fill, test_select, test_pack_channels;

#define ENTRY(name, parameters, arguments) {#name, test_##name},
static const entry kernels[] = {CK_KERNELS(ENTRY){NULL, NULL}};
static const entry blocked_kernels[] = {
  CK_BLOCKED_KERNELS(ENTRY){"pack_channels", test_pack_channels}, {"convert", test_convert}, {"copy_strided", test_copy_strided},
  {"fill", test_fill}, {"select", test_select}, {NULL, NULL}};

/* Runs the tests whose names contain `filter`. */
static int run(const entry *entries, ck_type type, const char *filter) {
  int count = 0;
  for (; entries->name; entries++) {
    if (filter && !strstr(entries->name, filter)) continue;
    for (int isa = ck_scalar; isa <= ck_neon; isa++)
      if (ck_has_isa((ck_isa)isa)) run_test(entries->name, entries->test, (ck_isa)isa, type), count++;
  }
  return count;
}

int main(int count, char **arguments) {
  const char *filter = count > 1 ? arguments[1] : NULL;
  setvbuf(stdout, NULL, _IOLBF, 0);
  const int tests = run(kernels, ck_float32, filter) + run(kernels, ck_float64, filter) + run(blocked_kernels, ck_float32, filter);
  printf("%d tests, %d failures; preferred instruction set %d\n", tests, failure_count(), (int)ck_preferred_isa());
  return failure_count() || !tests ? 1 : 0;
}
