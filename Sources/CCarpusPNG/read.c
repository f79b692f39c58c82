#include "carpus_png.h"
#include "report.h"
#include <png.h>
#include <string.h>

/* The longest ancillary chunk that is stepped over. */
#define CHUNK_LIMIT 8000000
#define SIDE_LIMIT 1000000

typedef struct {
  const uint8_t *next;
  size_t left;
} source;

static void take(png_structp png, png_bytep target, size_t count) {
  source *from = png_get_io_ptr(png);
  if (count > from->left) png_error(png, "the file ends before the image does");
  memcpy(target, from->next, count);
  from->next += count;
  from->left -= count;
}

static void open_source(png_structp png, png_infop info, source *from) {
  png_set_read_fn(png, from, take);
  png_set_user_limits(png, SIDE_LIMIT, SIDE_LIMIT);
  png_set_chunk_cache_max(png, 16);
  png_set_chunk_malloc_max(png, CHUNK_LIMIT);
  png_set_crc_action(png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
  /* A negative count: skip every unknown chunk and every ancillary one but tRNS (text, profiles, gamma, dates). */
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
  png_read_info(png, info);
}

static void describe(png_structp png, png_infop info, cpng_header *header, uint8_t *palette) {
  header->width = png_get_image_width(png, info);
  header->height = png_get_image_height(png, info);
  header->bit_depth = png_get_bit_depth(png, info);
  header->color_type = png_get_color_type(png, info);
  header->channels = png_get_channels(png, info);

  png_colorp colors = NULL;
  int color_count = 0;
  if (header->color_type == PNG_COLOR_TYPE_PALETTE && png_get_PLTE(png, info, &colors, &color_count) != 0) {
    if (color_count < 0 || color_count > 256) png_error(png, "the palette has more than 256 colours");
    header->palette_count = (uint16_t)color_count;
    for (int i = 0; i < color_count; i++) {
      palette[4 * i] = colors[i].red;
      palette[4 * i + 1] = colors[i].green;
      palette[4 * i + 2] = colors[i].blue;
      palette[4 * i + 3] = 255;
    }
  }

  png_bytep alphas = NULL;
  int alpha_count = 0;
  png_color_16p transparent = NULL;
  if (png_get_tRNS(png, info, &alphas, &alpha_count, &transparent) == 0) return;
  if (header->color_type == PNG_COLOR_TYPE_PALETTE) {
    for (int i = 0; alphas != NULL && i < alpha_count && i < color_count; i++) palette[4 * i + 3] = alphas[i];
  } else if (transparent != NULL) {
    int grey = header->color_type == PNG_COLOR_TYPE_GRAY;
    header->has_transparent_sample = 1;
    header->transparent_sample[0] = grey ? transparent->gray : transparent->red;
    header->transparent_sample[1] = transparent->green;
    header->transparent_sample[2] = transparent->blue;
  }
}

static void read_rows(png_structp png, png_infop info, uint16_t *samples, size_t sample_count) {
  size_t width = png_get_image_width(png, info), height = png_get_image_height(png, info);
  size_t row_samples = width * png_get_channels(png, info);
  int wide = png_get_bit_depth(png, info) == 16;
  if (row_samples * height != sample_count) png_error(png, "the image does not have the size that its header told");

  png_set_packing(png);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  if (wide) png_set_swap(png);
#endif
  int passes = png_set_interlace_handling(png);
  png_read_update_info(png, info);
  size_t row_bytes = png_get_rowbytes(png, info);
  if (row_bytes != row_samples * (wide ? 2 : 1)) png_error(png, "a row does not have the length that its header told");

  /* Bytes go to the upper half of the samples, and are widened from the front without overtaking what is still to be
     read: sample i ends at byte 2i + 1, byte i lies at sample_count + i. */
  uint8_t *rows = (uint8_t *)samples + (wide ? 0 : sample_count);
  for (int pass = 0; pass < passes; pass++)
    for (size_t y = 0; y < height; y++) png_read_row(png, rows + y * row_bytes, NULL);
  png_read_end(png, NULL);
  if (!wide)
    for (size_t i = 0; i < sample_count; i++) samples[i] = rows[i];
}

static int read_image(const uint8_t *bytes, size_t count, cpng_header *header, uint8_t *palette, uint16_t *samples,
                      size_t sample_count, char *message) {
  source from = {bytes, count};
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, message, cpng_fail, cpng_ignore);
  png_infop info = png == NULL ? NULL : png_create_info_struct(png);
  if (info == NULL) {
    cpng_say(message, "there is no memory for a decoder");
    png_destroy_read_struct(&png, NULL, NULL);
    return 0;
  }
  if (setjmp(png_jmpbuf(png)) != 0) {
    png_destroy_read_struct(&png, &info, NULL);
    return 0;
  }
  open_source(png, info, &from);
  if (header != NULL) describe(png, info, header, palette);
  if (samples != NULL) read_rows(png, info, samples, sample_count);
  png_destroy_read_struct(&png, &info, NULL);
  return 1;
}

int cpng_read_header(const uint8_t *bytes, size_t count, cpng_header *header, uint8_t *palette, char *message) {
  memset(header, 0, sizeof *header);
  memset(palette, 0, CPNG_PALETTE_SIZE);
  return read_image(bytes, count, header, palette, NULL, 0, message);
}

int cpng_read_samples(const uint8_t *bytes, size_t count, uint16_t *samples, size_t sample_count, char *message) {
  return read_image(bytes, count, NULL, NULL, samples, sample_count, message);
}
