#ifndef CARPUS_PNG_REPORT_H
#define CARPUS_PNG_REPORT_H
#include <png.h>

/* Copies `text` to `message`, shortened to the room there. */
void cpng_say(char *message, const char *text);

/* libpng's two handlers. Its error pointer is the message. */
void cpng_fail(png_structp png, png_const_charp text) PNG_NORETURN;
void cpng_ignore(png_structp png, png_const_charp text);

#endif
