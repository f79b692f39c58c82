/* Windows that slide over planes, and where their taps are. */
#ifndef KERNEL_TESTS_WINDOWS_H
#define KERNEL_TESTS_WINDOWS_H
#include "support.h"

/* Windows of one, two and three axes: every remainder of a row by a vector, strides, dilations, paddings. */
enum { window_count = 60 };
ck_window window_number(ptrdiff_t number);
static inline ptrdiff_t volume_of(const ptrdiff_t extents[3]) { return extents[0] * extents[1] * extents[2]; }
/* Where tap `tap` of output `output` finds the input; -1 outside of it, -2 outside of the padding too. */
ptrdiff_t tap_place(const ck_window *window, ptrdiff_t output, ptrdiff_t tap);
void describe_window(const ck_window *window, const char *detail, ptrdiff_t number);

#define FOR_WINDOWS(w) \
  for (ptrdiff_t number = 0; number < window_count; number++) for (ck_window w = window_number(number), *once = &w; once; once = NULL)
#define FOR_TAPS(w, output, place)                                         \
  for (ptrdiff_t tap = 0; tap < volume_of((w)->kernel); tap++)             \
    for (ptrdiff_t place = tap_place(w, output, tap), again = 1; again; again = 0)

#endif
