#ifndef STRATA_RANDOM_H
#define STRATA_RANDOM_H

#include <stdint.h>

extern _Thread_local uint64_t strata_random_state __attribute__((tls_model("initial-exec")));

// Seeds the calling thread's generator from the kernel.
void strata_random_seed(void);

// A random word that is good enough for sampling and rounding, never for secrets: SplitMix64 (Steele, Lea and Flood,
// "Fast splittable pseudorandom number generators", 2014) with a state of its own in every thread.
static inline __attribute__((always_inline)) uint64_t strata_random_word(void) {
    if (__builtin_expect(strata_random_state == 0, 0)) {
        strata_random_seed();
    }
    uint64_t word = strata_random_state += 0x9e3779b97f4a7c15;
    word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9;
    word = (word ^ (word >> 27)) * 0x94d049bb133111eb;
    return word ^ (word >> 31);
}

#endif
