#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Sees every object that a Swift program allocates and every storage that a Dictionary, a Set or an Array takes, by leading the runtime's own
// functions swift_allocObject and swift_deallocObject through functions of its own. What it sees is counted in a channel: memory that the
// watched program writes and the watcher reads, in the same process or another.
//
// Counts of a thread are written by that thread alone, without any locked instruction, and are read as they are: a reader may see a count a
// little late, never one that is wrong for good. What threads share (types, transitions, events, samples) is written with atomics.

// Room in a channel.
#define STRATA_PROBE_TYPES 4096u
#define STRATA_PROBE_EVENTS 65536u
#define STRATA_PROBE_SAMPLES 8192u
#define STRATA_PROBE_STACKS 8192u
#define STRATA_PROBE_FRAMES 28u
#define STRATA_PROBE_MODULES 512u
#define STRATA_PROBE_BUCKETS 128u

// The variable of the environment that names the channel's file.
#define STRATA_PROBE_VARIABLE "STRATA_PROBE_CHANNEL"

// How far the watching has come.
enum strata_probe_state {
    STRATA_PROBE_NOTHING = 0,  // no probe was loaded
    STRATA_PROBE_NOT_SWIFT = 1, // loaded into a program that holds no Swift runtime, or none whose symbols can be found
    STRATA_PROBE_FAILED = 2,   // a runtime was found and couldn't be watched: the message says why
    STRATA_PROBE_WATCHING = 3,
};

// What a type is to the probe.
enum strata_probe_kind {
    STRATA_PROBE_OTHER = 0,
    STRATA_PROBE_ARRAY = 1,
    STRATA_PROBE_DICTIONARY = 2,
    STRATA_PROBE_SET = 3,
};

// Why a storage was allocated.
enum strata_probe_cause {
    STRATA_PROBE_GROWTH = 0,  // in place of a smaller one, whose elements moved over
    STRATA_PROBE_REGROWN = 1, // in place of a smaller one that somebody else holds as well: the elements were copied
    STRATA_PROBE_COPY = 2,    // beside one of the same capacity: copy on write
    STRATA_PROBE_NEW = 3,     // with a capacity that was asked for, or for a result: nothing grew
    STRATA_PROBE_SHRUNK = 4,  // in place of one that isn't smaller
    STRATA_PROBE_RELEASED = 5, // events only: a storage of some size was freed and none took its place
};

// Where a program and its watcher meet.
struct strata_probe_channel;

// Begins to watch this process, for good. Other threads must not be allocating yet.
// Returns a state; the channel's message says more.
int strata_probe_attach(struct strata_probe_channel *channel);

// Memory for a channel of this process alone. NULL if there is none.
struct strata_probe_channel *strata_probe_channel_create(uint32_t interval, uint32_t backtraces);

// The channel in a file that strata_probe_channel_prepare sized. NULL if it can't be mapped.
struct strata_probe_channel *strata_probe_channel_map(int descriptor);

// Makes a file without a name and of a channel's size. Returns its descriptor, -1 if the system refuses.
int strata_probe_channel_file(uint32_t interval, uint32_t backtraces);

// Gives back what strata_probe_channel_map returned.
void strata_probe_channel_unmap(struct strata_probe_channel *channel);

// Whether this process is one that the probe can be used in: the format of its objects and its processor are known.
bool strata_probe_is_supported(void);

// Of the processor's counter.
uint64_t strata_probe_ticks(void);

// MARK: - Reading. All of it may be done while the program runs, and after it has ended in whatever way.

struct strata_probe_summary {
    uint32_t state;
    int32_t pid;
    uint32_t hooks;
    uint32_t threads; // that allocated anything
    uint32_t generation; // how many programs before this one the process was
    bool later;       // the runtime was loaded after the program started
    bool has_hints;   // the runtime's functions for the storages of dictionaries and sets were found, too
    uint64_t start_ticks;
    uint64_t start_nanoseconds; // on CLOCK_MONOTONIC
    uint64_t events;
    uint64_t lost_types;       // allocations of types that found no place
    uint64_t lost_transitions; // growths that found none
    const char *message;
};
void strata_probe_read_summary(const struct strata_probe_channel *channel, struct strata_probe_summary *summary);

