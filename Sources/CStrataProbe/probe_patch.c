// Leads a function of this process elsewhere by writing a jump over its first instructions.
//
//   function:  jmp stub             5 bytes over whole instructions
//   stub:      jmp *[replacement]   within 2 GB of the function
//   moved:     the instructions that the jump covers, with their addresses adjusted
//              jmp function + covered
#define _GNU_SOURCE
#include "probe_internal.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#if defined(__x86_64__)

#define JUMP_LENGTH 5

// One instruction: how long it is and where in it an address relative to its end lies, 0 if it has none. Length 0: not understood.
struct instruction {
    unsigned length;
    unsigned relative;
};

// Reads the operand bytes behind an opcode at `code[at]`, with `immediate` bytes after them.
static struct instruction with_operands(const uint8_t *code, unsigned at, unsigned immediate) {
    uint8_t operands = code[at++];
    uint8_t mode = operands >> 6, base = operands & 7;
    unsigned relative = 0;
    if (mode != 3 && base == 4) {
        uint8_t index = code[at++];
        if (mode == 0 && (index & 7) == 5) {
            at += 4;
        }
    } else if (mode == 0 && base == 5) {
        relative = at;
        at += 4;
    }
    at += mode == 1 ? 1 : mode == 2 ? 4 : 0;
    return (struct instruction){at + immediate, relative};
}

// Knows what compilers put at the beginning of functions, and nothing else.
static struct instruction decode(const uint8_t *code) {
    unsigned at = 0;
    const struct instruction unknown = {0, 0};
    if (code[0] == 0xf3 && code[1] == 0x0f && code[2] == 0x1e && code[3] == 0xfa) {
        return (struct instruction){4, 0};
    }
    uint8_t prefix = 0;
    while (code[at] == 0x66 || code[at] == 0x2e) {
        at++;
    }
    if ((code[at] & 0xf0) == 0x40) {
        prefix = code[at++];
    }
    uint8_t opcode = code[at++];
    if ((opcode & 0xf0) == 0x50) {
        return (struct instruction){at, 0};
    }
    if ((opcode & 0xf8) == 0xb8) {
        return (struct instruction){at + ((prefix & 8) ? 8 : 4), 0};
    }
    switch (opcode) {
    case 0x90: return (struct instruction){at, 0};
    case 0x01: case 0x03: case 0x09: case 0x0b: case 0x21: case 0x23: case 0x29: case 0x2b: case 0x31: case 0x33:
    case 0x39: case 0x3b: case 0x84: case 0x85: case 0x88: case 0x89: case 0x8a: case 0x8b: case 0x8d: case 0x63:
        return with_operands(code, at, 0);
    case 0x80: case 0x83: case 0xc1: case 0xc6: return with_operands(code, at, 1);
    case 0x81: case 0xc7: return with_operands(code, at, 4);
    case 0xe8: case 0xe9: return (struct instruction){at + 4, at};
    case 0x0f:
        switch (code[at]) {
        case 0x1f: case 0xb6: case 0xb7: case 0xbe: case 0xbf: case 0x10: case 0x11: case 0x28: case 0x29: case 0x57:
            return with_operands(code, at + 1, 0);
        default: return unknown;
        }
    default: return unknown;
    }
}

static uint8_t *stubs;
static size_t stubs_used, stubs_size;

