#include "report.h"
#include "carpus_png.h"
#include <stdio.h>

void cpng_say(char *message, const char *text) { snprintf(message, CPNG_MESSAGE_SIZE, "%s", text); }

void cpng_fail(png_structp png, png_const_charp text) {
  cpng_say(png_get_error_ptr(png), text);
  png_longjmp(png, 1);
}

void cpng_ignore(png_structp png, png_const_charp text) {
  (void)png;
  (void)text;
}
