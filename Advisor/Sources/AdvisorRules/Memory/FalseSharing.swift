import AdvisorCore
import SwiftSyntax

/// Finds atomics and locks that lie in one cache line and are written by different functions.
struct FalseSharing: Rule {
    let id = "false-sharing"
    let title = "Atomics or locks that share a cache line"
    let family = RuleFamily.memory
    let severity = Severity.warning
    let isOnByDefault = false
    let explanation = RuleExplanation(
        reason: """
            A core that writes a word takes the whole line of 64 bytes from the others. Two counters side by side that different threads write make each write wait for the other core, \
            as if both were one.
            """,
        example: """
            final class Queue: Sendable {
                private let head = Atomic<Int>(0)
                private let tail = Atomic<Int>(0)
                func push() { tail.add(1, ordering: .releasing) }
                func pop() { head.add(1, ordering: .releasing) }
            }
            """,
        fix: """
            final class Queue: Sendable {
                private let head = Atomic<Int>(0)
                private let padding = InlineArray<15, UInt64>(repeating: 0)
                private let tail = Atomic<Int>(0)
                …
            }
            """,
        whenWrong: "The same thread writes both, or both are written seldom.")

    func check(_ file: SourceFile, in project: Project, report: inout Reporter) {
        for type in file.facts.types where type.kind == .object || type.kind == .structure {
            guard let record = project.index.type(named: type.name), record.file == file.index else { continue }
            var previous: (property: PropertyRecord, writers: Set<SyntaxIdentifier>)?
            var distance = 0
            for property in record.storedProperties {
                guard isShared(property) else {
                    distance += size(of: property)
                    if property.name.lowercased().contains("pad") { previous = nil }
                    continue
                }
                let writers = writers(of: property, file: file, in: project)
                if let before = previous, distance < 48, !writers.isEmpty, !before.writers.isEmpty,
                    writers.isDisjoint(with: before.writers)
                {
                    report.report(
                        property.binding.pattern,
                        "'\(before.property.name)' and '\(property.name)' lie in one cache line and are written by different functions.",
                        suggestion: "Put 64 to 128 bytes of padding between them, or keep each in an object of its own."
                    )
                }
                if !writers.isEmpty { (previous, distance) = ((property, writers), 8) }
            }
        }
    }

    private func isShared(_ property: PropertyRecord) -> Bool {
        guard case .named(_, _)? = property.shape, let name = property.shape?.simpleName else { return false }
        return ["Atomic", "Mutex"].contains(name)
    }

    private func size(of property: PropertyRecord) -> Int {
        switch property.shape {
        case .named(let name, _) where name.contains("InlineArray"): 128
        case .named("String", _): 16
        default: 8
        }
    }

    /// The functions that write an atomic or take a lock, those that run once aside.
    private func writers(of property: PropertyRecord, file: SourceFile, in project: Project) -> Set<SyntaxIdentifier> {
        var result: Set<SyntaxIdentifier> = []
        for (_, use) in project.uses(of: property.name, file: property.isPrivate ? file.index : nil) {
            guard case .called(let method) = use.action,
                Self.writing.contains(method) || method.contains("Add") || method.contains("compareExchange"),
                let function = use.reference.enclosingFunction, !function.is(InitializerDeclSyntax.self),
                !function.is(DeinitializerDeclSyntax.self)
            else { continue }
            result.insert(function.id)
        }
        return result
    }

    private static let writing: Set<String> = [
        "store", "add", "subtract", "exchange", "compareExchange", "weakCompareExchange", "withLock", "bitwiseOr",
        "bitwiseAnd", "wrappingSubtract",
        "wrappingAdd", "max", "min",
    ]
}
