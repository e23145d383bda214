import AdvisorCore
import SwiftSyntax

/// Finds dictionaries whose values carry their own time of expiry.
struct HandWrittenExpiry: Rule {
    let id = "hand-written-expiry"
    let title = "Hand-written cache with expiring entries"
    let family = RuleFamily.caches
    let severity = Severity.note
    let isOnByDefault = false
    let explanation = RuleExplanation(
        reason: """
            Entries with a date are checked when somebody asks for them, so those that nobody asks for any more stay for ever; a sweep over all entries holds up everybody else. \
            Wall-clock dates also jump when the clock is set.
            """,
        example: """
            struct Entry { var value: Token; var expiresAt: Date }
            var tokens: [String: Entry] = [:]
            func token(_ id: String) -> Token? {
                guard let entry = tokens[id], entry.expiresAt > Date() else { return nil }
                return entry.value
            }
            """,
        fix: """
            var configuration = Cache<String, Token>.Configuration(maximumCount: 10_000)
            configuration.expireAfterWrite = .seconds(300)
            let tokens = Cache(configuration)
            func token(_ id: String) -> Token? { tokens[id] }
            """,
        whenWrong: "The time is part of what is stored and shown, not a reason to drop the entry.")

    private static let strong: Set<String> = [
        "expires", "expiry", "expiration", "expiresat", "expirydate", "expirationdate", "expireat", "expirestime",
        "expirationtime", "validuntil",
        "cachedat", "fetchedat", "expiresin", "timetolive", "ttl", "staleat",
    ]
    private static let weak: Set<String> = [
        "timestamp", "date", "createdat", "insertedat", "storedat", "deadline", "time", "lastupdated", "updatedat",
        "added",
    ]

    func check(_ file: SourceFile, in project: Project, report: inout Reporter) {
        for type in file.facts.types where type.kind != .protocol {
            for property in type.properties where property.isStored {
                check(property, context: type.name, file: file, in: project, report: &report)
            }
        }
        for global in file.facts.globals { check(global, context: "", file: file, in: project, report: &report) }
    }

    private func check(
        _ property: PropertyRecord, context: String, file: SourceFile, in project: Project, report: inout Reporter
    ) {
        guard let shape = property.shape, let parts = shape.dictionaryParts ?? shape.protectedShape?.dictionaryParts,
            let field = timeField(
                of: parts.value.unwrapped, named: property.name + context, in: project, context: context)
        else { return }
        let uses = project.collectionUses(of: property, file: file.index)
        guard uses.contains(where: { $0.use.action == .elementRead }), uses.contains(where: { $0.use.mayInsert }),
            uses.contains(where: { comparesTime(field, around: $0) })
        else { return }
        report.report(
            property.binding.pattern, "'\(property.name)' keeps '\(field)' with each value and compares it by hand.",
            suggestion:
                "Use a Cache with expireAfterWrite (or an expiry per entry): it removes what has expired and has a bound."
        )
    }

    private func timeField(of value: TypeShape, named name: String, in project: Project, context: String) -> String? {
        let candidates: [(name: String, shape: TypeShape?)]
        switch value {
        case .named(let typeName, _):
            guard let record = project.index.type(named: typeName, in: context),
                record.kind == .structure || record.kind == .object
            else { return nil }
            candidates = record.storedProperties.map { ($0.name, $0.shape) }
        case .tuple(let elements):
            candidates = elements.compactMap { element in element.label.map { ($0, element.shape) } }
        default: return nil
        }
        let isCache = name.lowercased().contains("cache")
        return candidates.first { candidate in
            let lower = candidate.name.lowercased()
            return (Self.strong.contains(lower) || isCache && Self.weak.contains(lower)) && isTime(candidate.shape)
        }?.name
    }

    private func isTime(_ shape: TypeShape?) -> Bool {
        guard case .named(let name, _)? = shape?.unwrapped else { return false }
        return [
            "Date", "TimeInterval", "Double", "Int", "Int64", "UInt64", "NIODeadline", "DispatchTime",
            "DispatchWallTime", "Duration",
        ].contains(name)
            || name.hasSuffix("Instant")
    }

    /// Whether the function around a use compares the field, or something that is computed from it.
    private func comparesTime(_ field: String, around use: CollectionUse) -> Bool {
        guard let body = use.use.reference.enclosingBody else { return false }
        return body.descendants(DeclReferenceExprSyntax.self).contains { reference in
            guard reference.baseName.text == field else { return false }
            var node = reference.parent
            while let current = node, !current.is(CodeBlockItemSyntax.self) {
                if let operation = current.as(InfixOperatorExprSyntax.self),
                    ["<", ">", "<=", ">="].contains(operation.operatorText)
                {
                    return true
                }
                node = current.parent
            }
            return false
        }
    }
}
