#include "strata_strings.h"

_Atomic(bool) strata_short_strings = false;
