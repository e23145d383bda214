// Finds the runtime's functions: in the dynamic symbols of any loaded object, or in the full table of the program's own file.
#define _GNU_SOURCE
#include "probe_internal.h"

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const symbol_names[SYMBOL_COUNT] = {
    [SYMBOL_ALLOCATE] = "swift_allocObject",
    [SYMBOL_DEALLOCATE] = "swift_deallocObject",
    [SYMBOL_DICTIONARY] = "$ss18_DictionaryStorageCMn",
    [SYMBOL_SET] = "$ss11_SetStorageCMn",
    [SYMBOL_ARRAY] = "$ss23_ContiguousArrayStorageCMn",
    [SYMBOL_DICTIONARY_RESIZE] = "$ss18_DictionaryStorageC6resize8original8capacity4moveAByxq_Gs05__RawaB0C_SiSbtFZ",
    [SYMBOL_DICTIONARY_COPY] = "$ss18_DictionaryStorageC4copy8originalAByxq_Gs05__RawaB0C_tFZ",
    [SYMBOL_DICTIONARY_ALLOCATE] = "$ss18_DictionaryStorageC8allocate8capacityAByxq_GSi_tFZ",
    [SYMBOL_SET_RESIZE] = "$ss11_SetStorageC6resize8original8capacity4moveAByxGs05__RawaB0C_SiSbtFZ",
    [SYMBOL_SET_COPY] = "$ss11_SetStorageC4copy8originalAByxGs05__RawaB0C_tFZ",
    [SYMBOL_SET_ALLOCATE] = "$ss11_SetStorageC8allocate8capacityAByxGSi_tFZ",
    [SYMBOL_DICTIONARY_GROW] = "$ss17_NativeDictionaryV20_copyOrMoveAndResize8capacity12moveElementsySi_SbtF",
    [SYMBOL_DICTIONARY_DUPLICATE] = "$ss17_NativeDictionaryV4copyyyF",
    [SYMBOL_SET_GROW] = "$ss10_NativeSetV6resize8capacityySi_tF",
    [SYMBOL_SET_ENLARGE] = "$ss10_NativeSetV13copyAndResize8capacityySi_tF",
    [SYMBOL_BOX] = "swift_allocBox",
    [SYMBOL_SET_DUPLICATE] = "$ss10_NativeSetV4copyyyF",
};

// The dynamic symbols of one object, found by its GNU hash table.
struct dynamic_symbols {
    const ElfW(Sym) *symbols;
    const char *names;
    const uint32_t *hash;
    uintptr_t base;
};

static uint32_t gnu_hash(const char *name) {
    uint32_t hash = 5381;
    for (; *name != 0; name++) {
        hash = hash * 33 + (unsigned char)*name;
    }
    return hash;
}

static uintptr_t dynamic_lookup(const struct dynamic_symbols *table, const char *name) {
    const uint32_t *header = table->hash;
    uint32_t bucket_count = header[0], first = header[1], filter_words = header[2];
    const uint32_t *buckets = header + 4 + filter_words * (sizeof(ElfW(Addr)) / 4);
    const uint32_t *chain = buckets + bucket_count;
    if (bucket_count == 0) {
        return 0;
    }
    uint32_t hash = gnu_hash(name);
    uint32_t index = buckets[hash % bucket_count];
    if (index < first) {
        return 0;
    }
    for (;; index++) {
        uint32_t entry = chain[index - first];
        if ((entry | 1) == (hash | 1)) {
            const ElfW(Sym) *symbol = &table->symbols[index];
            if (symbol->st_shndx != SHN_UNDEF && symbol->st_value != 0 && strcmp(table->names + symbol->st_name, name) == 0) {
                return table->base + symbol->st_value;
            }
        }
        if (entry & 1) {
            return 0;
        }
    }
}

static bool dynamic_symbols_of(const struct dl_phdr_info *info, struct dynamic_symbols *table) {
    const ElfW(Dyn) *dynamic = NULL;
    for (int index = 0; index < info->dlpi_phnum; index++) {
        if (info->dlpi_phdr[index].p_type == PT_DYNAMIC) {
            dynamic = (const ElfW(Dyn) *)(info->dlpi_addr + info->dlpi_phdr[index].p_vaddr);
        }
    }
    memset(table, 0, sizeof *table);
    table->base = info->dlpi_addr;
    // The linker made these addresses absolute, except in the kernel's object, which is of no interest.
    if (dynamic == NULL || strstr(info->dlpi_name, "vdso") != NULL) {
        return false;
    }
    for (const ElfW(Dyn) *entry = dynamic; entry->d_tag != DT_NULL; entry++) {
        switch (entry->d_tag) {
        case DT_SYMTAB: table->symbols = (const ElfW(Sym) *)entry->d_un.d_ptr; break;
        case DT_STRTAB: table->names = (const char *)entry->d_un.d_ptr; break;
        case DT_GNU_HASH: table->hash = (const uint32_t *)entry->d_un.d_ptr; break;
        default: break;
        }
    }
    return table->symbols != NULL && table->names != NULL && table->hash != NULL &&
        (uintptr_t)table->hash >= table->base;
}

