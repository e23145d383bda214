// What a process does that watches another one.
#define _GNU_SOURCE
#include "strata_probe.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int strata_probe_memory_file(const char *name) { return memfd_create(name, MFD_CLOEXEC); }

static volatile sig_atomic_t watched_child;
static volatile sig_atomic_t pending[NSIG];

static void forward(int number, siginfo_t *info, void *context) {
    (void)context;
    // What the terminal sends, it sends to the child as well.
    if (info->si_code == SI_KERNEL) {
        return;
    }
    if (watched_child > 0) {
        kill((pid_t)watched_child, number);
    } else {
        pending[number] = 1;
    }
}

void strata_probe_forward_signals(int child) {
    static const int numbers[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGALRM, SIGCONT, SIGWINCH};
    watched_child = child;
    for (size_t index = 0; index < sizeof numbers / sizeof numbers[0]; index++) {
        int number = numbers[index];
        if (child > 0) {
            if (pending[number]) {
                kill(child, number);
            }
            continue;
        }
        struct sigaction action = {.sa_sigaction = forward, .sa_flags = SA_SIGINFO | SA_RESTART};
        struct sigaction present;
        // What was ignored stays ignored, for the child too.
        if (sigaction(number, NULL, &present) == 0 && present.sa_handler != SIG_IGN) {
            sigaction(number, &action, NULL);
        }
    }
}

int strata_probe_wait(int child, int milliseconds, int *status) {
    static int descriptor = -1, descriptor_of = 0;
    if (descriptor_of != child) {
        descriptor = (int)syscall(SYS_pidfd_open, child, 0);
        descriptor_of = child;
    }
    for (;;) {
        pid_t ended = waitpid(child, status, WNOHANG);
        if (ended != 0) {
            return ended == child ? 1 : -1;
        }
        if (milliseconds <= 0) {
            return 0;
        }
        struct pollfd wait = {.fd = descriptor, .events = POLLIN};
        // Kernels without such descriptors are asked every ten milliseconds.
        int step = descriptor >= 0 || milliseconds < 10 ? milliseconds : 10;
        int ready = poll(&wait, descriptor >= 0 ? 1 : 0, step);
        milliseconds = ready > 0 ? milliseconds : milliseconds - step;
    }
}
