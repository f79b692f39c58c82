#ifndef CARPUS_FILES_H
#define CARPUS_FILES_H
#include <stddef.h>
#include <stdint.h>

/* A function that gives a file descriptor or a status gives a negative errno when it fails. None waits for the other end of
   a FIFO. */

typedef struct {
  int64_t byte_count;
  uint64_t link_count;
  _Bool is_regular;
} cco_file_facts;

int cco_open(const char *path);
int cco_open_directory(const char *path);

/* Opens `path`, names separated by single slashes, below `directory`. No name may be empty, `.` or `..` (-EINVAL); a symbolic link
   at any of them is refused (-ELOOP). */
int cco_open_beneath(int directory, const char *path);

int cco_get_facts(int file, cco_file_facts *facts);

/* Reads exactly `count` bytes from `offset` on. 0 when done, 1 when the file ends before. */
int cco_read(int file, void *buffer, size_t count, int64_t offset);

/* Maps the first `count` bytes of a file, read-only. NULL when the system refuses. */
void *cco_map(int file, size_t count);
void cco_unmap(void *start, size_t count);

void cco_close(int file);

#endif
