#include "carpus_png.h"
#include "report.h"
#include <png.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

typedef struct {
  uint8_t *bytes;
  size_t count, capacity;
} sink;

static void append(png_structp png, png_bytep bytes, size_t count) {
  sink *to = png_get_io_ptr(png);
  if (to->capacity - to->count < count) {
    size_t capacity = 2 * to->capacity + count + 4096;
    uint8_t *grown = realloc(to->bytes, capacity);
    if (grown == NULL) png_error(png, "there is no memory for the file");
    to->bytes = grown;
    to->capacity = capacity;
  }
  memcpy(to->bytes + to->count, bytes, count);
  to->count += count;
}

static void flush_nothing(png_structp png) { (void)png; }

int cpng_write(uint32_t width, uint32_t height, int bit_depth, int color_type, const void *samples, uint8_t **out,
               size_t *out_count, char *message) {
  sink to = {NULL, 0, 0};
  *out = NULL;
  *out_count = 0;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, message, cpng_fail, cpng_ignore);
  png_infop info = png == NULL ? NULL : png_create_info_struct(png);
  if (info == NULL) {
    cpng_say(message, "there is no memory for an encoder");
    png_destroy_write_struct(&png, NULL);
    return 0;
  }
  png_set_write_fn(png, &to, append, flush_nothing);
  if (setjmp(png_jmpbuf(png)) != 0) {
    png_destroy_write_struct(&png, &info);
    free(((volatile sink *)&to)->bytes);
    return 0;
  }
  /* Level 6 takes three times as long as level 4 for files that are 5 % smaller. */
  png_set_compression_level(png, bit_depth == 16 ? 6 : 4);
  /* The low bytes of 16-bit samples are noise, in which a search for repetitions takes most of the time and finds nothing. */
  if (bit_depth == 16) png_set_compression_strategy(png, Z_RLE);
  png_set_IHDR(png, info, width, height, bit_depth, color_type, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  png_write_info(png, info);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  if (bit_depth == 16) png_set_swap(png);
#endif
  size_t row_bytes = png_get_rowbytes(png, info);
  for (uint32_t y = 0; y < height; y++) png_write_row(png, (png_const_bytep)samples + y * row_bytes);
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  *out = to.bytes;
  *out_count = to.count;
  return 1;
}

void cpng_free(uint8_t *bytes) { free(bytes); }
