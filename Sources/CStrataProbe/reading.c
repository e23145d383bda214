// Reads a channel.
#include "probe_internal.h"

#include <stdlib.h>
#include <string.h>

void strata_probe_read_summary(const struct strata_probe_channel *channel, struct strata_probe_summary *summary) {
    const uint32_t hints = 1u << SYMBOL_DICTIONARY_RESIZE;
    *summary = (struct strata_probe_summary){
        .state = __atomic_load_n(&channel->state, __ATOMIC_ACQUIRE),
        .pid = channel->pid,
        .hooks = channel->hooks,
        .threads = channel->thread_count,
        .generation = channel->generation,
        .later = channel->later != 0,
        .has_hints = (channel->hooks & hints) != 0,
        .start_ticks = channel->start_ticks,
        .start_nanoseconds = channel->start_nanoseconds,
        .events = __atomic_load_n(&channel->event_count, __ATOMIC_ACQUIRE),
        .lost_types = channel->lost_types,
        .lost_transitions = channel->lost_transitions,
        .message = channel->message,
    };
}

void strata_probe_read_counts(const struct strata_probe_channel *channel, struct strata_probe_counts *counts) {
    memset(counts, 0, STRATA_PROBE_TYPES * sizeof *counts);
    for (uint32_t index = 0; index < STRATA_PROBE_THREADS; index++) {
        const struct strata_probe_thread *thread = &channel->threads[index];
        if (__atomic_load_n(&thread->state, __ATOMIC_ACQUIRE) == 0) {
            continue;
        }
        for (uint32_t place = 0; place < STRATA_PROBE_SLOTS; place++) {
            const struct strata_probe_slot *slot = &thread->slots[place];
            if (__atomic_load_n(&slot->metadata, __ATOMIC_ACQUIRE) == 0) {
                continue;
            }
            struct strata_probe_counts *sum = &counts[slot->type];
            sum->allocations += slot->allocations;
            sum->bytes += slot->bytes;
            sum->frees += slot->frees;
            sum->storage_bytes += slot->storage_bytes;
        }
    }
}

void strata_probe_read_type(
    const struct strata_probe_channel *channel, uint32_t index, struct strata_probe_type_summary *summary) {
    const struct strata_probe_type *type = &channel->types[index];
    bool is_ready = __atomic_load_n(&type->ready, __ATOMIC_ACQUIRE) != 0;
    *summary = (struct strata_probe_type_summary){
        .name = is_ready ? type->name : NULL,
        .kind = type->kind,
        .sampled = type->sampled,
        .dropped = type->dropped,
        .latency = type->latency,
        .lifetime = type->lifetime,
    };
}

size_t strata_probe_read_growths(const struct strata_probe_channel *channel, struct strata_probe_growths *growths, size_t room) {
    size_t count = 0;
#define PUT(...)                                                                                                       \
    do {                                                                                                               \
        if (count < room) growths[count] = (struct strata_probe_growths){__VA_ARGS__};                                 \
        count += 1;                                                                                                    \
    } while (0)
    for (uint32_t index = 0; index < STRATA_PROBE_TRANSITIONS; index++) {
        const struct strata_probe_transition *transition = &channel->transitions[index];
        uint64_t key = __atomic_load_n(&transition->key, __ATOMIC_ACQUIRE);
        if (key > 1) {
            PUT(.old_capacity = transition->old_capacity, .new_capacity = transition->new_capacity,
                .bytes = transition->bytes, .count = transition->count, .timed = transition->timed,
                .ticks = transition->ticks, .longest = transition->longest, .type = (uint32_t)(key >> 8) - 1,
                .cause = (uint32_t)key & 0xff);
        }
    }
    for (uint32_t index = 0; index < STRATA_PROBE_THREADS; index++) {
        const struct strata_probe_thread *thread = &channel->threads[index];
        if (__atomic_load_n(&thread->state, __ATOMIC_ACQUIRE) == 0) {
            continue;
        }
        for (uint32_t place = 0; place < STRATA_PROBE_GROWTHS; place++) {
            struct strata_probe_growth growth = thread->growths[place];
            if (growth.count != 0) {
                PUT(.old_capacity = growth.old_capacity,
                    .new_capacity = strata_probe_capacity(&channel->types[growth.type], growth.bytes, growth.usable),
                    .bytes = growth.bytes, .count = growth.count, .type = growth.type, .cause = STRATA_PROBE_GROWTH);
            }
        }
        // Those that nothing has been decided about count as what they are as far as is known.
        for (uint32_t place = 0; place < STRATA_PROBE_OPEN; place++) {
            struct strata_probe_open open = thread->open[place];
            if (open.object != 0) {
                PUT(.old_capacity = open.old_capacity, .new_capacity = open.new_capacity, .bytes = open.bytes, .count = 1,
                    .type = open.type, .cause = open.original != 0 ? STRATA_PROBE_GROWTH : STRATA_PROBE_NEW);
            }
        }
    }
#undef PUT
    return count;
}

bool strata_probe_read_event(const struct strata_probe_channel *channel, uint64_t index, struct strata_probe_event *event) {
    const struct strata_probe_event *place = &channel->events[index % STRATA_PROBE_EVENTS];
    if (__atomic_load_n(&place->sequence, __ATOMIC_ACQUIRE) != index + 1) {
        return false;
    }
    *event = *place;
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    return __atomic_load_n(&place->sequence, __ATOMIC_RELAXED) == index + 1;
}

size_t strata_probe_read_samples(const struct strata_probe_channel *channel, uint32_t *types, uint64_t *ticks) {
    size_t count = 0;
    for (uint32_t index = 0; index < STRATA_PROBE_SAMPLES; index++) {
        const struct strata_probe_sample *sample = &channel->samples[index];
        if (__atomic_load_n(&sample->object, __ATOMIC_ACQUIRE) > 1) {
            types[count] = sample->type;
            ticks[count] = sample->ticks;
            count += 1;
        }
    }
    return count;
}

void strata_probe_read_stack(
    const struct strata_probe_channel *channel, uint32_t index, struct strata_probe_stack_summary *summary) {
    const struct strata_probe_stack *stack = &channel->stacks[index];
    bool is_ready = __atomic_load_n(&stack->ready, __ATOMIC_ACQUIRE) != 0;
    *summary = (struct strata_probe_stack_summary){
        .count = stack->count,
        .bytes = stack->bytes,
        .type = stack->type,
        .kind = stack->kind,
        .depth = is_ready ? stack->depth : 0,
        .frames = stack->frames,
    };
}

void strata_probe_read_module(
    const struct strata_probe_channel *channel, uint32_t index, struct strata_probe_module_summary *summary) {
    const struct strata_probe_module *module = &channel->modules[index];
    *summary = (struct strata_probe_module_summary){
        .base = module->base,
        .start = module->start,
        .end = module->end,
        .path = index < channel->module_count ? module->path : NULL,
    };
}

uint64_t strata_probe_bucket_start(uint32_t bucket) {
    if (bucket < 2) {
        return bucket;
    }
    uint64_t power = (uint64_t)1 << (bucket / 2);
    return bucket % 2 == 0 ? power : power + power / 2;
}

// In the Swift runtime that the watcher itself is linked with.
extern char *swift_demangle(const char *name, size_t length, char *output, size_t *output_length, uint32_t flags);

char *strata_probe_demangled(const char *symbol) { return swift_demangle(symbol, strlen(symbol), NULL, NULL, 0); }
