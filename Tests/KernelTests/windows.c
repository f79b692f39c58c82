#include "windows.h"

ck_window window_number(ptrdiff_t n) {
  const ptrdiff_t axes = 1 + n % 3;
  ck_window w;
  for (int axis = 0; axis < 3; axis++) {
    const bool used = axis >= 3 - axes;
    const ptrdiff_t m = n + 5 * axis;
    w.kernel[axis] = used ? PICK(m, 3, 1, 2, 5) : 1;
    w.strides[axis] = used ? PICK(m / 2, 1, 2, 1, 3, 2) : 1;
    w.dilations[axis] = used ? PICK(m / 3, 1, 1, 2) : 1;
    w.pads_begin[axis] = used ? PICK(m, 1, 0, 2, 1, 0) : 0;
    w.pads_end[axis] = used ? PICK(m, 1, 0, 1, 0, 2, 1, 3) : 0;
    const ptrdiff_t reach = (w.kernel[axis] - 1) * w.dilations[axis] + 1;
    const ptrdiff_t length = axis == 2 ? (axes == 1 ? PICK(n / 3, LENGTHS) : PICK(n / 3, 4, 7, 9, 16, 17, 19, 33, 1, 5, 35)) : PICK(n, 3, 1, 5);
    w.input[axis] = !used ? 1 : length > 0 ? length : 1;
    const ptrdiff_t room = w.input[axis] + w.pads_begin[axis] + w.pads_end[axis];
    /* A window that does not fit gets a longer input. */
    if (room < reach) w.input[axis] += reach - room;
    w.output[axis] = (w.input[axis] + w.pads_begin[axis] + w.pads_end[axis] - reach) / w.strides[axis] + 1;
  }
  return w;
}

ptrdiff_t tap_place(const ck_window *w, ptrdiff_t output, ptrdiff_t tap) {
  ptrdiff_t coordinates[3], place = 0, result = 0;
  for (int axis = 2; axis >= 0; axis--) {
    coordinates[axis] = output % w->output[axis] * w->strides[axis] - w->pads_begin[axis] + tap % w->kernel[axis] * w->dilations[axis];
    output /= w->output[axis];
    tap /= w->kernel[axis];
  }
  for (int axis = 0; axis < 3; axis++) {
    const ptrdiff_t c = coordinates[axis];
    if (c >= w->input[axis] + w->pads_end[axis]) result = -2;
    if ((c < 0 || c >= w->input[axis]) && result == 0) result = -1;
    place = place * w->input[axis] + c;
  }
  return result < 0 ? result : place;
}

void describe_window(const ck_window *w, const char *detail, ptrdiff_t number) {
  describe(
    "%s %td: input %td %td %td kernel %td %td %td strides %td %td %td dilations %td %td %td pads %td %td %td", detail, number, w->input[0],
    w->input[1], w->input[2], w->kernel[0], w->kernel[1], w->kernel[2], w->strides[0], w->strides[1], w->strides[2], w->dilations[0],
    w->dilations[1], w->dilations[2], w->pads_begin[0], w->pads_begin[1], w->pads_begin[2]);
}
