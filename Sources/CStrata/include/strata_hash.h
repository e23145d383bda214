#ifndef STRATA_HASH_H
#define STRATA_HASH_H

#include <stddef.h>
#include <stdint.h>

// A 128-bit key for the keyed hash of byte strings.
typedef struct strata_hash_key {
    uint64_t low, high;
} strata_hash_key;

// Keyed hash of a byte string; the same key gives the same hash within one process. Chooses the AES variant where the
// processor has it, SipHash-1-3 otherwise.
uint64_t strata_hash_bytes(const void *bytes, size_t count, strata_hash_key key);

// Keyed hash of two words: cheaper than of the 16 bytes, and not the same.
uint64_t strata_hash_words(uint64_t first, uint64_t second, strata_hash_key key);

// The two variants, for tests. The AES one must only be called where `strata_hash_has_aes()`.
int strata_hash_has_aes(void);
uint64_t strata_hash_bytes_aes(const void *bytes, size_t count, strata_hash_key key);
uint64_t strata_hash_bytes_sip(const void *bytes, size_t count, strata_hash_key key);

// Fills `bytes` from the kernel's random source.
void strata_random_bytes(void *bytes, size_t count);

#endif