// Memory within reach of a relative jump from `function`.
static uint8_t *reserve(uintptr_t function, size_t size) {
    const intptr_t reach = 0x70000000;
    if (stubs != NULL && stubs_used + size <= stubs_size) {
        intptr_t distance = (intptr_t)stubs - (intptr_t)function;
        if (distance > -reach && distance < reach) {
            uint8_t *place = stubs + stubs_used;
            stubs_used += size;
            return place;
        }
    }
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    for (intptr_t step = 1 << 20; step < reach; step += 1 << 20) {
        for (int sign = -1; sign <= 1; sign += 2) {
            uintptr_t address = ((function & ~(uintptr_t)(page - 1)) + (uintptr_t)(sign * step));
            void *place = mmap((void *)address, page, PROT_READ | PROT_WRITE | PROT_EXEC,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
            if (place == MAP_FAILED) {
                continue;
            }
            if (place != (void *)address) {
                munmap(place, page); // a kernel that takes the address as a wish only
                continue;
            }
            stubs = place;
            stubs_size = page;
            stubs_used = size;
            return place;
        }
    }
    return NULL;
}

static bool put_relative(uint8_t *place, uintptr_t target) {
    intptr_t distance = (intptr_t)target - (intptr_t)(place + 4);
    if (distance != (int32_t)distance) {
        return false;
    }
    int32_t value = (int32_t)distance;
    memcpy(place, &value, sizeof value);
    return true;
}

static void put_indirect(uint8_t *stub, void *target) {
    static const uint8_t indirect[6] = {0xff, 0x25, 0, 0, 0, 0};
    memcpy(stub, indirect, sizeof indirect);
    memcpy(stub + sizeof indirect, &target, sizeof target);
}

// Writes the jump from a function to a place with one store of eight bytes: who comes by sees the old beginning or the new one.
static bool put_jump(uintptr_t function, const uint8_t *target, const char **reason) {
    uint64_t word;
    uint64_t *place = (uint64_t *)(function & ~(uintptr_t)7);
    memcpy(&word, place, sizeof word);
    uint8_t *bytes = (uint8_t *)&word + (function & 7);
    int32_t distance = (int32_t)((intptr_t)target - (intptr_t)(function + JUMP_LENGTH));
    bytes[0] = 0xe9;
    memcpy(bytes + 1, &distance, sizeof distance);
    uintptr_t page_size = (uintptr_t)sysconf(_SC_PAGESIZE);
    void *page = (void *)(function & ~(page_size - 1));
    // Executable all the time, because the code that runs here may be in the same page.
    if (mprotect(page, page_size, PROT_READ | PROT_WRITE | PROT_EXEC) != 0) {
        *reason = "the system doesn't let a process change its own code: a security policy forbids it";
        return false;
    }
    __atomic_store_n(place, word, __ATOMIC_SEQ_CST);
    mprotect(page, page_size, PROT_READ | PROT_EXEC);
    return true;
}

bool code_patch(uintptr_t function, void *replacement, void **original, const char **reason) {
    uint8_t *code = (uint8_t *)function;
    unsigned covered = 0;
    while (covered < JUMP_LENGTH) {
        struct instruction next = decode(code + covered);
        if (next.length == 0) {
            *reason = "the beginning of a function of the Swift runtime isn't understood: a version that this probe doesn't know";
            return false;
        }
        covered += next.length;
    }
    if ((function & 7) + JUMP_LENGTH > 8) {
        *reason = "a function of the Swift runtime isn't aligned";
        return false;
    }
    uint8_t *stub = reserve(function, 64);
    if (stub == NULL) {
        *reason = "no executable memory near the Swift runtime: a security policy may forbid it";
        return false;
    }
    put_indirect(stub, replacement);
    uint8_t *moved = stub + 16;
    memcpy(moved, code, covered);
    for (unsigned at = 0; at < covered;) {
        struct instruction next = decode(code + at);
        if (next.relative != 0) {
            int32_t distance;
            memcpy(&distance, code + at + next.relative, sizeof distance);
            uintptr_t target = (uintptr_t)(code + at + next.length) + (uintptr_t)(intptr_t)distance;
            // put_relative counts from the end of the four bytes; an immediate may follow them.
            if (!put_relative(moved + at + next.relative, target - (next.length - next.relative - 4))) {
                *reason = "an address at the beginning of a function of the Swift runtime can't be moved";
                return false;
            }
        }
        at += next.length;
    }
    moved[covered] = 0xe9;
    put_relative(moved + covered + 1, function + covered);

    *original = moved;
    // Objects are usually loaded close to each other: then the jump needs no stub on its way.
    intptr_t distance = (intptr_t)replacement - (intptr_t)(function + JUMP_LENGTH);
    return put_jump(function, distance == (int32_t)distance ? replacement : stub, reason);
}

bool code_replace_empty(uintptr_t function, void *replacement, const char **reason) {
    uint8_t *stub = (function & 7) + JUMP_LENGTH > 8 ? NULL : reserve(function, 16);
    if (stub == NULL) {
        *reason = "no executable memory near the linker";
        return false;
    }
    put_indirect(stub, replacement);
    return put_jump(function, stub, reason);
}

#else

bool code_patch(uintptr_t function, void *replacement, void **original, const char **reason) {
    (void)function;
    (void)replacement;
    (void)original;
    *reason = "only x86-64 is supported";
    return false;
}

#endif
