#ifndef STRATA_SAMPLING_H
#define STRATA_SAMPLING_H

#include <stdbool.h>
#include <stdint.h>

// Which operations of a thread are observed: see Sources/Strata/Statistics/OperationProbe.swift. All zero at first, so that a thread's
// first operation on an observed map is observed.
typedef struct strata_sampling {
    int32_t countdown;  // observed operations still to let pass
    int32_t interval;   // how many the last countdown stood for on average
    int64_t last;       // when the last one was observed, in nanoseconds
} strata_sampling;

extern _Thread_local strata_sampling strata_sampling_of_thread __attribute__((tls_model("initial-exec")));

static inline __attribute__((always_inline)) strata_sampling *strata_sampling_state(void) { return &strata_sampling_of_thread; }

// Counts some operations of this thread; whether it is time to observe one.
static inline __attribute__((always_inline)) bool strata_sampling_is_due(int32_t operations) {
    return __builtin_expect((strata_sampling_of_thread.countdown -= operations) <= 0, 0);
}

#endif
