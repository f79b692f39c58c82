/* What the tests of the kernels share: numbers in memory with guards, and comparison with plain loops in double precision and with what the
   scalar twin gave. */
#ifndef KERNEL_TESTS_SUPPORT_H
#define KERNEL_TESTS_SUPPORT_H
#include "carpus_blocked.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* For every element of a list, and one element of a list whose place is counted modulo its length. */
#define COUNT(...) ((ptrdiff_t)(sizeof((ptrdiff_t[]){__VA_ARGS__}) / sizeof(ptrdiff_t)))
#define FOR(x, ...)                                                                          \
  for (ptrdiff_t x##_list[] = {__VA_ARGS__}, x##_place = 0, x;                               \
       x##_place < COUNT(__VA_ARGS__) && (x = x##_list[x##_place], true); x##_place++)
#define PICK(place, ...) ((ptrdiff_t[]){__VA_ARGS__}[(place) % COUNT(__VA_ARGS__)])

/* Lengths around those of vectors, of some of them, and of pieces of work. */
#define LENGTHS 0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 255, 256, 257

/* Numbers of one type. NaN stands before and behind them, so that a kernel cannot use what it reads there. */
typedef struct {
  ck_type type;
  ptrdiff_t count;
  char *data;
} values;

/* NaN alone: a result before it is written, or numbers that nobody may use. */
values unwritten(ck_type type, ptrdiff_t count);
/* Random numbers in -2..<2. */
values numbers(ck_type type, ptrdiff_t count);
/* Zeros. */
values zeros(ck_type type, ptrdiff_t count);
/* The same numbers elsewhere. */
values copy(values x);
/* Bytes, and elements of the blocked layout's index tables. */
void *memory(ptrdiff_t bytes);
double get(values x, ptrdiff_t place);
void set(values x, ptrdiff_t place, double number);
/* Where an element is; NULL if there are no elements. */
void *at(values x, ptrdiff_t place);
double epsilon(ck_type type);
/* A random number in 0..<limit. */
ptrdiff_t draw(ptrdiff_t limit);

/* What failures name until the next call. */
void describe(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* An element must be the number, rounded, but for a few roundings of numbers as large as `magnitude`, and so must be the scalar twin's. */
void expect(values y, ptrdiff_t place, double expected, double magnitude);
/* The numbers must be the same bits (or both NaN). */
void expect_same(values y, values z);
void expect_true(bool holds, const char *what);
/* The guards must be as they were; memory is given back. */
void end_case(void);

/* Runs a test for the scalar twin, then for the instruction set. */
typedef void kernel_test(ck_isa isa, ck_type type);
void run_test(const char *name, kernel_test *test, ck_isa isa, ck_type type);
int failure_count(void);

/* y = f(bounded(sum)) for what a sum may become, and four such finishes. */
double finished(const ck_finish *finish, double sum);
ck_finish finish_number(ptrdiff_t place);
/* The functions of one variable by the C library in double precision. */
double unary_reference(ck_unary_function function, double v, double p, double q);

#endif
