#include "support.h"
#include <stdarg.h>
#include <stdio.h>

enum { guard = 256 };

/* The memory of this case. */
typedef struct block { struct block *next; ptrdiff_t bytes; char *start; } block;
static block *blocks;

/* Results of the scalar twin in the order in which they were checked; or those of another set, which are compared with them. */
static struct { double *results; size_t count, capacity, next; bool records; } twin;

static struct { char name[64], isa[16], detail[256]; int failures, printed; uint64_t state; } now;

static const char *const isa_names[] = {"scalar", "avx2", "avx512", "neon"};

void *memory(ptrdiff_t bytes) {
  block *b = malloc(sizeof *b);
  *b = (block){blocks, bytes, aligned_alloc(64, (size_t)((bytes + 2 * guard + 63) / 64 * 64))};
  memset(b->start, 0xff, (size_t)(bytes + 2 * guard));
  blocks = b;
  return b->start + guard;
}

void end_case(void) {
  while (blocks) {
    block *b = blocks;
    bool whole = true;
    for (ptrdiff_t i = 0; i < guard; i++) whole &= b->start[i] == (char)0xff && b->start[guard + b->bytes + i] == (char)0xff;
    expect_true(whole, "something was written beside the memory");
    blocks = b->next;
    free(b->start);
    free(b);
  }
}

static uint64_t next_random(void) {
  uint64_t z = now.state += 0x9e3779b97f4a7c15;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
  z = (z ^ z >> 27) * 0x94d049bb133111eb;
  return z ^ z >> 31;
}

ptrdiff_t draw(ptrdiff_t limit) { return (ptrdiff_t)(next_random() % (uint64_t)limit); }

static ptrdiff_t size_of(ck_type type) { return type == ck_float32 ? sizeof(float) : sizeof(double); }
double epsilon(ck_type type) { return type == ck_float32 ? 0x1p-23 : 0x1p-52; }

values unwritten(ck_type type, ptrdiff_t count) { return (values){type, count, memory(count * size_of(type))}; }

values numbers(ck_type type, ptrdiff_t count) {
  values x = unwritten(type, count);
  for (ptrdiff_t i = 0; i < count; i++) set(x, i, (double)(next_random() >> 11) * 0x1p-51 - 2);
  return x;
}

values zeros(ck_type type, ptrdiff_t count) {
  values x = unwritten(type, count);
  memset(x.data, 0, (size_t)(count * size_of(type)));
  return x;
}

values copy(values x) {
  values y = unwritten(x.type, x.count);
  memcpy(y.data, x.data, (size_t)(x.count * size_of(x.type)));
  return y;
}

void *at(values x, ptrdiff_t place) { return x.data ? x.data + place * size_of(x.type) : NULL; }

double get(values x, ptrdiff_t place) {
  if (x.type == ck_float32) return (double)((float *)x.data)[place];
  return ((double *)x.data)[place];
}

void set(values x, ptrdiff_t place, double number) {
  if (x.type == ck_float32)
    ((float *)x.data)[place] = (float)number;
  else
    ((double *)x.data)[place] = number;
}

void describe(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(now.detail, sizeof now.detail, format, arguments);
  va_end(arguments);
}

static void fail(const char *format, ...) {
  now.failures++;
  if (now.printed++ >= 4) return;
  va_list arguments;
  va_start(arguments, format);
  printf("%s %s %s: ", now.name, now.isa, now.detail);
  vprintf(format, arguments);
  printf("\n");
  va_end(arguments);
}

static bool close_to(double a, double b, double tolerance) { return a == b || (a != a && b != b) || fabs(a - b) <= tolerance; }

