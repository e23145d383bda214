import AdvisorCore
import SwiftSyntax

/// Finds dictionaries that serve as caches and never lose an entry.
struct UnboundedCache: Rule {
    let id = "unbounded-cache"
    let title = "Cache that grows without a bound"
    let family = RuleFamily.caches
    let severity = Severity.warning
    let isOnByDefault = false
    let hasDoubtfulFindings = true
    let explanation = RuleExplanation(
        reason: """
            Entries are added under keys that come from outside, and nothing ever removes one: the process grows with the number of different keys it has ever seen, \
            until it is killed. Whoever chooses the keys chooses the memory.
            """,
        example: """
            final class Thumbnails {
                private var cache: [String: Image] = [:]
                func image(_ path: String) -> Image {
                    if let image = cache[path] { return image }
                    let image = render(path)
                    cache[path] = image
                    return image
                }
            }
            """,
        fix: """
            final class Thumbnails {
                private let cache = Cache<String, Image>(maximumCount: 1_000)
                func image(_ path: String) async throws -> Image { try await cache.load(path) { render($0) } }
            }
            """,
        whenWrong:
            "The keys are few by their nature (types, routes, columns of a schema), or the object that holds the cache lives briefly."
    )

    private static let longLived = [
        "Cache", "Store", "Service", "Manager", "Client", "Provider", "Repository", "Server", "Loader", "Resolver",
        "Factory",
        "Controller", "Engine",
    ]

    func check(_ file: SourceFile, in project: Project, report: inout Reporter) {
        for global in file.facts.globals where !file.path.hasSuffix("/main.swift") {
            check(global, owner: nil, file: file, in: project, report: &report)
        }
        for type in file.facts.types where type.kind != .protocol {
            let record = project.index.type(named: type.name) ?? type
            for property in type.properties where property.isStored {
                guard property.isStatic || livesLong(record) else { continue }
                check(property, owner: record, file: file, in: project, report: &report)
            }
        }
    }

    private func livesLong(_ record: TypeRecord) -> Bool {
        guard record.kind == .object || record.kind == .actor else { return false }
        if record.kind == .actor { return true }
        if Self.longLived.contains(where: { record.simpleName.hasSuffix($0) }) { return true }
        return record.properties.contains { $0.isStatic && ["shared", "default", "instance"].contains($0.name) }
    }

    private func isCacheName(_ name: String) -> Bool {
        let lower = name.lowercased()
        return lower.contains("cache") || lower.contains("memoi") || lower == "memo"
    }

    private func check(
        _ property: PropertyRecord, owner: TypeRecord?, file: SourceFile, in project: Project, report: inout Reporter
    ) {
        let ownerIsCache = owner.map { isCacheName($0.simpleName) } ?? false
        guard isCacheName(property.name) || ownerIsCache, let shape = property.shape,
            let parts = shape.dictionaryParts ?? shape.protectedShape?.dictionaryParts,
            !isSmall(parts.key, in: project, context: owner?.name ?? "")
        else { return }
        let uses = project.collectionUses(of: property, file: file.index)
        let insertions = uses.filter { use in
            guard use.use.mayInsert, use.use.key?.isLiteral != true, use.use.key?.isFixed != true,
                !isPlaceInSource(use.use)
            else { return false }
            return use.use.reference.enclosingFunction?.is(InitializerDeclSyntax.self) != true
        }
        guard !insertions.isEmpty, !uses.contains(where: { $0.use.mayRemove }) else { return }
        // Looking at the count is how bounds begin.
        guard
            !uses.contains(where: {
                $0.use.action == .member("count") && $0.use.access.parent?.is(InfixOperatorExprSyntax.self) == true
            })
        else {
            return
        }
        // A dictionary that is given away may be emptied there.
        guard property.isPrivate || !property.isPublic else { return }
        report.report(
            property.binding.pattern, "Entries are added to '\(property.name)' and none is ever removed.",
            suggestion: "Use a Cache with a maximumCount, or remove entries when they have served.",
            isDoubtful:
                !(livesForEver(property, owner) && isOfMany(parts.key, in: project, context: owner?.name ?? "")
                && insertions.contains { comesFromCaller($0.use) && isLookedUp($0.use, among: uses) }))
    }

