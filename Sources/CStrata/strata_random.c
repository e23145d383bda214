#include "strata_random.h"

#include "strata_hash.h"

_Thread_local uint64_t strata_random_state __attribute__((tls_model("initial-exec")));

void strata_random_seed(void) {
    do {
        strata_random_bytes(&strata_random_state, sizeof strata_random_state);
    } while (strata_random_state == 0);
}
