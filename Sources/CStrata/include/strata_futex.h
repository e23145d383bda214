#ifndef STRATA_FUTEX_H
#define STRATA_FUTEX_H

#include <stdint.h>

// Sleeps while `*word == expected`; may wake for no reason.
void strata_futex_wait(void *word, uint32_t expected);
// Wakes one sleeper.
void strata_futex_wake_one(void *word);

// A hint to the core that this is a spin loop.
static inline __attribute__((always_inline)) void strata_spin_pause(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

// Cores this process may run on (its affinity mask), at least 1.
int strata_available_cores(void);

#endif
