// The functions that calls of the runtime come through, and what they count.
//
// A call that isn't sampled and whose type isn't a storage costs a look at the thread's table of types and three additions. Nothing here takes
// a lock, calls Swift or allocates memory of the program's.
#define _GNU_SOURCE
#include "probe_internal.h"

#include <execinfo.h>
#include <malloc.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

struct strata_probe_channel *probe_channel;
struct runtime probe_runtime;

typedef void *(*allocate_function)(const void *metadata, size_t size, size_t mask);
typedef void (*deallocate_function)(void *object, size_t size, size_t mask);
typedef __attribute__((swiftcall)) void *(*resize_function)(
    void *original, intptr_t capacity, bool move, __attribute__((swift_context)) const void *type);
typedef __attribute__((swiftcall)) void *(*copy_function)(void *original, __attribute__((swift_context)) const void *type);
typedef __attribute__((swiftcall)) void *(*new_function)(intptr_t capacity, __attribute__((swift_context)) const void *type);

// A method of a dictionary or set in the runtime: whatever it takes, passed on as it is; its own storage is where the context points.
typedef __attribute__((swiftcall)) void (*method)(
    uintptr_t, uintptr_t, uintptr_t, uintptr_t, uintptr_t, uintptr_t, __attribute__((swift_context)) void **storage);

// A box and where in it the variable lies.
struct box {
    void *object;
    void *variable;
};
typedef __attribute__((swiftcall)) struct box (*box_function)(const void *type);

static allocate_function real_allocate;
static box_function real_box;
static deallocate_function real_deallocate;
static resize_function real_dictionary_resize, real_set_resize;
static copy_function real_dictionary_copy, real_set_copy;
static new_function real_dictionary_new, real_set_new;
static method real_dictionary_grow, real_dictionary_duplicate, real_set_grow, real_set_enlarge, real_set_duplicate;

static __attribute__((tls_model("initial-exec"))) _Thread_local struct strata_probe_thread *current;
static pthread_key_t thread_key;

// Array storages of at least so many bytes have their growth timed every time, smaller ones when they are sampled: reading the processor's
// counter costs as much as a small allocation.
#define TIMED_BYTES 1024

// MARK: - Threads

static void thread_ended(void *value) {
    struct strata_probe_thread *thread = value;
    for (uint32_t index = 0; index < STRATA_PROBE_OPEN; index++) {
        struct strata_probe_open *open = &thread->open[index];
        if (open->object != 0) {
            growth_record(thread, open, open->original != 0 ? STRATA_PROBE_GROWTH : STRATA_PROBE_NEW, false);
            open->object = 0;
        }
    }
    current = NULL;
    __atomic_store_n(&thread->state, 1, __ATOMIC_RELEASE);
}

static uint64_t next_random(struct strata_probe_thread *thread) {
    uint64_t value = thread->random;
    value ^= value << 13;
    value ^= value >> 7;
    value ^= value << 17;
    thread->random = value;
    return value;
}

// Allocations until the next sample: evenly distributed with the interval as its mean, so that no rhythm of the program is in step with it.
static uint64_t next_countdown(struct strata_probe_thread *thread) {
    uint32_t interval = probe_channel->interval;
    return interval == 0 ? UINT64_MAX : interval == 1 ? 1 : 1 + next_random(thread) % (2 * (uint64_t)interval - 1);
}

