#pragma once

#include "probe_channel.h"

#define HIDDEN __attribute__((visibility("hidden")))
#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

// Which of the buckets a duration falls into: two for each power of two.
static inline uint32_t strata_probe_bucket(uint64_t ticks) {
    if (ticks < 2) {
        return 0;
    }
    uint32_t power = 63u - (uint32_t)__builtin_clzll(ticks);
    uint32_t bucket = power * 2 + (uint32_t)((ticks >> (power - 1)) & 1);
    return bucket < STRATA_PROBE_BUCKETS ? bucket : STRATA_PROBE_BUCKETS - 1;
}

// How many elements of a storage of type `type` fit into the bytes that it was given: `bytes` asked for, `usable` got.
HIDDEN uint64_t strata_probe_capacity(const struct strata_probe_type *type, uint64_t bytes, uint64_t usable);

// The functions and descriptors of the runtime that are looked for, in this order.
enum runtime_symbol {
    SYMBOL_ALLOCATE,
    SYMBOL_DEALLOCATE,
    SYMBOL_DICTIONARY,
    SYMBOL_SET,
    SYMBOL_ARRAY,
    SYMBOL_DICTIONARY_RESIZE,
    SYMBOL_DICTIONARY_COPY,
    SYMBOL_DICTIONARY_ALLOCATE,
    SYMBOL_SET_RESIZE,
    SYMBOL_SET_COPY,
    SYMBOL_SET_ALLOCATE,
    // What generic code in the runtime itself grows by. Some aren't exported: a runtime whose file was stripped has them, but nobody finds them.
    SYMBOL_DICTIONARY_GROW,
    SYMBOL_DICTIONARY_DUPLICATE,
    SYMBOL_SET_GROW,
    SYMBOL_SET_ENLARGE,
    SYMBOL_SET_DUPLICATE,
    SYMBOL_BOX,
    SYMBOL_COUNT,
};

struct runtime {
    uintptr_t addresses[SYMBOL_COUNT];
};

// Finds the runtime among what is loaded. Returns whether there is one.
HIDDEN bool runtime_find(struct runtime *runtime);

// Notes the loaded objects in the channel.
HIDDEN void runtime_note_modules(struct strata_probe_channel *channel);

// Leads calls of `function` to `replacement` and puts into `*original` where to call the function as it was. Returns false if its beginning isn't
// understood or its page can't be written; `reason` then says which, and nothing is changed.
HIDDEN bool code_patch(uintptr_t function, void *replacement, void **original, const char **reason);

// Leads calls of a function that does nothing to `replacement`, which returns to its caller.
HIDDEN bool code_replace_empty(uintptr_t function, void *replacement, const char **reason);

// Writes a type's name, and for storages how their elements lie. Reads memory only: may be called anywhere.
HIDDEN void type_describe(struct strata_probe_type *type, const struct runtime *runtime);

// The channel and the runtime of this process.
HIDDEN extern struct strata_probe_channel *probe_channel;
HIDDEN extern struct runtime probe_runtime;

// Begins to count. Returns a state.
HIDDEN int hooks_install(struct strata_probe_channel *channel);

#if defined(__x86_64__)
#define PAUSE() __builtin_ia32_pause()
#else
#define PAUSE() ((void)0)
#endif

static inline uint64_t ticks_now(void) {
#if defined(__x86_64__)
    return __builtin_ia32_rdtsc();
#else
    return 0;
#endif
}

static inline uint32_t hash_of(uint64_t value) { return (uint32_t)((value * 0x9e3779b97f4a7c15u) >> 40); }

// Where samples with this address's hash are counted.
static inline uint8_t *filter_of(uint64_t object) { return &probe_channel->filter[(object * 0x9e3779b97f4a7c15u) >> 50]; }

// Watches an object until it is freed. Another sample may have to make room for it: `random` says which.
HIDDEN void sample_add(uint64_t object, uint32_t type, uint32_t stack, uint64_t ticks, uint64_t random);

// The object is freed; it may be a sample.
HIDDEN void sample_end(uint64_t object);

// Notes where the running hook was called from. Returns the index of the stack + 1, 0 if there is none.
HIDDEN uint32_t stack_note(uint32_t type, uint32_t kind, uint64_t bytes);

// What the next storage of a dictionary or set is for.
enum hint { HINT_NONE, HINT_MOVE, HINT_ENLARGE, HINT_COPY, HINT_NEW };

// How every storage begins.
struct storage_header {
    uint64_t metadata;
    uint64_t references;
    uint64_t count;
    uint64_t capacity; // arrays: twice that, the lowest bit is a flag
};

static inline uint64_t header_capacity(uint64_t object, uint32_t kind) {
    uint64_t capacity = ((const struct storage_header *)(uintptr_t)object)->capacity;
    return kind == STRATA_PROBE_ARRAY ? capacity >> 1 : capacity;
}

// Counts a storage that took another's place and notes it as an event; `is_over` says that the time it took is known.
HIDDEN void growth_record(
    struct strata_probe_thread *thread, const struct strata_probe_open *open, uint32_t cause, bool is_over);

// The thread allocated a dictionary's or set's storage.
HIDDEN void hashed_allocated(struct strata_probe_thread *thread, struct strata_probe_open *new_storage);

// A storage of some size is freed and no other takes its place.
HIDDEN void storage_released(struct strata_probe_thread *thread, uint64_t object, uint32_t type, uint64_t bytes);

// The thread frees one. Returns whether another one takes its place.
HIDDEN bool hashed_freed(struct strata_probe_thread *thread, uint64_t object, uint64_t metadata);

// The array storage that the thread has just allocated took the place of `original`.
HIDDEN void array_grown(struct strata_probe_thread *thread, uint64_t original, uint64_t old_capacity);
