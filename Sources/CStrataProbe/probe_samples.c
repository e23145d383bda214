// Objects picked out by chance, to be timed from their allocation to their end, and where calls come from.
#include "probe_internal.h"

#include <execinfo.h>
#include <string.h>

#define OWN_FRAMES 2

void sample_add(uint64_t object, uint32_t type, uint32_t stack, uint64_t ticks, uint64_t random) {
    struct strata_probe_sample *bucket = &probe_channel->samples[(hash_of(object) * 8u) % STRATA_PROBE_SAMPLES];
    struct strata_probe_sample *place = NULL;
    for (uint32_t index = 0; index < 8 && place == NULL; index++) {
        uint64_t empty = 0;
        if (__atomic_compare_exchange_n(&bucket[index].object, &empty, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
            place = &bucket[index];
        }
    }
    if (place == NULL) {
        // Full: one of them makes room, whichever.
        place = &bucket[random % 8];
        uint64_t present = __atomic_load_n(&place->object, __ATOMIC_RELAXED);
        if (present <= 1 ||
            !__atomic_compare_exchange_n(&place->object, &present, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
            return;
        }
        __atomic_fetch_add(&probe_channel->types[place->type].dropped, 1, __ATOMIC_RELAXED);
        __atomic_fetch_sub(filter_of(present), 1, __ATOMIC_RELAXED);
    }
    place->ticks = ticks;
    place->type = type;
    place->stack = stack;
    // At most all samples share one of its bytes, which would overflow; then some lifetimes are missed.
    __atomic_fetch_add(filter_of(object), 1, __ATOMIC_RELAXED);
    __atomic_store_n(&place->object, object, __ATOMIC_RELEASE);
}

void sample_end(uint64_t object) {
    struct strata_probe_sample *bucket = &probe_channel->samples[(hash_of(object) * 8u) % STRATA_PROBE_SAMPLES];
    for (uint32_t index = 0; index < 8; index++) {
        uint64_t present = object;
        if (__atomic_load_n(&bucket[index].object, __ATOMIC_RELAXED) != object ||
            !__atomic_compare_exchange_n(&bucket[index].object, &present, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
            continue;
        }
        uint64_t lived = ticks_now() - bucket[index].ticks;
        struct strata_probe_type *type = &probe_channel->types[bucket[index].type];
        __atomic_fetch_add(&type->lifetime[strata_probe_bucket(lived)], 1, __ATOMIC_RELAXED);
        __atomic_fetch_sub(filter_of(object), 1, __ATOMIC_RELAXED);
        __atomic_store_n(&bucket[index].object, 0, __ATOMIC_RELEASE);
        return;
    }
}

uint32_t stack_note(uint32_t type, uint32_t kind, uint64_t bytes) {
    // By the tables for exceptions: optimised Swift code keeps no frame pointers. The first two are the probe's own.
    void *found[STRATA_PROBE_FRAMES + OWN_FRAMES];
    int count = backtrace(found, STRATA_PROBE_FRAMES + OWN_FRAMES) - OWN_FRAMES;
    if (count <= 0) {
        return 0;
    }
    uint32_t depth = (uint32_t)count;
    uint64_t frames[STRATA_PROBE_FRAMES];
    uint64_t hash = 0xcbf29ce484222325u ^ type ^ ((uint64_t)kind << 32);
    for (uint32_t index = 0; index < depth; index++) {
        frames[index] = (uint64_t)(uintptr_t)found[index + OWN_FRAMES];
        hash = (hash ^ frames[index]) * 0x100000001b3u;
    }
    hash |= 1;
    uint32_t index = (uint32_t)(hash >> 32) % STRATA_PROBE_STACKS;
    for (uint32_t probes = 0; probes < 64; probes++, index = (index + 1) % STRATA_PROBE_STACKS) {
        struct strata_probe_stack *stack = &probe_channel->stacks[index];
        uint64_t present = __atomic_load_n(&stack->key, __ATOMIC_ACQUIRE);
        if (present == 0 && __atomic_compare_exchange_n(&stack->key, &present, hash, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
            memcpy(stack->frames, frames, depth * sizeof frames[0]);
            stack->depth = depth;
            stack->type = type;
            stack->kind = kind;
            __atomic_store_n(&stack->ready, 1, __ATOMIC_RELEASE);
            present = hash;
        }
        if (present == hash) {
            __atomic_fetch_add(&stack->count, 1, __ATOMIC_RELAXED);
            __atomic_fetch_add(&stack->bytes, bytes, __ATOMIC_RELAXED);
            return index + 1;
        }
    }
    return 0;
}
