#ifndef CARPUS_PNG_H
#define CARPUS_PNG_H
#include <stddef.h>
#include <stdint.h>

/* PNG in and out of memory. libpng reports errors by longjmp; here they end as a return value of 0 and a sentence in
   `message`, which has room for CPNG_MESSAGE_SIZE bytes. Nothing is allocated for the pixels of an image that is read. */

enum { CPNG_MESSAGE_SIZE = 160, CPNG_PALETTE_SIZE = 4 * 256 };

typedef struct {
  uint32_t width, height;
  uint8_t bit_depth, color_type; /* as in the chunk IHDR */
  uint8_t channels;
  uint8_t has_transparent_sample; /* chunk tRNS of a grey or RGB image */
  uint16_t transparent_sample[3];
  uint16_t palette_count;
} cpng_header;

/* What stands before the pixels. `palette` takes CPNG_PALETTE_SIZE bytes: red, green, blue, alpha of each colour. */
int cpng_read_header(const uint8_t *bytes, size_t count, cpng_header *header, uint8_t *palette, char *message);

/* The samples as they are stored: row by row, channels interleaved, neither scaled nor expanded, a palette as its
   indices. `sample_count` must be width * height * channels. */
int cpng_read_samples(const uint8_t *bytes, size_t count, uint16_t *samples, size_t sample_count, char *message);

/* Writes 8-bit samples (`const uint8_t *`) or 16-bit ones (`const uint16_t *`) of colour type 0, 2, 4 or 6. The caller
   gives `*out` back with cpng_free. */
int cpng_write(uint32_t width, uint32_t height, int bit_depth, int color_type, const void *samples, uint8_t **out,
               size_t *out_count, char *message);
void cpng_free(uint8_t *bytes);

#endif