// Looks through .symtab of an object's file, which holds what isn't exported as well, for what hasn't been found.
static void search_file(struct runtime *runtime, const char *path, uintptr_t base) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return;
    }
    struct stat status;
    void *memory = MAP_FAILED;
    if (fstat(file, &status) == 0 && (size_t)status.st_size > sizeof(ElfW(Ehdr))) {
        memory = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, file, 0);
    }
    close(file);
    if (memory == MAP_FAILED) {
        return;
    }
    size_t size = (size_t)status.st_size;
    const char *bytes = memory;
    const ElfW(Ehdr) *header = memory;
    bool has_sections = memcmp(header->e_ident, ELFMAG, SELFMAG) == 0 && header->e_shentsize == sizeof(ElfW(Shdr)) &&
        header->e_shoff < size && (size - header->e_shoff) / sizeof(ElfW(Shdr)) >= header->e_shnum;
    const ElfW(Shdr) *sections = has_sections ? (const ElfW(Shdr) *)(bytes + header->e_shoff) : NULL;
    for (int section = 0; has_sections && section < header->e_shnum; section++) {
        const ElfW(Shdr) *table = &sections[section];
        if (table->sh_type != SHT_SYMTAB || table->sh_link >= header->e_shnum) {
            continue;
        }
        const ElfW(Shdr) *strings = &sections[table->sh_link];
        if (table->sh_offset > size || table->sh_size > size - table->sh_offset || strings->sh_offset > size ||
            strings->sh_size > size - strings->sh_offset || strings->sh_size == 0) {
            continue;
        }
        const ElfW(Sym) *symbols = (const ElfW(Sym) *)(bytes + table->sh_offset);
        const char *names = bytes + strings->sh_offset;
        for (size_t index = 0; index < table->sh_size / sizeof(ElfW(Sym)); index++) {
            const ElfW(Sym) *symbol = &symbols[index];
            if (symbol->st_value == 0 || symbol->st_shndx == SHN_UNDEF || symbol->st_name >= strings->sh_size) {
                continue;
            }
            const char *name = names + symbol->st_name;
            if (strncmp(name, "$ss", 3) != 0 && strncmp(name, "swift_", 6) != 0) {
                continue;
            }
            for (int wanted = 0; wanted < SYMBOL_COUNT; wanted++) {
                if (runtime->addresses[wanted] == 0 && strcmp(name, symbol_names[wanted]) == 0) {
                    runtime->addresses[wanted] = base + symbol->st_value;
                }
            }
        }
    }
    munmap(memory, size);
}

static int visit(struct dl_phdr_info *info, size_t size, void *context) {
    (void)size;
    struct runtime *runtime = context;
    struct dynamic_symbols table;
    if (!dynamic_symbols_of(info, &table)) {
        return 0;
    }
    uintptr_t allocate = dynamic_lookup(&table, symbol_names[SYMBOL_ALLOCATE]);
    if (allocate == 0) {
        return 0;
    }
    // All from one object, the one whose calls the program makes.
    for (int index = 0; index < SYMBOL_COUNT; index++) {
        runtime->addresses[index] = dynamic_lookup(&table, symbol_names[index]);
    }
    search_file(runtime, info->dlpi_name[0] != 0 ? info->dlpi_name : "/proc/self/exe", info->dlpi_addr);
    return 1;
}

static int first_base(struct dl_phdr_info *info, size_t size, void *context) {
    (void)size;
    *(uintptr_t *)context = info->dlpi_addr;
    return 1;
}

bool runtime_find(struct runtime *runtime) {
    memset(runtime, 0, sizeof *runtime);
    dl_iterate_phdr(visit, runtime);
    if (runtime->addresses[SYMBOL_ALLOCATE] == 0) {
        // A program that was linked with the runtime exports nothing of it.
        uintptr_t base = 0;
        dl_iterate_phdr(first_base, &base);
        search_file(runtime, "/proc/self/exe", base);
    }
    return runtime->addresses[SYMBOL_ALLOCATE] != 0;
}

static int note(struct dl_phdr_info *info, size_t size, void *context) {
    (void)size;
    struct strata_probe_channel *channel = context;
    if (channel->module_count >= STRATA_PROBE_MODULES) {
        return 1;
    }
    struct strata_probe_module *module = &channel->modules[channel->module_count];
    module->base = info->dlpi_addr;
    module->start = UINT64_MAX;
    module->end = 0;
    for (int index = 0; index < info->dlpi_phnum; index++) {
        const ElfW(Phdr) *segment = &info->dlpi_phdr[index];
        if (segment->p_type == PT_LOAD) {
            uint64_t start = info->dlpi_addr + segment->p_vaddr;
            module->start = start < module->start ? start : module->start;
            module->end = start + segment->p_memsz > module->end ? start + segment->p_memsz : module->end;
        }
    }
    const char *path = info->dlpi_name;
    char program[sizeof module->path];
    if (path == NULL || path[0] == 0) {
        ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
        program[length < 0 ? 0 : length] = 0;
        path = program;
    }
    strncpy(module->path, path, sizeof module->path - 1);
    channel->module_count += 1;
    return 0;
}

void runtime_note_modules(struct strata_probe_channel *channel) {
    channel->module_count = 0;
    dl_iterate_phdr(note, channel);
}
