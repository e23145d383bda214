public import AdvisorCore
import SwiftSyntax

/// Why a type's layout can't be told from the source.
public struct UnknownLayout: Error, CustomStringConvertible {
    /// What isn't known, in words.
    public let description: String
}

/// Computes layouts of the types that a package declares, by the rules of the Swift ABI on 64-bit Linux.
public struct LayoutCalculator: Sendable {
    let index: SymbolIndex

    /// A calculator over a package's symbols.
    public init(index: SymbolIndex) { self.index = index }

    /// The layout of a value of a type.
    ///
    /// - Parameters:
    ///   - shape: The type.
    ///   - context: The full name of the type within which it is written.
    /// - Returns: Its layout.
    /// - Throws: ``UnknownLayout`` with the first part that isn't known.
    public func layout(of shape: TypeShape, in context: String = "") throws -> TypeLayout {
        try layout(of: shape, in: context, depth: 0)
    }

    /// The instance layout of a class begins behind the words for the type and the reference count.
    static let objectHeader = 16

    private func layout(of shape: TypeShape, in context: String, depth: Int) throws -> TypeLayout {
        guard depth < 24 else { throw UnknownLayout(description: "types are nested too deeply") }
        switch shape {
        case .array: return .reference
        case .dictionary, .set: return KnownLayouts.hashTable
        case .function: return KnownLayouts.function
        case .optional(let wrapped):
            return .singlePayload(try layout(of: wrapped, in: context, depth: depth + 1), emptyCases: 1)
        case .tuple(let elements):
            return TypeLayout.sequence(try elements.map { try layout(of: $0.shape, in: context, depth: depth + 1) })
                .layout
        case .existential(let protocols): return try existential(protocols, in: context)
        case .named(let name, let arguments): return try named(name, arguments, in: context, depth: depth)
        }
    }

    private func existential(_ protocols: [String], in context: String) throws -> TypeLayout {
        let many = TypeLayout.manyInhabitants
        if protocols == ["Error"] { return .reference }
        let ofObjects = try protocols.contains { try isOfObjects($0, in: context) }
        let tables = protocols.filter { !["AnyObject", "Sendable", "Any", "Copyable", "Escapable"].contains($0) }.count
        return TypeLayout(size: (ofObjects ? 8 : 32) + 8 * tables, alignment: 8, extraInhabitants: many)
    }

    private func isOfObjects(_ name: String, in context: String) throws -> Bool {
        if ["AnyObject", "Actor"].contains(name) { return true }
        if Self.protocolsOfValues.contains(name) { return false }
        guard let record = index.type(named: name, in: context, guesses: false) else {
            throw UnknownLayout(description: "the protocol '\(name)' isn't declared in the source that was read")
        }
        if record.kind == .object || record.kind == .actor { return true }
        return try record.ownInherited.contains { try isOfObjects($0, in: record.name) }
    }

    private func named(_ name: String, _ arguments: [TypeShape], in context: String, depth: Int) throws -> TypeLayout {
        if let record = index.type(named: name, in: context, guesses: false), record.declaration != nil {
            return try layout(of: record, depth: depth)
        }
        if let target = index.alias(named: name, in: context), arguments.isEmpty {
            return try layout(of: target, in: context, depth: depth + 1)
        }
        let simple = name.split(separator: ".").last.map(String.init) ?? name
        if arguments.isEmpty,
            let known = KnownLayouts.plain[name]
                ?? (name.hasPrefix("Swift.") || name.hasPrefix("Foundation.") ? KnownLayouts.plain[simple] : nil)
        {
            return known
        }
        if !arguments.isEmpty, let known = KnownLayouts.generic[simple] { return known }
        if let first = arguments.first {
            switch simple {
            case "Atomic":
                let inner = try layout(of: first, in: context, depth: depth + 1)
                return TypeLayout(size: inner.size, alignment: inner.size, spareBits: nil)
            case "Mutex":
                let inner = try layout(of: first, in: context, depth: depth + 1)
                return TypeLayout.sequence([.number(4), TypeLayout(size: inner.size, alignment: inner.alignment)])
                    .layout
            case "Range", "ClosedRange":
                let bound = try layout(of: first, in: context, depth: depth + 1)
                return TypeLayout.sequence([bound, bound]).layout
            case "ArraySlice":
                return TypeLayout(size: 32, alignment: 8, extraInhabitants: TypeLayout.manyInhabitants)
            default: break
            }
        }
        throw UnknownLayout(description: "the type '\(name)' isn't declared in the source that was read")
    }

    /// The layout of a value of a declared type: for a class or an actor that of the reference.
    ///
    /// - Throws: ``UnknownLayout``.
    public func layout(of record: TypeRecord) throws -> TypeLayout { try layout(of: record, depth: 0) }

