#define _GNU_SOURCE
#include "strata_hash.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

void strata_random_bytes(void *bytes, size_t count) {
    uint8_t *next = bytes;
    while (count > 0) {
        ssize_t got = getrandom(next, count, 0);
        if (got < 0) {
            if (errno == EINTR) {
                continue;
            }
            abort();
        }
        next += got;
        count -= (size_t)got;
    }
}

// MARK: SipHash-1-3 (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012; reduced rounds as used for tables)

static inline uint64_t rotate(uint64_t x, int bits) { return (x << bits) | (x >> (64 - bits)); }

static inline uint64_t load64(const uint8_t *bytes) {
    uint64_t word;
    memcpy(&word, bytes, 8);
    return word;
}

#define SIP_ROUND                                                                                                      \
    do {                                                                                                               \
        v0 += v1, v1 = rotate(v1, 13) ^ v0, v0 = rotate(v0, 32);                                                       \
        v2 += v3, v3 = rotate(v3, 16) ^ v2;                                                                            \
        v0 += v3, v3 = rotate(v3, 21) ^ v0;                                                                            \
        v2 += v1, v1 = rotate(v1, 17) ^ v2, v2 = rotate(v2, 32);                                                       \
    } while (0)

uint64_t strata_hash_bytes_sip(const void *input, size_t count, strata_hash_key key) {
    const uint8_t *bytes = input;
    uint64_t v0 = key.low ^ 0x736f6d6570736575ULL, v1 = key.high ^ 0x646f72616e646f6dULL;
    uint64_t v2 = key.low ^ 0x6c7967656e657261ULL, v3 = key.high ^ 0x7465646279746573ULL;
    size_t whole = count & ~(size_t)7;
    for (size_t i = 0; i < whole; i += 8) {
        uint64_t word = load64(bytes + i);
        v3 ^= word;
        SIP_ROUND;
        v0 ^= word;
    }
    uint64_t last = (uint64_t)count << 56;
    for (size_t i = whole; i < count; i++) {
        last |= (uint64_t)bytes[i] << (8 * (i - whole));
    }
    v3 ^= last;
    SIP_ROUND;
    v0 ^= last;
    v2 ^= 0xff;
    SIP_ROUND;
    SIP_ROUND;
    SIP_ROUND;
    return v0 ^ v1 ^ v2 ^ v3;
}

// MARK: AES rounds
//
// The state starts from the key. Each block of up to 16 bytes is added and followed by four AES rounds
// under key-derived round keys. Four rounds have at least 25 active S-boxes for any difference (Daemen and Rijmen, "The
// Design of Rijndael", wide-trail bound), so that no pair of blocks is known to cancel with a probability above 2^-150,
// whatever the key: unlike multiply-and-fold hashes, there are no collisions that hold for every key. The length goes
// through four rounds of its own beside the first block and is added before a last round, so that it can't cancel
// against a difference in the bytes.

#if defined(__x86_64__)
#include <immintrin.h>

static int has_aes;
__attribute__((constructor)) static void look_for_aes(void) {
    __builtin_cpu_init();
    has_aes = __builtin_cpu_supports("aes") && __builtin_cpu_supports("sse4.1");
}
int strata_hash_has_aes(void) { return has_aes; }

// Up to 16 bytes without reading outside of the string.
__attribute__((target("aes,sse4.1"))) static inline __m128i load_short(const uint8_t *bytes, size_t count) {
    if (count >= 8) {
        // Two overlapping words: one to one for a given length.
        return _mm_set_epi64x((long long)load64(bytes + count - 8), (long long)load64(bytes));
    }
    if (count >= 4) {
        uint32_t low, high;
        memcpy(&low, bytes, 4);
        memcpy(&high, bytes + count - 4, 4);
        return _mm_set_epi64x(high, low);
    }
    if (count == 0) {
        return _mm_setzero_si128();
    }
    uint32_t word = bytes[0] | (uint32_t)bytes[count >> 1] << 8 | (uint32_t)bytes[count - 1] << 16;
    return _mm_set_epi64x(0, word);
}

