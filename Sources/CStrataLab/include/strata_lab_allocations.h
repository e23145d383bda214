#pragma once

#include <stdint.h>

// Counts calls of the C library's allocator made by this process, once it was told to.
//
// The calls of each loaded object go through a table of addresses that the dynamic linker filled in. Counting puts other addresses there,
// of functions that count and pass the call on. What isn't asked to count pays nothing. Calls that the C library makes to itself (strdup,
// fopen) are not seen.

// Starts counting, for good. Returns how many places were changed; 0 where the format of the objects isn't known.
int strata_lab_count_allocations(void);

// Calls of malloc, calloc, realloc (of nothing) and the aligned ones by the calling thread.
uint64_t strata_lab_thread_allocations(void);

// The bytes they asked for.
uint64_t strata_lab_thread_allocated_bytes(void);
