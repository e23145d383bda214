// How the probe comes into a program: preloaded by the watcher, or by a call of the program's own.
#define _GNU_SOURCE
#include "probe_internal.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

uint64_t strata_probe_ticks(void) { return ticks_now(); }

bool strata_probe_is_supported(void) {
#if defined(__x86_64__)
    return true;
#else
    return false;
#endif
}

static void prepare(struct strata_probe_channel *channel, uint32_t interval, uint32_t backtraces) {
    channel->version = STRATA_PROBE_VERSION;
    channel->interval = interval;
    channel->backtraces = backtraces;
}

struct strata_probe_channel *strata_probe_channel_map(int descriptor) {
    void *memory = mmap(NULL, sizeof(struct strata_probe_channel), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, descriptor, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

void strata_probe_channel_unmap(struct strata_probe_channel *channel) { munmap(channel, sizeof *channel); }

struct strata_probe_channel *strata_probe_channel_create(uint32_t interval, uint32_t backtraces) {
    void *memory = mmap(NULL, sizeof(struct strata_probe_channel), PROT_READ | PROT_WRITE,
        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) {
        return NULL;
    }
    prepare(memory, interval, backtraces);
    return memory;
}

int strata_probe_channel_file(uint32_t interval, uint32_t backtraces) {
    int file = memfd_create("strata-probe", MFD_CLOEXEC);
    if (file < 0) {
        return -1;
    }
    if (ftruncate(file, sizeof(struct strata_probe_channel)) != 0) {
        close(file);
        return -1;
    }
    struct strata_probe_channel *channel = strata_probe_channel_map(file);
    if (channel == NULL) {
        close(file);
        return -1;
    }
    prepare(channel, interval, backtraces);
    strata_probe_channel_unmap(channel);
    return file;
}

int strata_probe_attach(struct strata_probe_channel *channel) {
    if (!strata_probe_is_supported()) {
        strcpy(channel->message, "only x86-64 is supported");
        channel->state = STRATA_PROBE_FAILED;
        return STRATA_PROBE_FAILED;
    }
    struct runtime found;
    if (!runtime_find(&found)) {
        return STRATA_PROBE_NOT_SWIFT;
    }
    probe_runtime = found;
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    channel->start_ticks = ticks_now();
    channel->start_nanoseconds = (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
    runtime_note_modules(channel);
    int state = hooks_install(channel);
    __atomic_store_n(&channel->state, (uint32_t)state, __ATOMIC_RELEASE);
    return state;
}

// The variables that brought the probe here, kept for the program that this one may become.
static char kept_preload[512], kept_channel[256];

// The environment as the program would have found it without a watcher; what it starts isn't watched.
static void clean_environment(void) {
    const char *channel = getenv(STRATA_PROBE_VARIABLE);
    const char *preload = getenv("LD_PRELOAD");
    const char *rest = preload == NULL ? NULL : strchr(preload, ':');
    size_t length = preload == NULL ? 0 : rest == NULL ? strlen(preload) : (size_t)(rest - preload);
    if (channel != NULL && strlen(channel) < sizeof kept_channel && length < sizeof kept_preload) {
        strcpy(kept_channel, channel);
        memcpy(kept_preload, preload == NULL ? "" : preload, length);
    }
    unsetenv(STRATA_PROBE_VARIABLE);
    if (rest != NULL && rest[1] != 0) {
        char *copy = strdup(rest + 1);
        setenv("LD_PRELOAD", copy == NULL ? "" : copy, 1);
        free(copy);
    } else {
        unsetenv("LD_PRELOAD");
    }
}

typedef int (*execute_function)(const char *path, char *const arguments[], char *const variables[]);
static execute_function real_execute;

// The watched process becomes another program (as 'swift run' does in the end): that one is watched in its place. Children that a process starts
// pass by here as well, with process identifiers of their own.
static int hook_execute(const char *path, char *const arguments[], char *const variables[]) {
    static const char preload_name[] = "LD_PRELOAD=", channel_name[] = STRATA_PROBE_VARIABLE "=";
    size_t count = 0;
    while (variables != NULL && variables[count] != NULL) {
        count += 1;
    }
    if (probe_channel == NULL || getpid() != probe_channel->pid || kept_preload[0] == 0 || count > 65536) {
        return real_execute(path, arguments, variables);
    }
    char preload[sizeof kept_preload + 4096], channel[sizeof channel_name + sizeof kept_channel];
    strcpy(preload, preload_name);
    strcat(preload, kept_preload);
    strcpy(channel, channel_name);
    strcat(channel, kept_channel);
    char *changed[count + 3];
    size_t used = 0;
    for (size_t index = 0; index < count; index++) {
        if (strncmp(variables[index], preload_name, sizeof preload_name - 1) != 0) {
            changed[used++] = variables[index];
        } else if (strlen(variables[index]) < 4096) {
            strcat(preload, ":");
            strcat(preload, variables[index] + sizeof preload_name - 1);
        }
    }
    changed[used++] = preload;
    changed[used++] = channel;
    changed[used] = NULL;
    return real_execute(path, arguments, changed);
}

static void follow_execution(void) {
    const char *reason = "";
    code_patch((uintptr_t)dlsym(RTLD_DEFAULT, "execve"), (void *)hook_execute, (void **)&real_execute, &reason);
}

// Forgets what the program before saw, which this process was.
static void begin_again(struct strata_probe_channel *channel) {
    uint32_t interval = channel->interval, backtraces = channel->backtraces, generation = channel->generation;
    int32_t process = channel->pid;
    if (madvise(channel, sizeof *channel, MADV_REMOVE) != 0) {
        memset(channel, 0, sizeof *channel);
    }
    prepare(channel, interval, backtraces);
    channel->pid = process;
    channel->generation = generation + 1;
}

static struct strata_probe_channel *offered;

// The first Swift program that comes along takes the channel.
static bool claim(struct strata_probe_channel *channel) {
    int32_t nobody = 0, self = getpid();
    return __atomic_compare_exchange_n(&channel->pid, &nobody, self, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE) || nobody == self;
}

#if defined(__x86_64__)

// Called by the linker after it has loaded something, before that is run.
static void objects_changed(void) {
    struct strata_probe_channel *channel = offered;
    struct runtime runtime;
    if (channel != NULL && runtime_find(&runtime) && claim(channel)) {
        offered = NULL;
        channel->later = 1;
        strata_probe_attach(channel);
    }
}

// A program without a Swift runtime may load one later. The linker calls an empty function then, for the sake of debuggers.
static void wait_for_runtime(void) {
    ElfW(Addr) address = _r_debug.r_brk;
    const uint8_t *code = (const uint8_t *)address;
    if (address == 0) {
        return;
    }
    size_t start = code[0] == 0xf3 && code[1] == 0x0f && code[2] == 0x1e && code[3] == 0xfa ? 4 : 0;
    // What follows its return up to the next function is padding.
    bool is_empty = code[start] == 0xc3;
    for (size_t index = start + 1; index < start + 6; index++) {
        bool is_padding = code[index] == 0x90 || code[index] == 0xcc || code[index] == 0x66 || code[index] == 0x0f ||
            code[index] == 0x1f || code[index] == 0x2e || code[index] == 0x84 || code[index] == 0x00;
        is_empty = is_empty && is_padding;
    }
    const char *reason = "";
    if (is_empty) {
        code_replace_empty(address, (void *)objects_changed, &reason);
    }
}

#endif

__attribute__((constructor)) static void preloaded(void) {
    const char *path = getenv(STRATA_PROBE_VARIABLE);
    if (path == NULL) {
        return;
    }
    int file = open(path, O_RDWR | O_CLOEXEC);
    struct stat status;
    if (file < 0) {
        return;
    }
    struct strata_probe_channel *channel = NULL;
    if (fstat(file, &status) == 0 && (uint64_t)status.st_size == sizeof(struct strata_probe_channel)) {
        channel = strata_probe_channel_map(file);
    }
    close(file);
    if (channel == NULL) {
        return;
    }
    struct runtime runtime;
    if (channel->version == STRATA_PROBE_VERSION && runtime_find(&runtime) && claim(channel)) {
        if (channel->state != STRATA_PROBE_NOTHING && channel->state != STRATA_PROBE_NOT_SWIFT) {
            begin_again(channel);
        }
        clean_environment();
        if (strata_probe_attach(channel) == STRATA_PROBE_WATCHING) {
            follow_execution();
        }
        return;
    }
    if (channel->pid != 0 && channel->pid != getpid()) {
        // Another process is watched: this one is none of the watcher's business, nor is what it starts.
        clean_environment();
        strata_probe_channel_unmap(channel);
        return;
    }
    // A shell, say, on the way to a Swift program: what it starts may be one. Or one that will load the runtime later.
    uint32_t nothing = STRATA_PROBE_NOTHING;
    __atomic_compare_exchange_n(
        &channel->state, &nothing, STRATA_PROBE_NOT_SWIFT, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
    offered = channel;
#if defined(__x86_64__)
    wait_for_runtime();
#endif
}