__attribute__((target("aes,sse4.1"))) uint64_t strata_hash_bytes_aes(
    const void *input, size_t count, strata_hash_key key
) {
    const uint8_t *bytes = input;
    const __m128i secret = _mm_set_epi64x((long long)key.high, (long long)key.low);
    // Round keys: the secret in four disguises. The odd constants are the fractional digits of pi.
    const __m128i k1 = _mm_xor_si128(secret, _mm_set_epi64x(0x13198a2e03707344LL, 0x243f6a8885a308d3LL));
    const __m128i k2 = _mm_xor_si128(secret, _mm_set_epi64x((long long)0x082efa98ec4e6c89ULL, (long long)0xa4093822299f31d0ULL));
    const __m128i k3 = _mm_add_epi64(secret, _mm_set_epi64x((long long)0xbe5466cf34e90c6cULL, 0x452821e638d01377LL));
    const __m128i k4 = _mm_add_epi64(secret, _mm_set_epi64x(0x3f84d5b5b5470917LL, (long long)0xc0ac29b7c97c50ddULL));
    __m128i length = _mm_xor_si128(k3, _mm_set_epi64x(0, (long long)count));
    length = _mm_aesenc_si128(length, k4);
    length = _mm_aesenc_si128(length, k1);
    length = _mm_aesenc_si128(length, k2);
    length = _mm_aesenc_si128(length, k3);
    __m128i state = secret;
    size_t left = count;
    while (left > 16) {
        state = _mm_xor_si128(state, _mm_loadu_si128((const __m128i *)bytes));
        state = _mm_aesenc_si128(state, k1);
        state = _mm_aesenc_si128(state, k2);
        state = _mm_aesenc_si128(state, k3);
        state = _mm_aesenc_si128(state, k4);
        bytes += 16;
        left -= 16;
    }
    state = _mm_xor_si128(state, load_short(bytes, left));
    state = _mm_aesenc_si128(state, k1);
    state = _mm_aesenc_si128(state, k2);
    state = _mm_aesenc_si128(state, k3);
    state = _mm_aesenc_si128(state, k4);
    state = _mm_aesenc_si128(_mm_xor_si128(state, length), secret);
    return (uint64_t)_mm_cvtsi128_si64(state) ^ (uint64_t)_mm_extract_epi64(state, 1);
}

// One block of known length: as above, without what the length takes. The last round's key differs from the first's, which is
// the secret itself.
__attribute__((target("aes,sse4.1"))) static uint64_t hash_words_aes(uint64_t first, uint64_t second, strata_hash_key key) {
    const __m128i secret = _mm_set_epi64x((long long)key.high, (long long)key.low);
    const __m128i k1 = _mm_xor_si128(secret, _mm_set_epi64x(0x13198a2e03707344LL, 0x243f6a8885a308d3LL));
    const __m128i k2 = _mm_add_epi64(secret, _mm_set_epi64x((long long)0xbe5466cf34e90c6cULL, 0x452821e638d01377LL));
    __m128i state = _mm_xor_si128(secret, _mm_set_epi64x((long long)second, (long long)first));
    state = _mm_aesenc_si128(state, k1);
    state = _mm_aesenc_si128(state, k2);
    state = _mm_aesenc_si128(state, k1);
    state = _mm_aesenc_si128(state, k2);
    return (uint64_t)_mm_cvtsi128_si64(state) ^ (uint64_t)_mm_extract_epi64(state, 1);
}

uint64_t strata_hash_words(uint64_t first, uint64_t second, strata_hash_key key) {
    if (has_aes) {
        return hash_words_aes(first, second, key);
    }
    uint64_t words[2] = {first, second};
    return strata_hash_bytes_sip(words, sizeof words, key);
}
#else
uint64_t strata_hash_words(uint64_t first, uint64_t second, strata_hash_key key) {
    uint64_t words[2] = {first, second};
    return strata_hash_bytes_sip(words, sizeof words, key);
}
int strata_hash_has_aes(void) { return 0; }
uint64_t strata_hash_bytes_aes(const void *bytes, size_t count, strata_hash_key key) {
    return strata_hash_bytes_sip(bytes, count, key);
}
#endif

uint64_t strata_hash_bytes(const void *bytes, size_t count, strata_hash_key key) {
    return strata_hash_has_aes() ? strata_hash_bytes_aes(bytes, count, key) : strata_hash_bytes_sip(bytes, count, key);
}
