#include "strata_sampling.h"

_Thread_local strata_sampling strata_sampling_of_thread __attribute__((tls_model("initial-exec")));