    private func layout(of record: TypeRecord, depth: Int) throws -> TypeLayout {
        switch record.kind {
        case .object, .actor: return .reference
        case .structure:
            let fields = try fieldShapes(of: record)
            return TypeLayout.sequence(try fields.map { try layout(of: $0.shape, in: record.name, depth: depth + 1) })
                .layout
        case .enumeration: return try enumeration(record, depth: depth)
        case .protocol: return try existential([record.name], in: "")
        case .external: throw UnknownLayout(description: "'\(record.name)' isn't declared in the source that was read")
        }
    }

    /// The stored properties with their types, in order.
    ///
    /// - Throws: ``UnknownLayout`` where a type isn't known, or the type is generic or has conditional members.
    func fieldShapes(of record: TypeRecord) throws -> [(property: PropertyRecord, shape: TypeShape)] {
        guard record.declarationCount == 1 else {
            throw UnknownLayout(description: "'\(record.name)' is declared \(record.declarationCount) times")
        }
        guard !record.isGeneric else { throw UnknownLayout(description: "'\(record.name)' is generic") }
        guard !record.hasConditionalMembers else {
            throw UnknownLayout(description: "'\(record.name)' has members under #if")
        }
        return try record.storedProperties.map { property in
            guard property.attributes.allSatisfy(Self.attributesWithoutStorage.contains) else {
                throw UnknownLayout(
                    description: "'\(property.name)' of '\(record.name)' has a property wrapper or macro")
            }
            guard var shape = property.shape else {
                throw UnknownLayout(description: "the type of '\(property.name)' of '\(record.name)' isn't written")
            }
            if property.isLazy { shape = .optional(shape) }
            if property.isWeak, property.declaration.modifiers.contains(where: { $0.name.text == "weak" }) {
                shape = .plain("Int")
            }
            return (property, shape)
        }
    }

    private func enumeration(_ record: TypeRecord, depth: Int) throws -> TypeLayout {
        guard !record.isGeneric, !record.hasConditionalMembers, record.declarationCount == 1 else {
            throw UnknownLayout(description: "'\(record.name)' is generic, has cases under #if, or is declared twice")
        }
        var payloads: [TypeLayout] = []
        var empty = 0
        let allIndirect = record.modifiers.contains("indirect")
        for element in record.cases {
            guard let clause = element.parameterClause, !clause.parameters.isEmpty else {
                empty += 1
                continue
            }
            let declaration = element.nearest(EnumCaseDeclSyntax.self)
            if allIndirect || declaration?.modifiers.contains(where: { $0.name.text == "indirect" }) == true {
                payloads.append(.reference)
                continue
            }
            let parts = try clause.parameters.map { parameter in
                guard let shape = TypeShape(parameter.type) else {
                    throw UnknownLayout(
                        description: "a payload of '\(record.name).\(element.name.text)' isn't a plain type")
                }
                return try layout(of: shape, in: record.name, depth: depth + 1)
            }
            let payload = TypeLayout.sequence(parts).layout
            if payload.size == 0 { empty += 1 } else { payloads.append(payload) }
        }
        switch payloads.count {
        case 0: return .cases(empty)
        case 1: return .singlePayload(payloads[0], emptyCases: empty)
        default:
            guard let layout = TypeLayout.multiPayload(payloads, emptyCases: empty) else {
                throw UnknownLayout(description: "where '\(record.name)' keeps its tag isn't known")
            }
            return layout
        }
    }

    /// Attributes that don't change what is stored.
    private static let attributesWithoutStorage: Set<String> = [
        "usableFromInline", "inlinable", "available", "MainActor", "preconcurrency", "ObservationIgnored", "safe",
        "unsafe",
        "inline", "objc", "IBOutlet", "Sendable", "_spi", "nonobjc",
    ]

    /// Protocols of the standard library that structs conform to.
    static let protocolsOfValues: Set<String> = [
        "Sendable", "Any", "Error", "Hashable", "Equatable", "Comparable", "Codable", "Encodable", "Decodable",
        "CustomStringConvertible", "CustomDebugStringConvertible", "Identifiable", "CaseIterable", "RawRepresentable",
        "Copyable",
        "Sequence", "Collection", "IteratorProtocol", "AsyncSequence", "Clock", "Encoder", "Decoder", "CodingKey",
        "BinaryInteger", "FixedWidthInteger", "StringProtocol", "LocalizedError", "CustomNSError",
        "RandomNumberGenerator",
        "ExpressibleByStringLiteral", "ExpressibleByArrayLiteral", "ExpressibleByDictionaryLiteral", "TextOutputStream",
        "ExpressibleByIntegerLiteral", "Numeric", "Strideable", "LosslessStringConvertible", "InstantProtocol",
        "DurationProtocol",
        "ExpressibleByBooleanLiteral", "ExpressibleByNilLiteral", "ExpressibleByFloatLiteral", "BitwiseCopyable",
        "SendableMetatype",
        "BidirectionalCollection", "RandomAccessCollection", "MutableCollection", "CustomReflectable", "OptionSet",
        "SetAlgebra",
    ]
}