    /// Whether nothing ever frees the owner: the variable is static or a file's, or the type has one object for all.
    private func livesForEver(_ property: PropertyRecord, _ owner: TypeRecord?) -> Bool {
        guard let owner, !property.isStatic else { return true }
        return owner.properties.contains { $0.isStatic && ["shared", "default", "instance"].contains($0.name) }
    }

    /// Words for what there are a few of.
    private static let few = [
        "locale", "language", "type", "kind", "style", "class", "level", "categor", "platform", "module", "framework",
        "bundle", "font", "color", "colour", "icon", "symbol", "calendar", "zone", "currency", "unit", "scale",
        "environment", "version", "flag", "setting", "function", "selector", "property", "column", "table", "route",
        "provider", "plugin", "device", "region", "theme", "format", "scheme", "size",
    ]

    /// Whether there may be very many keys of the type.
    private func isOfMany(_ key: TypeShape, in project: Project, context: String) -> Bool {
        guard case .named(let name, let arguments) = key, arguments.isEmpty else { return false }
        if ["String", "Substring", "URL", "Int", "Int64", "UInt64", "UUID", "Data"].contains(name) { return true }
        guard let record = project.index.type(named: name, in: context), record.kind == .structure else { return false }
        return record.storedProperties.contains { ["String", "URL", "Data"].contains($0.shape?.unwrapped.simpleName) }
    }

    /// Whether the key of an insertion is computed from a parameter of the function, and none of the names says that there are few.
    private func comesFromCaller(_ use: NameUse) -> Bool {
        guard let key = use.key, let function = use.reference.enclosingFunction?.as(FunctionDeclSyntax.self),
            let body = function.body
        else { return false }
        var names = Set(
            function.signature.parameterClause.parameters.map { ($0.secondName ?? $0.firstName).text })
        for variable in body.descendants(VariableDeclSyntax.self) where variable.position < key.position {
            for binding in variable.bindings {
                guard let value = binding.initializer?.value, mentions(value, names) else { continue }
                names.formUnion(binding.pattern.descendants(IdentifierPatternSyntax.self).map(\.identifier.text))
            }
        }
        let words = key.comparableText.lowercased() + " " + use.access.comparableText.lowercased()
        return mentions(key, names) && !Self.few.contains { words.contains($0) }
    }

    private func mentions(_ node: some SyntaxProtocol, _ names: Set<String>) -> Bool {
        node.descendants(DeclReferenceExprSyntax.self).contains { names.contains($0.baseName.text) }
    }

    /// Whether the function that adds under a key asks for it too, as caches do.
    private func isLookedUp(_ use: NameUse, among uses: [CollectionUse]) -> Bool {
        let key = use.key?.comparableText
        return uses.contains {
            $0.use.action == .elementRead && $0.use.key?.comparableText == key
                && $0.use.reference.enclosingFunction?.id == use.reference.enclosingFunction?.id
        }
    }

    /// Whether the key is a parameter with `#function` or the like: as many as there are calls in the source.
    private func isPlaceInSource(_ use: NameUse) -> Bool {
        guard let name = use.key?.as(DeclReferenceExprSyntax.self)?.baseName.text,
            let function = use.reference.enclosingFunction?.as(FunctionDeclSyntax.self)
        else { return false }
        return function.signature.parameterClause.parameters.contains { parameter in
            (parameter.secondName ?? parameter.firstName).text == name
                && parameter.defaultValue?.value.trimmedDescription.hasPrefix("#") == true
        }
    }

    /// Keys of which there can't be many.
    private func isSmall(_ key: TypeShape, in project: Project, context: String) -> Bool {
        guard case .named(let name, _) = key else { return false }
        if ["Bool", "UInt8", "Int8", "ObjectIdentifier", "AnyKeyPath", "Level", "Locale", "Calendar"].contains(name) {
            return true
        }
        guard let record = project.index.type(named: name, in: context) else { return false }
        return record.kind == .enumeration && record.cases.allSatisfy { $0.parameterClause == nil }
    }
}
