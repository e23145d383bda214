#include "strata_base.h"
