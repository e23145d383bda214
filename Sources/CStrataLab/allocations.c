#define _GNU_SOURCE
#include "strata_lab_allocations.h"

#include <elf.h>
#include <link.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#if defined(__x86_64__)
#define JUMP_SLOT R_X86_64_JUMP_SLOT
#define GLOBAL_DATA R_X86_64_GLOB_DAT
#elif defined(__aarch64__)
#define JUMP_SLOT R_AARCH64_JUMP_SLOT
#define GLOBAL_DATA R_AARCH64_GLOB_DAT
#endif

static _Thread_local uint64_t allocations;
static _Thread_local uint64_t allocated_bytes;

static void count(size_t size) {
    allocations += 1;
    allocated_bytes += size;
}

// The real functions. A plain call from here would go through the changed table of this object and come back.
// Volatile, because the compiler would see that each is only ever set to one function and call that one instead.
static void *(*volatile real_malloc)(size_t);
static void *(*volatile real_calloc)(size_t, size_t);
static void *(*volatile real_realloc)(void *, size_t);
static int (*volatile real_posix_memalign)(void **, size_t, size_t);
static void *(*volatile real_aligned_alloc)(size_t, size_t);

static void *counted_malloc(size_t size) {
    count(size);
    return real_malloc(size);
}

static void *counted_calloc(size_t number, size_t size) {
    count(number * size);
    return real_calloc(number, size);
}

static void *counted_realloc(void *block, size_t size) {
    count(size);
    return real_realloc(block, size);
}

static int counted_posix_memalign(void **block, size_t alignment, size_t size) {
    count(size);
    return real_posix_memalign(block, alignment, size);
}

static void *counted_aligned_alloc(size_t alignment, size_t size) {
    count(size);
    return real_aligned_alloc(alignment, size);
}

uint64_t strata_lab_thread_allocations(void) { return allocations; }
uint64_t strata_lab_thread_allocated_bytes(void) { return allocated_bytes; }

#ifdef JUMP_SLOT

static const struct {
    const char *name;
    void *replacement;
} replacements[] = {
    {"malloc", counted_malloc},
    {"calloc", counted_calloc},
    {"realloc", counted_realloc},
    {"posix_memalign", counted_posix_memalign},
    {"aligned_alloc", counted_aligned_alloc},
};

static void *replacement_for(const char *name) {
    for (size_t index = 0; index < sizeof replacements / sizeof replacements[0]; index++) {
        if (strcmp(name, replacements[index].name) == 0) {
            return replacements[index].replacement;
        }
    }
    return NULL;
}

static int replace(ElfW(Addr) *place, void *replacement) {
    long page_size = sysconf(_SC_PAGESIZE);
    char *page = (char *)((uintptr_t)place & ~(uintptr_t)(page_size - 1));
    // Linkers protect the table once it is filled in. It may share its page with writable data, so it is left writable.
    if (mprotect(page, (size_t)page_size, PROT_READ | PROT_WRITE) != 0) {
        return 0;
    }
    *place = (ElfW(Addr))replacement;
    return 1;
}

static int patch(ElfW(Addr) base, const ElfW(Rela) *entries, size_t size, const ElfW(Sym) *symbols, const char *names) {
    int changed = 0;
    for (size_t index = 0; index < size / sizeof *entries; index++) {
        unsigned long kind = ELF64_R_TYPE(entries[index].r_info);
        if (kind != JUMP_SLOT && kind != GLOBAL_DATA) {
            continue;
        }
        const char *name = names + symbols[ELF64_R_SYM(entries[index].r_info)].st_name;
        void *replacement = replacement_for(name);
        if (replacement != NULL) {
            changed += replace((ElfW(Addr) *)(base + entries[index].r_offset), replacement);
        }
    }
    return changed;
}

static int visit(struct dl_phdr_info *info, size_t size, void *changed) {
    (void)size;
    // The C library and the linker go by themselves; the kernel's object has no table.
    if (strstr(info->dlpi_name, "/libc.so") != NULL || strstr(info->dlpi_name, "ld-linux") != NULL ||
        strstr(info->dlpi_name, "vdso") != NULL) {
        return 0;
    }
    const ElfW(Dyn) *dynamic = NULL;
    for (int index = 0; index < info->dlpi_phnum; index++) {
        if (info->dlpi_phdr[index].p_type == PT_DYNAMIC) {
            dynamic = (const ElfW(Dyn) *)(info->dlpi_addr + info->dlpi_phdr[index].p_vaddr);
        }
    }
    if (dynamic == NULL) {
        return 0;
    }
    const ElfW(Rela) *jumps = NULL, *data = NULL;
    const ElfW(Sym) *symbols = NULL;
    const char *names = NULL;
    size_t jumps_size = 0, data_size = 0;
    for (const ElfW(Dyn) *entry = dynamic; entry->d_tag != DT_NULL; entry++) {
        switch (entry->d_tag) {
        case DT_JMPREL: jumps = (const ElfW(Rela) *)entry->d_un.d_ptr; break;
        case DT_PLTRELSZ: jumps_size = entry->d_un.d_val; break;
        case DT_RELA: data = (const ElfW(Rela) *)entry->d_un.d_ptr; break;
        case DT_RELASZ: data_size = entry->d_un.d_val; break;
        case DT_SYMTAB: symbols = (const ElfW(Sym) *)entry->d_un.d_ptr; break;
        case DT_STRTAB: names = (const char *)entry->d_un.d_ptr; break;
        default: break;
        }
    }
    if (symbols != NULL && names != NULL) {
        int *total = changed;
        *total += jumps == NULL ? 0 : patch(info->dlpi_addr, jumps, jumps_size, symbols, names);
        *total += data == NULL ? 0 : patch(info->dlpi_addr, data, data_size, symbols, names);
    }
    return 0;
}

int strata_lab_count_allocations(void) {
    static int changed = 0;
    if (changed == 0) {
        real_malloc = malloc;
        real_calloc = calloc;
        real_realloc = realloc;
        real_posix_memalign = posix_memalign;
        real_aligned_alloc = aligned_alloc;
        dl_iterate_phdr(visit, &changed);
    }
    return changed;
}

#else

int strata_lab_count_allocations(void) { return 0; }

#endif