static __attribute__((noinline, cold)) struct strata_probe_thread *thread_claim(void) {
    struct strata_probe_channel *channel = probe_channel;
    struct strata_probe_thread *thread = NULL;
    for (uint32_t index = 0; index < STRATA_PROBE_THREADS && thread == NULL; index++) {
        struct strata_probe_thread *candidate = &channel->threads[index];
        uint32_t state = __atomic_load_n(&candidate->state, __ATOMIC_RELAXED);
        if (state != 2 && __atomic_compare_exchange_n(&candidate->state, &state, 2, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
            thread = candidate;
        }
    }
    if (thread == NULL) {
        // More threads at once than there is room for: they share the last place, and its counts may miss some.
        thread = &channel->threads[STRATA_PROBE_THREADS - 1];
    }
    thread->tid = (int32_t)syscall(SYS_gettid);
    thread->random = 0x9e3779b97f4a7c15u ^ ((uint64_t)(uint32_t)thread->tid << 20) ^ ticks_now();
    thread->countdown = next_countdown(thread);
    thread->hint = 0;
    thread->array.object = 0;
    __atomic_fetch_add(&channel->thread_count, 1, __ATOMIC_RELAXED);
    current = thread;
    pthread_setspecific(thread_key, thread);
    return thread;
}

static inline struct strata_probe_thread *this_thread(void) {
    struct strata_probe_thread *thread = current;
    return LIKELY(thread != NULL) ? thread : thread_claim();
}

// MARK: - Types

// The index of a type in the channel, which it gets when it is first seen. STRATA_PROBE_TYPES if there is no room.
static uint32_t type_index(uint64_t metadata) {
    struct strata_probe_channel *channel = probe_channel;
    uint32_t index = hash_of(metadata) % STRATA_PROBE_TYPES;
    for (uint32_t probes = 0; probes < STRATA_PROBE_TYPES; probes++, index = (index + 1) % STRATA_PROBE_TYPES) {
        struct strata_probe_type *type = &channel->types[index];
        uint64_t present = __atomic_load_n(&type->metadata, __ATOMIC_ACQUIRE);
        if (present == 0 &&
            __atomic_compare_exchange_n(&type->metadata, &present, metadata, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
            type_describe(type, &probe_runtime);
            __atomic_store_n(&type->ready, 1, __ATOMIC_RELEASE);
            __atomic_fetch_add(&channel->type_count, 1, __ATOMIC_RELAXED);
            return index;
        }
        if (present == metadata) {
            while (__atomic_load_n(&type->ready, __ATOMIC_ACQUIRE) == 0) {
                PAUSE(); // another thread is at it; it only reads memory
            }
            return index;
        }
    }
    return STRATA_PROBE_TYPES;
}

static __attribute__((noinline, cold)) struct strata_probe_slot *slot_add(struct strata_probe_thread *thread, uint64_t metadata) {
    uint32_t index = hash_of(metadata) % STRATA_PROBE_SLOTS;
    for (uint32_t probes = 0; probes < 64; probes++, index = (index + 1) % STRATA_PROBE_SLOTS) {
        struct strata_probe_slot *slot = &thread->slots[index];
        if (slot->metadata == metadata) {
            return slot;
        }
        if (slot->metadata == 0) {
            uint32_t type = type_index(metadata);
            if (type == STRATA_PROBE_TYPES) {
                break;
            }
            slot->type = type;
            slot->kind = probe_channel->types[type].kind;
            __atomic_store_n(&slot->metadata, metadata, __ATOMIC_RELEASE);
            return slot;
        }
    }
    __atomic_fetch_add(&probe_channel->lost_types, 1, __ATOMIC_RELAXED);
    return &thread->slots[STRATA_PROBE_SLOTS];
}

static inline struct strata_probe_slot *slot_of(struct strata_probe_thread *thread, uint64_t metadata) {
    struct strata_probe_slot *slot = &thread->slots[hash_of(metadata) % STRATA_PROBE_SLOTS];
    return LIKELY(slot->metadata == metadata) ? slot : slot_add(thread, metadata);
}

// MARK: - The hooks

static inline void array_allocated(
    struct strata_probe_thread *thread, const struct strata_probe_slot *slot, void *object, size_t size, uint64_t usable,
    uint64_t start) {
    struct strata_probe_array *array = &thread->array;
    array->object = (uint64_t)(uintptr_t)object;
    array->metadata = slot->metadata;
    array->usable = usable;
    array->bytes = size;
    array->ticks = start;
    array->type = slot->type;
}

static __attribute__((noinline)) void *allocate_small_array(
    struct strata_probe_thread *thread, struct strata_probe_slot *slot, const void *metadata, size_t size, size_t mask) {
    void *object = real_allocate(metadata, size, mask);
    uint64_t usable = malloc_usable_size(object);
    slot->storage_bytes += (int64_t)usable;
    array_allocated(thread, slot, object, size, usable, 0);
    return object;
}

static __attribute__((noinline)) void *allocate_noted(
    struct strata_probe_thread *thread, struct strata_probe_slot *slot, const void *metadata, size_t size, size_t mask) {
    struct strata_probe_channel *channel = probe_channel;
    bool is_sampled = thread->countdown == 0;
    if (is_sampled) {
        thread->countdown = next_countdown(thread);
    }
    uint32_t kind = slot->kind;
    bool is_timed = is_sampled || kind == STRATA_PROBE_DICTIONARY || kind == STRATA_PROBE_SET || size >= TIMED_BYTES;
    uint64_t start = is_timed ? ticks_now() : 0;
    void *object = real_allocate(metadata, size, mask);
    if (slot == &thread->slots[STRATA_PROBE_SLOTS]) {
        return object;
    }
    struct strata_probe_type *type = &channel->types[slot->type];
    uint32_t stack = 0;
    if (channel->backtraces && is_timed && (kind != STRATA_PROBE_OTHER || is_sampled)) {
        stack = stack_note(slot->type, kind, size);
    }
    if (kind != STRATA_PROBE_OTHER) {
        uint64_t usable = malloc_usable_size(object);
        slot->storage_bytes += (int64_t)usable;
        if (kind == STRATA_PROBE_ARRAY) {
            array_allocated(thread, slot, object, size, usable, start);
            thread->array.stack = stack;
        } else {
            struct strata_probe_open storage = {
                .object = (uint64_t)(uintptr_t)object,
                .metadata = (uint64_t)(uintptr_t)metadata,
                .bytes = size,
                .new_capacity = strata_probe_capacity(type, size, usable),
                .ticks = start,
                .type = slot->type,
                .stack = stack,
            };
            hashed_allocated(thread, &storage);
        }
    }
    if (is_sampled) {
        uint64_t end = ticks_now();
        __atomic_fetch_add(&type->sampled, 1, __ATOMIC_RELAXED);
        __atomic_fetch_add(&type->latency[strata_probe_bucket(end - start)], 1, __ATOMIC_RELAXED);
        sample_add((uint64_t)(uintptr_t)object, slot->type, stack, end, thread->random >> 7);
    }
    return object;
}

static void *hook_allocate(const void *metadata, size_t size, size_t mask) {
    struct strata_probe_thread *thread = this_thread();
    struct strata_probe_slot *slot = slot_of(thread, (uint64_t)(uintptr_t)metadata);
    slot->allocations += 1;
    slot->bytes += size;
    thread->countdown -= 1;
    thread->array.object = 0;
    if (LIKELY(thread->countdown != 0 && slot->kind == STRATA_PROBE_OTHER)) {
        return real_allocate(metadata, size, mask);
    }
    if (thread->countdown != 0 && slot->kind == STRATA_PROBE_ARRAY && size < TIMED_BYTES) {
        return allocate_small_array(thread, slot, metadata, size, mask);
    }
    return allocate_noted(thread, slot, metadata, size, mask);
}

// Objects that the compiler put on the stack, or into a task's memory, are released like others but were never allocated. They begin with one
// unowned reference more, so that the runtime doesn't give their memory back. Storages have no unowned references otherwise; other objects may
// have, so the address decides about them.
static __attribute__((noinline)) bool is_on_stack(const void *object, uint32_t kind) {
    uint64_t counts = ((const uint64_t *)object)[1];
    if ((int64_t)counts < 0 || (uint32_t)counts >> 1 != 2) {
        return false; // counts elsewhere, or not as they'd be for such an object
    }
    uintptr_t here = (uintptr_t)__builtin_frame_address(0), there = (uintptr_t)object;
    return kind != STRATA_PROBE_OTHER || (there > here && there - here < (1 << 20));
}

static void array_freed(struct strata_probe_thread *thread, uint64_t object, bool is_smaller, uint32_t type, uint64_t usable) {
    // If the call before this one allocated a storage of this type, and this one is freed without elements, they have moved.
    if (is_smaller && ((const struct storage_header *)(uintptr_t)object)->count == 0) {
        array_grown(thread, object, header_capacity(object, STRATA_PROBE_ARRAY));
    } else if (usable >= TIMED_BYTES) {
        storage_released(thread, object, type, usable);
    }
}

static __attribute__((noinline)) void deallocate_noted(
    struct strata_probe_thread *thread, struct strata_probe_slot *slot, uint64_t object, uint64_t metadata, bool is_allocated) {
    if (is_allocated && UNLIKELY(*filter_of(object) != 0)) {
        sample_end(object);
    }
    const struct strata_probe_array *array = &thread->array;
    bool may_have_grown = array->object != 0 && array->metadata == metadata && array->object != object;
    if (slot->kind == STRATA_PROBE_ARRAY) {
        uint64_t usable = 0;
        bool is_smaller = may_have_grown;
        if (is_allocated) {
            usable = malloc_usable_size((void *)(uintptr_t)object);
            slot->storage_bytes -= (int64_t)usable;
            is_smaller = may_have_grown && usable < array->usable;
        } else if (may_have_grown) {
            is_smaller = header_capacity(object, STRATA_PROBE_ARRAY) <
                strata_probe_capacity(&probe_channel->types[array->type], array->bytes, array->usable);
        }
        array_freed(thread, object, is_smaller, slot->type, usable);
    } else if (slot->kind != STRATA_PROBE_OTHER) {
        uint64_t usable = is_allocated ? malloc_usable_size((void *)(uintptr_t)object) : 0;
        slot->storage_bytes -= (int64_t)usable;
        if (!hashed_freed(thread, object, metadata) && usable >= TIMED_BYTES) {
            storage_released(thread, object, slot->type, usable);
        }
    }
    thread->array.object = 0;
}

static void hook_deallocate(void *object, size_t size, size_t mask) {
    struct strata_probe_thread *thread = this_thread();
    uint64_t metadata = *(const uint64_t *)object;
    struct strata_probe_slot *slot = slot_of(thread, metadata);
    // One unowned reference and the flag that says there is nothing special: as nearly all objects are.
    uint32_t counts = ((const uint32_t *)object)[2];
    bool is_allocated = LIKELY(counts == 3) || !is_on_stack(object, slot->kind);
    slot->frees += is_allocated;
    if (UNLIKELY(slot->kind != STRATA_PROBE_OTHER || *filter_of((uint64_t)(uintptr_t)object) != 0)) {
        deallocate_noted(thread, slot, (uint64_t)(uintptr_t)object, metadata, is_allocated);
    } else {
        thread->array.object = 0;
    }
    real_deallocate(object, size, mask);
}

// Boxes of captured variables are allocated by the runtime without a call of the function for objects, unless that changes.
static __attribute__((swiftcall)) struct box hook_box(const void *type) {
    struct strata_probe_thread *thread = this_thread();
    uint64_t before = thread->countdown;
    struct box box = real_box(type);
    thread->array.object = 0;
    uint32_t counts = box.object == NULL ? 0 : ((const uint32_t *)box.object)[2];
    // Of variables without a size there is one box for all.
    if (before == thread->countdown && counts == 3) {
        struct strata_probe_slot *slot = slot_of(thread, *(const uint64_t *)box.object);
        slot->allocations += 1;
        slot->bytes += malloc_usable_size(box.object);
    }
    return box;
}

// What the runtime's own function for a storage is called for. It may allocate nothing, so the word doesn't outlive the call.
static void hint_set(uint32_t hint, void *original) {
    struct strata_probe_thread *thread = this_thread();
    thread->hint = hint;
    thread->hint_original = (uint64_t)(uintptr_t)original;
}

#define STORAGE_HOOKS(name)                                                                                            \
    static __attribute__((swiftcall)) void *hook_##name##_resize(                                                      \
        void *original, intptr_t capacity, bool move, __attribute__((swift_context)) const void *type) {               \
        hint_set(move ? HINT_MOVE : HINT_ENLARGE, original);                                                           \
        void *storage = real_##name##_resize(original, capacity, move, type);                                          \
        this_thread()->hint = HINT_NONE;                                                                               \
        return storage;                                                                                                \
    }                                                                                                                  \
    static __attribute__((swiftcall)) void *hook_##name##_copy(                                                        \
        void *original, __attribute__((swift_context)) const void *type) {                                             \
        hint_set(HINT_COPY, original);                                                                                 \
        void *storage = real_##name##_copy(original, type);                                                            \
        this_thread()->hint = HINT_NONE;                                                                               \
        return storage;                                                                                                \
    }                                                                                                                  \
    static __attribute__((swiftcall)) void *hook_##name##_new(                                                         \
        intptr_t capacity, __attribute__((swift_context)) const void *type) {                                          \
        hint_set(HINT_NEW, NULL);                                                                                      \
        void *storage = real_##name##_new(capacity, type);                                                             \
        this_thread()->hint = HINT_NONE;                                                                               \
        return storage;                                                                                                \
    }

