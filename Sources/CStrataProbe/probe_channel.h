#pragma once

#include "strata_probe.h"

// What lies in a channel. Changing anything here changes the version.

#define STRATA_PROBE_VERSION 1u
#define STRATA_PROBE_THREADS 512u
#define STRATA_PROBE_SLOTS 1024u
#define STRATA_PROBE_OPEN 8u
#define STRATA_PROBE_GROWTHS 64u
#define STRATA_PROBE_TRANSITIONS 32768u

struct strata_probe_type {
    uint64_t metadata; // 0: unused
    uint32_t kind;
    uint32_t ready;
    uint32_t header;      // bytes before the elements of a storage
    uint32_t strides[2];  // of the element, or of key and value
    uint32_t masks[2];    // of their alignment
    uint32_t reserved;
    char name[320];
    uint64_t sampled; // objects whose allocation was timed
    uint64_t dropped; // sampled objects that had to make room for others before they were freed
    uint32_t latency[STRATA_PROBE_BUCKETS];  // of allocations, in ticks, by strata_probe_bucket
    uint32_t lifetime[STRATA_PROBE_BUCKETS]; // of freed objects, likewise
};

// What a thread did with a type.
struct strata_probe_slot {
    uint64_t metadata;
    uint64_t allocations;
    uint64_t bytes; // asked for
    uint64_t frees;
    int64_t storage_bytes; // allocated less freed, storages only
    uint32_t type;
    uint32_t kind;
};

// A storage of which isn't known yet whether it takes another's place.
struct strata_probe_open {
    uint64_t object;
    uint64_t original; // the storage that is to be replaced, 0 if unknown
    uint64_t metadata;
    uint64_t bytes;
    uint64_t old_capacity;
    uint64_t new_capacity;
    uint64_t ticks; // when the allocation began, 0 if it wasn't timed
    uint32_t type;
    uint32_t stack;
};

// Growths of arrays of a type from one capacity to another that a thread has counted and not yet added to the transitions.
struct strata_probe_growth {
    uint64_t usable; // bytes of the new storage, with what the allocator gave beyond what was asked for
    uint64_t old_capacity;
    uint64_t bytes;
    uint32_t type;
    uint32_t count; // 0: unused
};

// The array storage that the last call of a thread allocated.
struct strata_probe_array {
    uint64_t object; // 0: the last call was another one
    uint64_t metadata;
    uint64_t usable;
    uint64_t bytes;
    uint64_t ticks;
    uint32_t type;
    uint32_t stack;
};

struct strata_probe_thread {
    uint32_t state; // 0 never used, 1 free, 2 in use
    int32_t tid;
    uint64_t countdown; // allocations until the next sample
    uint64_t random;
    uint64_t hint_original; // the storage that the next one takes the place of
    uint32_t hint;          // 0 none, 1 resize by moving, 2 resize by copying, 3 copy, 4 new
    uint32_t open_next;
    struct strata_probe_array array;
    struct strata_probe_open open[STRATA_PROBE_OPEN];
    struct strata_probe_growth growths[STRATA_PROBE_GROWTHS];
    struct strata_probe_slot slots[STRATA_PROBE_SLOTS + 1]; // the last one for types that found no place
};

struct strata_probe_transition {
    uint64_t key; // 0 unused, else type + 1 in the upper bits and the cause in the lower 8
    uint64_t old_capacity;
    uint64_t new_capacity;
    uint64_t bytes; // of the new storage
    uint64_t count;
    uint64_t timed;
    uint64_t ticks; // of those timed
    uint64_t longest;
};

struct strata_probe_sample {
    uint64_t object; // 0 unused, 1 being written
    uint64_t ticks;
    uint32_t type;
    uint32_t stack;
};

struct strata_probe_stack {
    uint64_t key; // 0 unused
    uint64_t count;
    uint64_t bytes;
    uint32_t type;
    uint32_t kind;
    uint32_t depth;
    uint32_t ready;
    uint64_t frames[STRATA_PROBE_FRAMES];
};

struct strata_probe_module {
    uint64_t base;
    uint64_t start;
    uint64_t end;
    char path[232];
};

struct strata_probe_channel {
    uint32_t version;
    uint32_t interval; // one allocation in so many is sampled, 0: none
    uint32_t backtraces;
    uint32_t state;
    int32_t pid;
    uint32_t hooks; // bit per function that is led through here
    uint64_t start_ticks;
    uint64_t start_nanoseconds; // on CLOCK_MONOTONIC
    uint32_t type_count;
    uint32_t thread_count;
    uint32_t module_count;
    uint32_t generation; // how many programs before this one the process was
    uint32_t later; // the runtime was loaded after the program started
    uint64_t event_count;
    uint64_t lost_types;       // allocations of types that found no place
    uint64_t lost_transitions; // growths that found none
    char message[256];
    struct strata_probe_module modules[STRATA_PROBE_MODULES];
    struct strata_probe_type types[STRATA_PROBE_TYPES];
    struct strata_probe_thread threads[STRATA_PROBE_THREADS];
    struct strata_probe_transition transitions[STRATA_PROBE_TRANSITIONS];
    struct strata_probe_event events[STRATA_PROBE_EVENTS];
    struct strata_probe_sample samples[STRATA_PROBE_SAMPLES];
    struct strata_probe_stack stacks[STRATA_PROBE_STACKS];
    // How many samples there are by a hash of their address, so that freeing can tell with one look that an object is none of them.
    uint8_t filter[16384];
};
