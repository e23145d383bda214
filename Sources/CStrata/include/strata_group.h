#ifndef STRATA_GROUP_H
#define STRATA_GROUP_H

#include <stdint.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

// The control bytes of a group of 16 slots, loaded once. A writer changes single bytes while readers load all 16; each
// byte is seen either before or after its change. The load is an acquire: on x86-64 every load is; elsewhere the two
// halves are loaded with acquire order.
typedef struct strata_group {
#if defined(__SSE2__)
    __m128i bytes;
#else
    uint64_t low, high;
#endif
} strata_group;

static inline __attribute__((always_inline)) strata_group strata_group_load(const void *control) {
    strata_group group;
#if defined(__SSE2__) && defined(STRATA_THREAD_SANITIZER)
    // Two atomic loads, which the sanitizer takes for what the one plain load is to the processor. Swift's importer doesn't
    // know that it compiles for the sanitizer, so the build has to say it: scripts/check does.
    group.bytes = _mm_set_epi64x(
        (long long)__atomic_load_n((const uint64_t *)control + 1, __ATOMIC_ACQUIRE),
        (long long)__atomic_load_n((const uint64_t *)control, __ATOMIC_ACQUIRE)
    );
#elif defined(__SSE2__)
    group.bytes = *(const volatile __m128i *)control;
    __asm__ volatile("" ::: "memory");
#else
    group.low = __atomic_load_n((const uint64_t *)control, __ATOMIC_ACQUIRE);
    group.high = __atomic_load_n((const uint64_t *)control + 1, __ATOMIC_ACQUIRE);
#endif
    return group;
}

// A mask with bit i set where control byte i equals `byte`.
static inline __attribute__((always_inline)) uint32_t strata_group_match(strata_group group, uint8_t byte) {
#if defined(__SSE2__)
    return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(group.bytes, _mm_set1_epi8((char)byte)));
#elif defined(__aarch64__)
    static const uint8_t weights[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    uint8x16_t bytes = vreinterpretq_u8_u64(vcombine_u64(vcreate_u64(group.low), vcreate_u64(group.high)));
    uint8x16_t bits = vandq_u8(vceqq_u8(bytes, vdupq_n_u8(byte)), vld1q_u8(weights));
    return (uint32_t)vaddv_u8(vget_low_u8(bits)) | ((uint32_t)vaddv_u8(vget_high_u8(bits)) << 8);
#else
    uint32_t mask = 0;
    for (int i = 0; i < 8; i++) {
        mask |= (uint32_t)(((group.low >> (8 * i)) & 0xff) == byte) << i;
        mask |= (uint32_t)(((group.high >> (8 * i)) & 0xff) == byte) << (i + 8);
    }
    return mask;
#endif
}

static inline __attribute__((always_inline)) void strata_prefetch(const void *address) {
    __builtin_prefetch(address, 0, 3);
}

#endif
