// Which storage takes the place of which.
//
// A dictionary or set asks the runtime for its next storage and says which one that is made from: a hook in front of that function notes it.
// Code that was inlined doesn't ask; then, as with arrays, it is known when the storage before is freed without elements, because they moved.
#include "probe_internal.h"

static void transition_count(const struct strata_probe_open *open, uint32_t cause, uint64_t ticks, uint64_t count) {
    uint64_t key = ((uint64_t)open->type + 1) << 8 | cause;
    uint64_t hash = key * 0x9e3779b97f4a7c15u ^ open->old_capacity * 0xc2b2ae3d27d4eb4fu ^ open->new_capacity * 0x165667b19e3779f9u;
    uint32_t index = (uint32_t)(hash >> 33) % STRATA_PROBE_TRANSITIONS;
    for (uint32_t probes = 0; probes < 128; probes++, index = (index + 1) % STRATA_PROBE_TRANSITIONS) {
        struct strata_probe_transition *place = &probe_channel->transitions[index];
        uint64_t present = __atomic_load_n(&place->key, __ATOMIC_ACQUIRE);
        while (present == 1) {
            present = __atomic_load_n(&place->key, __ATOMIC_ACQUIRE); // another thread is writing it, three stores
        }
        if (present == 0) {
            if (!__atomic_compare_exchange_n(&place->key, &present, 1, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
                probes--, index--; // somebody took it: look at it again
                continue;
            }
            place->old_capacity = open->old_capacity;
            place->new_capacity = open->new_capacity;
            place->bytes = open->bytes;
            __atomic_store_n(&place->key, key, __ATOMIC_RELEASE);
            present = key;
        }
        if (present != key || place->old_capacity != open->old_capacity || place->new_capacity != open->new_capacity) {
            continue;
        }
        __atomic_fetch_add(&place->count, count, __ATOMIC_RELAXED);
        if (ticks != 0) {
            __atomic_fetch_add(&place->timed, 1, __ATOMIC_RELAXED);
            __atomic_fetch_add(&place->ticks, ticks, __ATOMIC_RELAXED);
            uint64_t longest = __atomic_load_n(&place->longest, __ATOMIC_RELAXED);
            while (longest < ticks &&
                !__atomic_compare_exchange_n(&place->longest, &longest, ticks, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
            }
        }
        return;
    }
    __atomic_fetch_add(&probe_channel->lost_transitions, 1, __ATOMIC_RELAXED);
}

static void event_note(
    struct strata_probe_thread *thread, const struct strata_probe_open *open, uint32_t cause, uint64_t now, uint64_t duration) {
    uint64_t index = __atomic_fetch_add(&probe_channel->event_count, 1, __ATOMIC_RELAXED);
    struct strata_probe_event *event = &probe_channel->events[index % STRATA_PROBE_EVENTS];
    __atomic_store_n(&event->sequence, 0, __ATOMIC_RELAXED);
    __atomic_thread_fence(__ATOMIC_RELEASE);
    event->ticks = now;
    event->old_capacity = open->old_capacity;
    event->new_capacity = open->new_capacity;
    event->bytes = open->bytes;
    event->duration = duration;
    event->original = open->original;
    event->object = open->object;
    event->type = open->type;
    event->cause = cause;
    event->tid = thread->tid;
    event->stack = open->stack;
    __atomic_store_n(&event->sequence, index + 1, __ATOMIC_RELEASE);
}

void growth_record(
    struct strata_probe_thread *thread, const struct strata_probe_open *open, uint32_t cause, bool is_over) {
    uint64_t now = ticks_now();
    uint64_t duration = is_over ? now - open->ticks : 0;
    transition_count(open, cause, duration, 1);
    event_note(thread, open, cause, now, duration);
}

void storage_released(struct strata_probe_thread *thread, uint64_t object, uint32_t type, uint64_t bytes) {
    struct strata_probe_open open = {.object = object, .type = type, .bytes = bytes};
    event_note(thread, &open, STRATA_PROBE_RELEASED, ticks_now(), 0);
}

// Bytes of a dictionary's or set's storage with 2^scale buckets: header, a bit per bucket in words, keys, values.
static uint64_t hashed_bytes(const struct strata_probe_type *type, uint32_t scale) {
    uint64_t buckets = (uint64_t)1 << scale;
    uint64_t bytes = type->header + (buckets + 63) / 64 * 8;
    bytes = (bytes + type->masks[0]) & ~(uint64_t)type->masks[0];
    bytes += buckets * type->strides[0];
    if (type->kind == STRATA_PROBE_DICTIONARY) {
        bytes = (bytes + type->masks[1]) & ~(uint64_t)type->masks[1];
        bytes += buckets * type->strides[1];
    }
    return bytes;
}

// How many elements a storage of so many bytes holds before it grows.
uint64_t strata_probe_capacity(const struct strata_probe_type *type, uint64_t bytes, uint64_t usable) {
    if (type->kind == STRATA_PROBE_ARRAY) {
        uint64_t start = (type->header + type->masks[0]) & ~(uint64_t)type->masks[0];
        return type->strides[0] == 0 || usable < start ? 0 : (usable - start) / type->strides[0];
    }
    for (uint32_t scale = 0; scale < 48; scale++) {
        uint64_t needed = hashed_bytes(type, scale);
        if (needed >= bytes) {
            return ((uint64_t)1 << scale) * 3 / 4;
        }
    }
    return 0;
}

// Adds what a thread has counted by itself to the transitions.
static __attribute__((noinline)) void growth_flush(struct strata_probe_growth *growth) {
    struct strata_probe_type *type = &probe_channel->types[growth->type];
    struct strata_probe_open open = {
        .type = growth->type,
        .bytes = growth->bytes,
        .old_capacity = growth->old_capacity,
        .new_capacity = strata_probe_capacity(type, growth->bytes, growth->usable),
    };
    transition_count(&open, STRATA_PROBE_GROWTH, 0, growth->count);
    growth->count = 0;
}

void array_grown(struct strata_probe_thread *thread, uint64_t original, uint64_t old_capacity) {
    struct strata_probe_array *array = &thread->array;
    if (array->ticks != 0) {
        struct strata_probe_open open = {
            .object = array->object,
            .original = original,
            .bytes = array->bytes,
            .old_capacity = old_capacity,
            .new_capacity = strata_probe_capacity(&probe_channel->types[array->type], array->bytes, array->usable),
            .ticks = array->ticks,
            .type = array->type,
            .stack = array->stack,
        };
        growth_record(thread, &open, STRATA_PROBE_GROWTH, true);
        return;
    }
    // Small arrays come and go by the million: their growths are counted, by the thread alone as long as it can, and are no events.
    struct strata_probe_growth *growth =
        &thread->growths[(array->type * 7u + (uint32_t)(array->usable >> 4) + (uint32_t)old_capacity) % STRATA_PROBE_GROWTHS];
    bool is_same = growth->type == array->type && growth->usable == array->usable && growth->old_capacity == old_capacity;
    if (UNLIKELY(!is_same && growth->count != 0)) {
        growth_flush(growth);
    }
    if (!is_same) {
        growth->type = array->type;
        growth->usable = array->usable;
        growth->old_capacity = old_capacity;
        growth->bytes = array->bytes;
    }
    growth->count += 1;
}

// Decides what can be decided: the caller said what the storage is for, or it must wait for what is freed.
void hashed_allocated(struct strata_probe_thread *thread, struct strata_probe_open *new_storage) {
    uint32_t hint = thread->hint;
    thread->hint = HINT_NONE;
    if (hint == HINT_MOVE || hint == HINT_ENLARGE) {
        new_storage->original = thread->hint_original;
        new_storage->old_capacity = header_capacity(thread->hint_original, STRATA_PROBE_DICTIONARY);
        if (new_storage->old_capacity == 0) {
            new_storage->original = 0; // the empty storage that all share: there is nothing to move
            growth_record(thread, new_storage, STRATA_PROBE_GROWTH, true);
            return;
        }
        if (hint == HINT_ENLARGE) {
            growth_record(thread, new_storage,
                new_storage->old_capacity < new_storage->new_capacity ? STRATA_PROBE_REGROWN : STRATA_PROBE_COPY, false);
            return;
        }
    } else if (hint == HINT_COPY) {
        new_storage->original = thread->hint_original;
        new_storage->old_capacity = header_capacity(thread->hint_original, STRATA_PROBE_DICTIONARY);
        growth_record(thread, new_storage, STRATA_PROBE_COPY, false);
        return;
    } else if (hint == HINT_NEW) {
        growth_record(thread, new_storage, STRATA_PROBE_NEW, true);
        return;
    }
    struct strata_probe_open *place = NULL;
    for (uint32_t index = 0; index < STRATA_PROBE_OPEN && place == NULL; index++) {
        place = thread->open[index].object == 0 ? &thread->open[index] : NULL;
    }
    if (place == NULL) {
        place = &thread->open[thread->open_next++ % STRATA_PROBE_OPEN];
        growth_record(thread, place, place->original != 0 ? STRATA_PROBE_GROWTH : STRATA_PROBE_NEW, false);
    }
    *place = *new_storage;
}

bool hashed_freed(struct strata_probe_thread *thread, uint64_t object, uint64_t metadata) {
    const struct storage_header *header = (const struct storage_header *)(uintptr_t)object;
    struct strata_probe_open *successor = NULL;
    for (uint32_t index = 0; index < STRATA_PROBE_OPEN; index++) {
        struct strata_probe_open *open = &thread->open[index];
        if (open->object == object) {
            growth_record(thread, open, STRATA_PROBE_NEW, false);
            open->object = 0;
        } else if (open->object != 0 && open->original == object) {
            successor = open;
            break;
        } else if (
            open->object != 0 && open->original == 0 && open->metadata == metadata && header->count == 0 &&
            (successor == NULL || successor->ticks < open->ticks)) {
            successor = open;
        }
    }
    if (successor != NULL) {
        successor->original = object;
        successor->old_capacity = header->capacity;
        growth_record(thread, successor,
            header->capacity < successor->new_capacity ? STRATA_PROBE_GROWTH : STRATA_PROBE_SHRUNK, true);
        successor->object = 0;
    }
    return successor != NULL;
}