// What all threads did with a type.
struct strata_probe_counts {
    uint64_t allocations;
    uint64_t bytes;
    uint64_t frees;
    int64_t storage_bytes; // that storages of the type hold
};
// Adds up the counts of all threads: `counts` has room for STRATA_PROBE_TYPES.
void strata_probe_read_counts(const struct strata_probe_channel *channel, struct strata_probe_counts *counts);

struct strata_probe_type_summary {
    const char *name; // NULL if there is no type at this index
    uint32_t kind;
    uint64_t sampled; // objects whose allocation was timed
    uint64_t dropped; // sampled objects that had to make room for others before they were freed
    const uint32_t *latency;  // of allocations, by bucket
    const uint32_t *lifetime; // of objects that were freed, likewise
};
void strata_probe_read_type(
    const struct strata_probe_channel *channel, uint32_t index, struct strata_probe_type_summary *type);

// Growths of a type from one capacity to another. There may be several for the same: add them up.
struct strata_probe_growths {
    uint64_t old_capacity;
    uint64_t new_capacity;
    uint64_t bytes; // of the new storage
    uint64_t count;
    uint64_t timed;
    uint64_t ticks; // of those timed
    uint64_t longest;
    uint32_t type;
    uint32_t cause;
};
// Writes at most `room` of them. Returns how many there are.
size_t strata_probe_read_growths(const struct strata_probe_channel *channel, struct strata_probe_growths *growths, size_t room);

struct strata_probe_event {
    uint64_t sequence; // index + 1 once the rest is written
    uint64_t ticks;    // when it was over
    uint64_t old_capacity;
    uint64_t new_capacity;
    uint64_t bytes;
    uint64_t duration; // in ticks, 0 if not timed
    uint64_t original; // addresses tell which storage became which
    uint64_t object;
    uint32_t type;
    uint32_t cause;
    int32_t tid;
    uint32_t stack; // index + 1
};

// Copies an event out. Returns whether it was the one with this index, whole.
bool strata_probe_read_event(const struct strata_probe_channel *channel, uint64_t index, struct strata_probe_event *event);

// Sampled objects that haven't been freed: puts the type of each and its ticks of allocation into two rows with room for STRATA_PROBE_SAMPLES.
// Returns how many there are.
size_t strata_probe_read_samples(const struct strata_probe_channel *channel, uint32_t *types, uint64_t *ticks);

struct strata_probe_stack_summary {
    uint64_t count;
    uint64_t bytes;
    uint32_t type;
    uint32_t kind;
    uint32_t depth; // 0: there is no stack at this index
    const uint64_t *frames; // innermost first
};
void strata_probe_read_stack(
    const struct strata_probe_channel *channel, uint32_t index, struct strata_probe_stack_summary *stack);

struct strata_probe_module_summary {
    uint64_t base;
    uint64_t start;
    uint64_t end;
    const char *path; // NULL if there is no module at this index
};
void strata_probe_read_module(
    const struct strata_probe_channel *channel, uint32_t index, struct strata_probe_module_summary *module);

// The fewest ticks that fall into a bucket.
uint64_t strata_probe_bucket_start(uint32_t bucket);

// MARK: - Watching another process

// A file in memory, without a place in any directory, closed when another program is run. Returns its descriptor, -1 if the system refuses.
int strata_probe_memory_file(const char *name);

// Passes signals that ask a process to end, stop or do something on to `child`, those that the terminal sends to both left out. With 0 it keeps
// them until the child is known.
void strata_probe_forward_signals(int child);

// Waits until a child ends, for at most so many milliseconds. Returns 1 if it has ended (`status` as from waitpid), 0 if not, -1 if it is none.
int strata_probe_wait(int child, int milliseconds, int *status);

// The readable form of a Swift symbol, to be given back with free. NULL if it is none.
char *strata_probe_demangled(const char *symbol);
