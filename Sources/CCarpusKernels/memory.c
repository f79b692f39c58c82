#include "carpus_kernels.h"
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

void *ck_allocate(size_t bytes) {
  const size_t huge = (size_t)2 << 20;
  size_t alignment = bytes >= 2 * huge ? huge : 64;
  size_t rounded = (bytes + alignment - 1) / alignment * alignment;
  if (rounded < bytes) return NULL;
  if (rounded == 0) rounded = alignment;
  void *memory = NULL;
  if (posix_memalign(&memory, alignment, rounded) != 0) return NULL;
#ifdef MADV_HUGEPAGE
  if (alignment == huge) madvise(memory, rounded, MADV_HUGEPAGE);
#endif
  memset(memory, 0, rounded);
  return memory;
}

void ck_free(void *memory) { free(memory); }
