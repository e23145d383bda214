// Names of types, read from their metadata.
//
// The runtime can name a type (swift_getTypeName), but it takes locks and allocates for that, which a hook inside the allocator must not. What
// is read here is laid down by Swift's stable ABI: metadata points to a context descriptor, which points to its name and its parent.
#include "probe_internal.h"

#include <stdio.h>
#include <string.h>

enum metadata_kind {
    KIND_CLASS = 0,
    KIND_STRUCT = 0x200,
    KIND_ENUM = 0x201,
    KIND_OPTIONAL = 0x202,
    KIND_FOREIGN_CLASS = 0x203,
    KIND_TUPLE = 0x301,
    KIND_FUNCTION = 0x302,
    KIND_EXISTENTIAL = 0x303,
    KIND_METATYPE = 0x304,
    KIND_EXISTENTIAL_METATYPE = 0x306,
    KIND_CONTEXT = 0x400,
    KIND_BOX = 0x500,
    KIND_ERROR = 0x501,
};

enum context_kind { CONTEXT_MODULE = 0, CONTEXT_PROTOCOL = 3, CONTEXT_CLASS = 16, CONTEXT_STRUCT = 17, CONTEXT_ENUM = 18 };

struct text {
    char *bytes;
    size_t length;
    size_t capacity;
};

static void put(struct text *text, const char *part) {
    size_t length = strlen(part);
    if (text->length + length >= text->capacity) {
        length = text->capacity - text->length - 1;
    }
    memcpy(text->bytes + text->length, part, length);
    text->length += length;
    text->bytes[text->length] = 0;
}

static uint64_t word(const void *base, size_t offset) {
    uint64_t value;
    memcpy(&value, (const char *)base + offset, sizeof value);
    return value;
}

static uint32_t half(const void *base, size_t offset) {
    uint32_t value;
    memcpy(&value, (const char *)base + offset, sizeof value);
    return value;
}

// What the 32 bits at an address point to, counted from themselves. Where `may_be_indirect`, the lowest bit says that a pointer lies there.
static const void *relative(const void *base, size_t offset, bool may_be_indirect) {
    const char *place = (const char *)base + offset;
    int32_t distance;
    memcpy(&distance, place, sizeof distance);
    if (distance == 0) {
        return NULL;
    }
    if (may_be_indirect && (distance & 1) != 0) {
        return (const void *)(uintptr_t)word(place + (distance & ~1), 0);
    }
    return place + distance;
}

static void put_type(struct text *text, const void *metadata, int depth);

static void put_context(struct text *text, const void *context, int depth) {
    if (context == NULL || depth > 8) {
        return;
    }
    uint32_t kind = half(context, 0) & 31;
    const void *parent = relative(context, 4, true);
    bool has_name = kind == CONTEXT_MODULE || kind == CONTEXT_PROTOCOL || (kind >= CONTEXT_CLASS && kind <= CONTEXT_ENUM);
    size_t before = text->length;
    put_context(text, parent, depth + 1);
    const char *name = has_name ? relative(context, 8, false) : NULL;
    // The standard library is where everybody looks anyway.
    if (name == NULL || (kind == CONTEXT_MODULE && strcmp(name, "Swift") == 0)) {
        return;
    }
    if (text->length > before) {
        put(text, ".");
    }
    put(text, name);
}

// The arguments of a generic type: pointers that lie in its metadata from `offset` on.
static void put_arguments(struct text *text, const void *metadata, const void *descriptor, size_t offset, int depth) {
    if ((half(descriptor, 0) & 0x80) == 0) {
        return;
    }
    // Behind the descriptor: two relative pointers, four counts, then a byte for each parameter.
    size_t size = (half(descriptor, 0) & 31) == CONTEXT_CLASS ? 44 : 28;
    const uint8_t *header = (const uint8_t *)descriptor + size + 8;
    uint16_t parameters, flags;
    memcpy(&parameters, header, sizeof parameters);
    memcpy(&flags, header + 6, sizeof flags);
    if ((flags & 1) != 0) {
        put(text, "<…>"); // packs: how long they are comes first
        return;
    }
    const uint8_t *kinds = header + 8;
    bool first = true;
    put(text, "<");
    for (uint16_t index = 0; index < parameters && index < 16; index++) {
        bool is_key = (kinds[index] & 0x80) != 0;
        if (!is_key || (kinds[index] & 0x3f) != 0) {
            continue; // equal to another one, or no type but a pack or a number
        }
        put(text, first ? "" : ", ");
        first = false;
        put_type(text, (const void *)(uintptr_t)word(metadata, offset), depth + 1);
        offset += 8;
    }
    put(text, ">");
}

// Where the generic arguments of a class lie in its metadata, 0 if its superclass decides that at run time.
static size_t class_arguments(const void *descriptor) {
    bool is_resilient = (half(descriptor, 0) >> 16 & (1u << 13)) != 0;
    if (is_resilient) {
        return 0;
    }
    return (size_t)(half(descriptor, 28) - half(descriptor, 32)) * 8;
}

