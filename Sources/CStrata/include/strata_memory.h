#ifndef STRATA_MEMORY_H
#define STRATA_MEMORY_H

#include <stddef.h>
#include <stdint.h>

// Zeroed pages straight from the kernel, touched lazily; null when there are none. `size` is a multiple of 4096.
void *strata_pages_allocate(size_t size);
void strata_pages_release(void *pages, size_t size);

// The process allocator: never returns null (a process that is out of memory can't go on), 16-byte aligned.
void *strata_allocate(size_t size);
void *strata_allocate_zeroed(size_t size);
void strata_deallocate(void *block);
// What a block really takes from the allocator, its bookkeeping word included.
size_t strata_allocation_size(const void *block);

// The allocator's own count of bytes handed out (small and mapped blocks), for checks of our accounting.
size_t strata_allocator_bytes_in_use(void);
// Returns free memory of the allocator to the kernel where it can.
void strata_allocator_trim(void);

#endif