STORAGE_HOOKS(dictionary)
STORAGE_HOOKS(set)

#define METHOD_HOOK(name, what)                                                                                        \
    static __attribute__((swiftcall)) void hook_##name(                                                                \
        uintptr_t first, uintptr_t second, uintptr_t third, uintptr_t fourth, uintptr_t fifth, uintptr_t sixth,        \
        __attribute__((swift_context)) void **storage) {                                                               \
        hint_set(what, *storage);                                                                                      \
        real_##name(first, second, third, fourth, fifth, sixth, storage);                                              \
        this_thread()->hint = HINT_NONE;                                                                               \
    }

METHOD_HOOK(dictionary_grow, (second & 1) != 0 ? HINT_MOVE : HINT_ENLARGE)
METHOD_HOOK(dictionary_duplicate, HINT_COPY)
METHOD_HOOK(set_grow, HINT_MOVE)
METHOD_HOOK(set_enlarge, HINT_ENLARGE)
METHOD_HOOK(set_duplicate, HINT_COPY)

// MARK: - Installing

// After a fork the child goes on without its watcher: what it counts goes to memory of its own.
static void forked(void) {
    mmap(probe_channel, sizeof *probe_channel, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1, 0);
    current = NULL;
}

int hooks_install(struct strata_probe_channel *channel) {
    static const struct {
        int symbol;
        void *hook;
        void *real; // of a pointer to a function
    } functions[] = {
        // The hints come first: an allocation that is seen before them would only be judged by what is freed after it.
        {SYMBOL_DICTIONARY_RESIZE, (void *)hook_dictionary_resize, &real_dictionary_resize},
        {SYMBOL_DICTIONARY_COPY, (void *)hook_dictionary_copy, &real_dictionary_copy},
        {SYMBOL_DICTIONARY_ALLOCATE, (void *)hook_dictionary_new, &real_dictionary_new},
        {SYMBOL_SET_RESIZE, (void *)hook_set_resize, &real_set_resize},
        {SYMBOL_SET_COPY, (void *)hook_set_copy, &real_set_copy},
        {SYMBOL_SET_ALLOCATE, (void *)hook_set_new, &real_set_new},
        {SYMBOL_DICTIONARY_GROW, (void *)hook_dictionary_grow, &real_dictionary_grow},
        {SYMBOL_DICTIONARY_DUPLICATE, (void *)hook_dictionary_duplicate, &real_dictionary_duplicate},
        {SYMBOL_SET_GROW, (void *)hook_set_grow, &real_set_grow},
        {SYMBOL_SET_ENLARGE, (void *)hook_set_enlarge, &real_set_enlarge},
        {SYMBOL_SET_DUPLICATE, (void *)hook_set_duplicate, &real_set_duplicate},
        {SYMBOL_BOX, (void *)hook_box, &real_box},
        {SYMBOL_DEALLOCATE, (void *)hook_deallocate, &real_deallocate},
        {SYMBOL_ALLOCATE, (void *)hook_allocate, &real_allocate},
    };
    probe_channel = channel;
    if (channel->backtraces) {
        void *frame;
        backtrace(&frame, 1); // loads what it needs, which allocates
    }
    if (pthread_key_create(&thread_key, thread_ended) != 0) {
        strcpy(channel->message, "no key for data of threads is left");
        return STRATA_PROBE_FAILED;
    }
    pthread_atfork(NULL, NULL, forked);
    // Two steps, because a function is called through here as soon as it is led here: where it went must be known by then.
    const char *reason = "";
    for (size_t index = 0; index < sizeof functions / sizeof functions[0]; index++) {
        uintptr_t address = probe_runtime.addresses[functions[index].symbol];
        bool is_needed = functions[index].symbol == SYMBOL_ALLOCATE || functions[index].symbol == SYMBOL_DEALLOCATE;
        if (address != 0 && code_patch(address, functions[index].hook, functions[index].real, &reason)) {
            channel->hooks |= 1u << functions[index].symbol;
        } else if (is_needed) {
            strncpy(channel->message, address == 0 ? "the Swift runtime has no swift_deallocObject" : reason,
                sizeof channel->message - 1);
            return STRATA_PROBE_FAILED;
        }
    }
    return STRATA_PROBE_WATCHING;
}
