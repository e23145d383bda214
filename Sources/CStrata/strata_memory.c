#define _GNU_SOURCE
#include "strata_memory.h"

#include <malloc.h>
#include <stdlib.h>
#include <sys/mman.h>

void *strata_pages_allocate(size_t size) {
    void *pages = mmap(0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return pages == MAP_FAILED ? 0 : pages;
}

void strata_pages_release(void *pages, size_t size) { munmap(pages, size); }

static void *checked(void *block) {
    if (__builtin_expect(block == 0, 0)) {
        abort();
    }
    return block;
}

void *strata_allocate(size_t size) { return checked(malloc(size)); }
void *strata_allocate_zeroed(size_t size) { return checked(calloc(1, size)); }
void strata_deallocate(void *block) { free(block); }
size_t strata_allocation_size(const void *block) { return malloc_usable_size((void *)block) + sizeof(size_t); }

size_t strata_allocator_bytes_in_use(void) {
#if defined(__GLIBC__)
    struct mallinfo2 information = mallinfo2();
    return information.uordblks + information.hblkhd;
#else
    return 0;
#endif
}

void strata_allocator_trim(void) {
#if defined(__GLIBC__)
    malloc_trim(0);
#endif
}
