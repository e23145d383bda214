#ifndef STRATA_STRINGS_H
#define STRATA_STRINGS_H

#include <stdatomic.h>
#include <stdbool.h>

// Whether the layout of short strings was looked at and is the known one. Relaxed: what depends on it is the same either way.
extern _Atomic(bool) strata_short_strings;

static inline __attribute__((always_inline)) bool strata_short_strings_are_known(void) {
    return atomic_load_explicit(&strata_short_strings, memory_order_relaxed);
}

static inline void strata_short_strings_become_known(void) {
    atomic_store_explicit(&strata_short_strings, true, memory_order_relaxed);
}

#endif
