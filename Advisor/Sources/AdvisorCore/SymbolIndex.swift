/// All types, variables and aliases of a package, merged over its files.
///
/// Found by name: Swift's rules of visibility are only approximated, and a name that is declared twice is ambiguous rather than wrong.
public struct SymbolIndex: Sendable {
    /// Types by their full name.
    public private(set) var types: [String: TypeRecord] = [:]
    /// Full names of declared types by the last part of their names.
    public private(set) var namesBySimpleName: [String: [String]] = [:]
    /// Variables of files, by name.
    public private(set) var globals: [String: [PropertyRecord]] = [:]
    /// Files of the variables in ``globals``, at the same places.
    public private(set) var globalFiles: [String: [Int]] = [:]
    /// Results of files' functions, by name; nil where there are several.
    public private(set) var results: [String: TypeShape?] = [:]
    /// Aliases by their full name.
    public private(set) var aliases: [String: TypeShape] = [:]
    /// Names of types (simple) by what they inherit or conform to.
    public private(set) var conforming: [String: [String]] = [:]

    /// An index of nothing.
    public init() {}

    /// Merges the facts of files.
    ///
    /// - Complexity: O(declarations).
    public init(_ files: [SourceFile]) {
        for file in files {
            for record in file.facts.types where record.kind != .external { merge(record) }
            for (name, shape) in file.facts.aliases { aliases[name] = shape }
            for global in file.facts.globals {
                globals[global.name, default: []].append(global)
                globalFiles[global.name, default: []].append(file.index)
            }
            for (name, shape) in file.facts.results {
                results[name] = results[name] == nil ? .some(shape) : .some(nil)
            }
        }
        for (name, record) in types { namesBySimpleName[record.simpleName, default: []].append(name) }
        // Extensions come when all declarations are known: they may name a nested type by its last part.
        for file in files {
            for record in file.facts.types where record.kind == .external { merge(record) }
        }
        for (name, record) in types {
            for parent in record.inherited { conforming[parent, default: []].append(name) }
        }
    }

    private mutating func merge(_ record: TypeRecord) {
        var name = record.name
        if record.kind == .external, types[name] == nil, let names = namesBySimpleName[record.simpleName],
            names.count == 1
        {
            name = names[0]
        }
        guard var existing = types[name] else {
            types[name] = record
            return
        }
        // A name that so many types have is ambiguous; keeping all their members would take time for each pair of files.
        guard existing.declarationCount < 64 || record.kind == .external else { return }
        if existing.kind == .external || record.kind != .external {
            existing.kind = record.kind
            existing.file = record.file
            existing.declaration = record.declaration
            existing.ownInherited = record.ownInherited
            existing.modifiers = record.modifiers
            existing.isGeneric = record.isGeneric
            existing.genericParameters = record.genericParameters
        }
        existing.declarationCount += record.declarationCount
        existing.inherited.formUnion(record.inherited)
        existing.attributes += record.attributes
        existing.properties += record.properties
        for (function, shape) in record.results {
            existing.results[function] = existing.results[function] == nil ? .some(shape) : .some(nil)
        }
        existing.functions += record.functions
        existing.cases += record.cases
        existing.hasConditionalMembers = existing.hasConditionalMembers || record.hasConditionalMembers
        existing.isUncheckedSendable = existing.isUncheckedSendable || record.isUncheckedSendable
        existing.hasDeinitializer = existing.hasDeinitializer || record.hasDeinitializer
        types[name] = existing
    }

    /// The type that a name means within another type, by Swift's order: nested in the innermost first; else the only one of that name.
    ///
    /// - Parameters:
    ///   - name: The name as written, dotted or not.
    ///   - context: The full name of the type around; empty at the top.
    ///   - guesses: Whether the only type of that name anywhere is taken if none is in sight.
    /// - Returns: The type, if there is exactly one.
    /// - Complexity: O(depth of nesting) look-ups.
    public func type(named name: String, in context: String = "", guesses: Bool = true) -> TypeRecord? {
        if name == "Self" { return types[context] }
        var outer = context
        while true {
            if let found = types[outer.isEmpty ? name : outer + "." + name] { return found }
            guard !outer.isEmpty else { break }
            if let dot = outer.lastIndex(of: ".") { outer = String(outer[..<dot]) } else { outer = "" }
        }
        guard guesses, !name.contains("."), let names = namesBySimpleName[name], names.count == 1 else { return nil }
        return types[names[0]]
    }

    /// What an alias stands for, seen from within a type.
    public func alias(named name: String, in context: String = "") -> TypeShape? {
        var outer = context
        while true {
            if let found = aliases[outer.isEmpty ? name : outer + "." + name] { return found }
            guard !outer.isEmpty else { return nil }
            if let dot = outer.lastIndex(of: ".") { outer = String(outer[..<dot]) } else { outer = "" }
        }
    }

    /// A shape with aliases replaced at its outermost level.
    public func resolve(_ shape: TypeShape, in context: String = "") -> TypeShape {
        var shape = shape
        for _ in 0..<8 {
            switch shape {
            case .named(let name, let arguments) where arguments.isEmpty:
                guard type(named: name, in: context, guesses: false) == nil,
                    let target = alias(named: name, in: context)
                else {
                    return shape
                }
                shape = target
            case .optional(let wrapped): return .optional(resolve(wrapped, in: context))
            default: return shape
            }
        }
        return shape
    }

    /// The property of a type, also of its superclasses, by name.
    public func property(_ name: String, of type: TypeRecord) -> PropertyRecord? {
        var record: TypeRecord? = type
        for _ in 0..<8 {
            guard let current = record else { return nil }
            if let found = current.properties.first(where: { $0.name == name }) { return found }
            guard current.kind == .object, let parent = current.ownInherited.first else { return nil }
            record = self.type(named: parent, in: current.name)
        }
        return nil
    }
}
