#ifndef STRATA_EPOCH_H
#define STRATA_EPOCH_H

#include <stdbool.h>
#include <stdint.h>

// One record per thread that ever pinned an epoch. Records are never freed: a thread that ends gives its record back
// for the next thread. Swift code reads and writes `epoch` through its own atomics (see Reclamation/Epoch.swift), so
// that the sanitizers see them; C only hands out the records.
typedef struct strata_epoch_record {
    uint64_t epoch;  // 0: not pinned, else the epoch seen when the outermost pin was taken
    struct strata_epoch_record *next;  // immutable after registration
    uint32_t owned;  // 1 while a live thread owns the record
    uint32_t index;  // 0, 1, 2, … in the order of registration: no two live threads have the same
    uint8_t padding[128 - 24];  // allocated at a multiple of 128
} strata_epoch_record;

_Static_assert(sizeof(strata_epoch_record) == 128, "a record fills two cache lines of its own");

extern _Thread_local strata_epoch_record *strata_epoch_thread_record __attribute__((tls_model("initial-exec")));

// The same, but 0 where pins are read-modify-write operations: whoever finds a record here pins with a plain store.
extern _Thread_local strata_epoch_record *strata_epoch_plain_record __attribute__((tls_model("initial-exec")));

// Registers the calling thread. Called once per thread.
strata_epoch_record *strata_epoch_register(void);

static inline __attribute__((always_inline)) strata_epoch_record *strata_epoch_record_of_thread(void) {
    strata_epoch_record *record = strata_epoch_thread_record;
    return __builtin_expect(record != 0, 1) ? record : strata_epoch_register();
}

static inline __attribute__((always_inline)) strata_epoch_record *strata_epoch_plain_record_of_thread(void) {
    return strata_epoch_plain_record;
}

// The list of all records, newest first.
strata_epoch_record *strata_epoch_first_record(void);

// Whether a pin may be a plain store, because the reclaiming side can run a process-wide barrier.
extern bool strata_epoch_asymmetric;

static inline __attribute__((always_inline)) bool strata_epoch_is_asymmetric(void) { return strata_epoch_asymmetric; }

// The two global counters, each on a line of its own: the epoch, and the newest bound below which nothing is pinned.
extern uint64_t strata_epoch_counters[64] __attribute__((aligned(128)));

static inline __attribute__((always_inline)) uint64_t *strata_epoch_counter(int index) {
    return strata_epoch_counters + index;
}

// A barrier on every running thread of the process: membarrier(2) where the kernel has it, nothing where it is not
// needed because pins are read-modify-write operations.
void strata_epoch_process_barrier(void);

// Keeps the compiler from moving memory accesses across this point. Emits no instruction.
static inline __attribute__((always_inline)) void strata_compiler_barrier(void) { __asm__ volatile("" ::: "memory"); }

#endif
