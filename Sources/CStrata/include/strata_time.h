#ifndef STRATA_TIME_H
#define STRATA_TIME_H

#include <stdint.h>

// Nanoseconds on the monotonic clock as of the kernel's last timer tick: up to 4 ms late, and a third of the cost of the
// exact time. The exact time where there is no such clock.
int64_t strata_coarse_nanoseconds(void);

#endif