static void put_existential(struct text *text, const void *metadata) {
    uint32_t flags = half(metadata, 8), count = half(metadata, 12);
    if (count == 0) {
        put(text, (flags & 0x80000000u) != 0 ? "Any" : "AnyObject");
        return;
    }
    size_t offset = 16 + ((flags & 0x40000000u) != 0 ? 8 : 0);
    put(text, "any ");
    for (uint32_t index = 0; index < count && index < 8; index++) {
        put(text, index == 0 ? "" : " & ");
        put_context(text, (const void *)(uintptr_t)(word(metadata, offset + index * 8) & ~(uint64_t)1), 0);
    }
}

static void put_type(struct text *text, const void *metadata, int depth) {
    if (metadata == NULL || depth > 6) {
        put(text, "…");
        return;
    }
    uint64_t kind = word(metadata, 0);
    if (kind == KIND_CLASS || kind > 0x7ff) {
        const void *descriptor = (const void *)(uintptr_t)word(metadata, 40);
        put_context(text, descriptor, 0);
        if (descriptor != NULL && class_arguments(descriptor) != 0) {
            put_arguments(text, metadata, descriptor, class_arguments(descriptor), depth);
        }
        return;
    }
    switch (kind) {
    case KIND_STRUCT:
    case KIND_ENUM:
    case KIND_OPTIONAL: {
        const void *descriptor = (const void *)(uintptr_t)word(metadata, 8);
        if (kind == KIND_OPTIONAL) {
            put_type(text, (const void *)(uintptr_t)word(metadata, 16), depth + 1);
            put(text, "?");
            return;
        }
        put_context(text, descriptor, 0);
        put_arguments(text, metadata, descriptor, 16, depth);
        return;
    }
    case KIND_TUPLE: {
        uint64_t count = word(metadata, 8);
        put(text, "(");
        for (uint64_t index = 0; index < count && index < 16; index++) {
            put(text, index == 0 ? "" : ", ");
            put_type(text, (const void *)(uintptr_t)word(metadata, 24 + index * 16), depth + 1);
        }
        put(text, ")");
        return;
    }
    case KIND_FUNCTION: put(text, "(function)"); return;
    case KIND_EXISTENTIAL: put_existential(text, metadata); return;
    case KIND_METATYPE:
        put_type(text, (const void *)(uintptr_t)word(metadata, 8), depth + 1);
        put(text, ".Type");
        return;
    case KIND_EXISTENTIAL_METATYPE: put(text, "any …Type"); return;
    case KIND_CONTEXT: put(text, "closure context"); return;
    case KIND_BOX: put(text, "boxed variable"); return;
    case KIND_ERROR: put(text, "boxed error"); return;
    case KIND_FOREIGN_CLASS: put(text, "foreign class"); return;
    default: {
        char number[40];
        snprintf(number, sizeof number, "(metadata kind 0x%llx)", (unsigned long long)kind);
        put(text, number);
        return;
    }
    }
}

// How far apart values of a type lie and how they are aligned: from the witness table in front of its metadata.
static void element(struct strata_probe_type *type, int index, const void *metadata) {
    const void *witnesses = (const void *)(uintptr_t)word((const char *)metadata - 8, 0);
    type->strides[index] = (uint32_t)word(witnesses, 72);
    type->masks[index] = half(witnesses, 80) & 0xff;
}

void type_describe(struct strata_probe_type *type, const struct runtime *runtime) {
    const void *metadata = (const void *)(uintptr_t)type->metadata;
    uint64_t kind = word(metadata, 0);
    type->kind = STRATA_PROBE_OTHER;
    if (kind == KIND_CLASS) {
        uintptr_t descriptor = (uintptr_t)word(metadata, 40);
        if (descriptor != 0 && descriptor == runtime->addresses[SYMBOL_DICTIONARY]) {
            type->kind = STRATA_PROBE_DICTIONARY;
            type->header = 64;
        } else if (descriptor != 0 && descriptor == runtime->addresses[SYMBOL_SET]) {
            type->kind = STRATA_PROBE_SET;
            type->header = 56;
        } else if (descriptor != 0 && descriptor == runtime->addresses[SYMBOL_ARRAY]) {
            type->kind = STRATA_PROBE_ARRAY;
            type->header = 32;
        }
        if (type->kind != STRATA_PROBE_OTHER) {
            size_t offset = class_arguments((const void *)descriptor);
            element(type, 0, (const void *)(uintptr_t)word(metadata, offset));
            if (type->kind == STRATA_PROBE_DICTIONARY) {
                element(type, 1, (const void *)(uintptr_t)word(metadata, offset + 8));
            }
        }
    }
    struct text text = {type->name, 0, sizeof type->name};
    if (type->kind == STRATA_PROBE_OTHER) {
        put_type(&text, metadata, 0);
        return;
    }
    size_t offset = class_arguments((const void *)(uintptr_t)word(metadata, 40));
    put(&text, type->kind == STRATA_PROBE_SET ? "Set<" : "[");
    put_type(&text, (const void *)(uintptr_t)word(metadata, offset), 0);
    if (type->kind == STRATA_PROBE_DICTIONARY) {
        put(&text, ": ");
        put_type(&text, (const void *)(uintptr_t)word(metadata, offset + 8), 0);
    }
    put(&text, type->kind == STRATA_PROBE_SET ? ">" : "]");
}
