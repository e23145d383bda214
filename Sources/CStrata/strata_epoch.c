#define _GNU_SOURCE
#include "strata_epoch.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#if defined(__linux__)
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define STRATA_THREAD_SANITIZER 1
#endif
#endif

_Thread_local strata_epoch_record *strata_epoch_thread_record __attribute__((tls_model("initial-exec")));
_Thread_local strata_epoch_record *strata_epoch_plain_record __attribute__((tls_model("initial-exec")));
bool strata_epoch_asymmetric = false;
uint64_t strata_epoch_counters[64] __attribute__((aligned(128))) = {1};

static strata_epoch_record *first_record;
static pthread_key_t record_key;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void give_back(void *value) {
    strata_epoch_record *record = value;
    strata_epoch_thread_record = 0;
    strata_epoch_plain_record = 0;
    __atomic_store_n(&record->epoch, 0, __ATOMIC_RELEASE);
    __atomic_store_n(&record->owned, 0, __ATOMIC_RELEASE);
}

static void create_key(void) { pthread_key_create(&record_key, give_back); }

strata_epoch_record *strata_epoch_first_record(void) { return __atomic_load_n(&first_record, __ATOMIC_ACQUIRE); }

strata_epoch_record *strata_epoch_register(void) {
    pthread_once(&once, create_key);
    strata_epoch_record *record = strata_epoch_first_record();
    for (; record != 0; record = record->next) {
        uint32_t expected = 0;
        if (__atomic_compare_exchange_n(&record->owned, &expected, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
            break;
        }
    }
    if (record == 0) {
        if (posix_memalign((void **)&record, 128, sizeof *record) != 0) {
            abort();
        }
        memset(record, 0, sizeof *record);
        record->owned = 1;
        // Acquired, because its index is read.
        strata_epoch_record *head = strata_epoch_first_record();
        do {
            record->next = head;
            record->index = head != 0 ? head->index + 1 : 0;
        } while (!__atomic_compare_exchange_n(&first_record, &head, record, true, __ATOMIC_RELEASE, __ATOMIC_ACQUIRE));
    }
    strata_epoch_thread_record = record;
    strata_epoch_plain_record = strata_epoch_asymmetric ? record : 0;
    pthread_setspecific(record_key, record);
    return record;
}

// Decided before the first thread pins anything. Sanitizer builds keep the read-modify-write pin: the sanitizer can't
// see what a process-wide barrier orders.
__attribute__((constructor)) static void choose_pin(void) {
#if defined(__linux__) && defined(SYS_membarrier) && !defined(STRATA_THREAD_SANITIZER)
    const char *wish = getenv("STRATA_EPOCH_PIN");
    if (wish != 0 && strcmp(wish, "exchange") == 0) {
        return;
    }
    long commands = syscall(SYS_membarrier, MEMBARRIER_CMD_QUERY, 0, 0);
    if (commands > 0 && (commands & MEMBARRIER_CMD_PRIVATE_EXPEDITED) != 0
        && syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) == 0) {
        strata_epoch_asymmetric = true;
    }
#endif
}

void strata_epoch_process_barrier(void) {
#if defined(__linux__) && defined(SYS_membarrier)
    if (strata_epoch_asymmetric && syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0) != 0) {
        abort();  // registration succeeded, so the kernel has promised this call
    }
#endif
}
