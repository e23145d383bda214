import AdvisorCore
import SwiftSyntax

/// Finds actors that do nothing but keep one dictionary.
struct ActorAsMap: Rule {
    let id = "actor-as-map"
    let title = "Actor that only keeps one dictionary"
    let family = RuleFamily.sharing
    let severity = Severity.warning
    let isOnByDefault = true
    let explanation = RuleExplanation(
        reason: """
            Each access from outside suspends the caller and is queued behind all others, for a lookup that takes less time than the queueing. With two busy \
            threads an actor around a dictionary was measured at several microseconds per read, forty times that of a concurrent map.
            """,
        example: """
            actor Sessions {
                private var byID: [String: Session] = [:]
                func session(_ id: String) -> Session? { byID[id] }
                func add(_ session: Session) { byID[session.id] = session }
            }
            """,
        fix: """
            final class Sessions: Sendable {
                private let byID = ConcurrentMap<String, Session>()
                func session(_ id: String) -> Session? { byID[id] }
                func add(_ session: Session) { byID.updateValue(session, forKey: session.id) }
            }
            """,
        whenWrong:
            "It is used seldom, or its callers hold it isolated and make several changes that must be seen together.")

    func check(_ file: SourceFile, in project: Project, report: inout Reporter) {
        for type in file.facts.types where type.kind == .actor {
            guard let record = project.index.type(named: type.name), record.declarationCount == 1,
                let declaration = record.declaration?.as(ActorDeclSyntax.self)
            else { continue }
            let variables = record.storedProperties.filter { !$0.isConstant }
            guard variables.count == 1, let table = variables.first, table.shape?.dictionaryParts != nil else {
                continue
            }
            let methods = record.functions.filter { !["init", "deinit"].contains($0.name) && !$0.isStatic }
            guard methods.count >= 2, methods.allSatisfy({ isAccess($0, to: table.name) }) else { continue }
            let uses = methods.flatMap { accesses(of: table.name, in: $0) }
            let reads = uses.count { $0.action == .elementRead }
            let writes = uses.count {
                $0.mayInsert || $0.action == .elementRemoved || $0.action == .called("removeValue")
            }
            guard reads >= 1, writes >= 1 else { continue }
            report.report(
                declaration.name,
                "'\(record.simpleName)' does nothing but look into '\(table.name)', and each access waits its turn.",
                suggestion: "Use a ConcurrentMap in a final class: reads neither suspend nor lock.")
        }
    }

    /// Whether a method is short, doesn't suspend, and uses the table.
    private func isAccess(_ method: FunctionRecord, to table: String) -> Bool {
        guard !method.isAsync, method.body.descendants(CodeBlockItemSyntax.self).count <= 4,
            method.body.descendants(AwaitExprSyntax.self).isEmpty, method.body.descendants(ForStmtSyntax.self).isEmpty
        else { return false }
        return !accesses(of: table, in: method).isEmpty
    }

    private func accesses(of table: String, in method: FunctionRecord) -> [NameUse] {
        method.body.descendants(DeclReferenceExprSyntax.self).filter { $0.baseName.text == table }.map { NameUse($0) }
    }
}
