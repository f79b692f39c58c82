#include "carpus_files.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static int open_at(int directory, const char *name, int flags) {
  int file;
  do {
    file = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | flags);
  } while (file < 0 && errno == EINTR);
  return file < 0 ? -errno : file;
}

int cco_open(const char *path) { return open_at(AT_FDCWD, path, 0); }

int cco_open_directory(const char *path) { return open_at(AT_FDCWD, path, O_DIRECTORY); }

/* Systems differ in the errno for a symbolic link (ELOOP, ENOTDIR, EMLINK), so look whether it is one. */
static int open_plainly(int directory, const char *name, int flags) {
  int file = open_at(directory, name, O_NOFOLLOW | flags);
  struct stat facts;
  if (file < 0 && fstatat(directory, name, &facts, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(facts.st_mode)) return -ELOOP;
  return file;
}

int cco_open_beneath(int directory, const char *path) {
  char name[256];
  int current = directory;
  for (;;) {
    size_t length = strcspn(path, "/");
    int result;
    if (length >= sizeof name) {
      result = -ENAMETOOLONG;
    } else {
      memcpy(name, path, length);
      name[length] = 0;
      if (length == 0 || strcmp(name, ".") == 0 || strcmp(name, "..") == 0) result = -EINVAL;
      else result = open_plainly(current, name, path[length] == '/' ? O_DIRECTORY : 0);
    }
    if (current != directory) close(current);
    if (result < 0 || path[length] == 0) return result;
    current = result;
    path += length + 1;
  }
}

int cco_get_facts(int file, cco_file_facts *facts) {
  struct stat found;
  if (fstat(file, &found) != 0) return -errno;
  facts->byte_count = found.st_size;
  facts->link_count = found.st_nlink;
  facts->is_regular = S_ISREG(found.st_mode);
  return 0;
}

int cco_read(int file, void *buffer, size_t count, int64_t offset) {
  const size_t largest = (size_t)1 << 30;
  char *target = buffer;
  while (count > 0) {
    ssize_t got = pread(file, target, count < largest ? count : largest, offset);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return -errno;
    if (got == 0) return 1;
    target += got;
    offset += got;
    count -= (size_t)got;
  }
  return 0;
}

void *cco_map(int file, size_t count) {
  void *start = mmap(NULL, count, PROT_READ, MAP_PRIVATE, file, 0);
  return start == MAP_FAILED ? NULL : start;
}

void cco_unmap(void *start, size_t count) { munmap(start, count); }

void cco_close(int file) { close(file); }