void expect(values y, ptrdiff_t place, double expected, double magnitude) {
  const double result = get(y, place), tolerance = 4 * epsilon(y.type) * magnitude;
  if (y.type == ck_float32) expected = (double)(float)expected;
  if (!close_to(result, expected, tolerance)) fail("element %td is %.17g, not %.17g", place, result, expected);
  if (twin.records) {
    if (twin.count == twin.capacity) twin.results = realloc(twin.results, (twin.capacity = 2 * twin.capacity + 1024) * sizeof(double));
    twin.results[twin.count++] = result;
  } else if (twin.next < twin.count) {
    const double other = twin.results[twin.next++];
    if (!close_to(result, other, tolerance)) fail("element %td is %.17g, the scalar twin's %.17g", place, result, other);
  } else {
    fail("more results than the scalar twin gave");
  }
}

void expect_same(values y, values z) {
  for (ptrdiff_t i = 0; i < y.count; i++) {
    const double a = get(y, i), b = get(z, i);
    if (a != b && (a == a || b == b)) return fail("element %td is %.17g in one piece, %.17g in parts", i, a, b);
  }
}

void expect_true(bool holds, const char *what) {
  if (!holds) fail("%s", what);
}

static void run_once(const char *name, kernel_test *test, ck_isa isa, ck_type type) {
  snprintf(now.name, sizeof now.name, "%s %s", name, type == ck_float32 ? "float32" : "float64");
  snprintf(now.isa, sizeof now.isa, "%s", isa_names[isa]);
  now.detail[0] = 0;
  now.printed = 0;
  now.state = 1;
  test(isa, type);
  end_case();
}

void run_test(const char *name, kernel_test *test, ck_isa isa, ck_type type) {
  twin.records = isa == ck_scalar;
  if (twin.records) twin.count = 0;
  twin.next = 0;
  run_once(name, test, isa, type);
  if (!twin.records && twin.next != twin.count) fail("fewer results than the scalar twin gave");
}

int failure_count(void) { return now.failures; }

ck_finish finish_number(ptrdiff_t place) {
  static const ck_finish finishes[] = {
    {.low = -INFINITY, .high = INFINITY},
    {.low = 0, .high = INFINITY},
    {.low = -1, .high = 1.5f},
    {.low = -INFINITY, .high = INFINITY, .activates = true, .activation = ck_unary_silu},
    {.low = -INFINITY, .high = INFINITY, .activates = true, .activation = ck_unary_leaky_relu, .p = 0.25},
  };
  return finishes[place % (ptrdiff_t)(sizeof finishes / sizeof *finishes)];
}

static double bounded(double v, double low, double high) {
  v = v < low ? low : v;
  return v > high ? high : v;
}

double finished(const ck_finish *finish, double sum) {
  const double v = bounded(sum, (double)finish->low, (double)finish->high);
  return finish->activates ? unary_reference(finish->activation, v, finish->p, finish->q) : v;
}

double unary_reference(ck_unary_function function, double v, double p, double q) {
  switch (function) {
    case ck_unary_relu: return v < 0 ? 0 : v;
    case ck_unary_leaky_relu: return v < 0 ? p * v : v;
    case ck_unary_clip: return bounded(v, p, q);
    case ck_unary_sigmoid: return 1 / (1 + exp(-v));
    case ck_unary_hard_sigmoid: return bounded(p * v + q, 0, 1);
    case ck_unary_hard_swish: return v * bounded(v / 6 + 0.5, 0, 1);
    case ck_unary_silu: return v / (1 + exp(-v));
    case ck_unary_tanh: return tanh(v);
    case ck_unary_erf: return erf(v);
    case ck_unary_gelu: return v * (0.5 * erfc(-v / sqrt(2)));
    case ck_unary_softplus: return v > 0 ? v + log1p(exp(-v)) : log1p(exp(v));
    case ck_unary_exp: return exp(v);
    case ck_unary_log: return log(v);
    case ck_unary_sqrt: return sqrt(v);
    case ck_unary_reciprocal: return 1 / v;
    case ck_unary_neg: return -v;
    case ck_unary_abs: return fabs(v);
    case ck_unary_sin: return sin(v);
    case ck_unary_cos: return cos(v);
    case ck_unary_floor: return floor(v);
    case ck_unary_ceil: return ceil(v);
    case ck_unary_round: return nearbyint(v);
    case ck_unary_affine: return p * v + q;
  }
  return NAN;
}
