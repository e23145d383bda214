#ifndef STRATA_BASE_H
#define STRATA_BASE_H
#endif
