import AdvisorCore
import SwiftSyntax

/// Finds dictionaries behind one lock or queue on paths that many callers take.
struct LockedDictionary: Rule {
    let id = "locked-dictionary"
    let title = "Dictionary behind one lock or queue on a path that runs often"
    let family = RuleFamily.sharing
    let severity = Severity.note
    let isOnByDefault = false
    let explanation = RuleExplanation(
        reason: """
            With one lock, all threads wait for each other even if they want different keys; with two threads a locked dictionary already serves fewer \
            reads in total than with one. A concurrent map reads without a lock and locks one shard of many to write.
            """,
        example: """
            final class Sessions: Sendable {
                private let byID = Mutex<[String: Session]>([:])
                func session(_ id: String) -> Session? { byID.withLock { $0[id] } }
                func add(_ session: Session) { byID.withLock { $0[session.id] = session } }
            }
            """,
        fix: """
            final class Sessions: Sendable {
                private let byID = ConcurrentMap<String, Session>()
                func session(_ id: String) -> Session? { byID[id] }
                func add(_ session: Session) { byID.updateValue(session, forKey: session.id) }
            }
            """,
        whenWrong: "Few threads use it, or seldom; or several entries must change together.")

    func check(_ file: SourceFile, in project: Project, report: inout Reporter) {
        for global in file.facts.globals where !file.path.hasSuffix("/main.swift") {
            check(global, file: file, in: project, report: &report)
        }
        // A struct that a lock protects as a whole is looked at with the lock.
        let states = Set(
            file.facts.types.flatMap(\.properties).compactMap { $0.shape?.protectedShape?.simpleName })
        for type in file.facts.types
        where type.kind != .protocol && type.kind != .actor && !states.contains(type.simpleName) {
            for property in type.properties { check(property, file: file, in: project, report: &report) }
        }
    }

    private func check(_ property: PropertyRecord, file: SourceFile, in project: Project, report: inout Reporter) {
        guard property.isStored, let shape = property.shape else { return }
        if let state = shape.protectedShape?.simpleName, let record = project.index.type(named: state) {
            checkState(record, in: property, file: file, project: project, report: &report)
            return
        }
        let isBoxed: Bool
        if case .dictionary? = shape.protectedShape { isBoxed = true } else { isBoxed = false }
        guard isBoxed || shape.dictionaryParts != nil else { return }
        let uses = project.collectionUses(of: property, file: file.index)
        check(uses, isBoxed: isBoxed, name: property.name, at: property.binding, in: project, report: &report)
    }

    /// `Mutex<State>`: the dictionaries of the struct that the lock protects.
    private func checkState(
        _ record: TypeRecord, in property: PropertyRecord, file: SourceFile, project: Project, report: inout Reporter
    ) {
        guard record.kind == .structure else { return }
        let all = project.collectionUses(of: property, file: file.index)
        let parts = Set(record.storedProperties.map(\.name))
        for inner in record.storedProperties where inner.shape?.dictionaryParts != nil {
            let uses = all.compactMap { use -> CollectionUse? in
                guard case .member(inner.name) = use.use.action,
                    let member = use.use.access.as(MemberAccessExprSyntax.self)
                else { return nil }
                return CollectionUse(
                    file: use.file, use: NameUse(member.declName), isGuarded: use.isGuarded,
                    lockedClosure: use.lockedClosure)
            }
            // What changes together is protected together: a map in place of one part would tear it from the others.
            let others = parts.subtracting([inner.name])
            let isAlone = uses.allSatisfy { use in
                let names = use.lockedClosure?.descendants(DeclReferenceExprSyntax.self).map(\.baseName.text) ?? []
                return others.isDisjoint(with: names)
            }
            guard isAlone else { continue }
            check(
                uses, isBoxed: true, name: "\(property.name).\(inner.name)", at: property.binding, in: project,
                report: &report)
        }
    }

    private func check(
        _ uses: [CollectionUse], isBoxed: Bool, name: String, at binding: PatternBindingSyntax, in project: Project,
        report: inout Reporter
    ) {
        let locked = uses.filter { $0.isGuarded && $0.lockedClosure != nil }
        guard locked.count >= 2, isBoxed || locked.count * 3 >= uses.count * 2 else { return }
        // Only sections that do one thing: others change entries together, which no map does better.
        let single = locked.filter { $0.lockedClosure?.statements.count == 1 }
        guard single.count * 3 >= locked.count * 2 else { return }
        let actions = locked.map(\.use)
        let reads = actions.count { $0.action == .elementRead }
        let writes = actions.count { $0.mayInsert }
        let removals = actions.count { $0.mayRemove }
        let walks = actions.count { use in
            switch use.action {
            case .iterated, .wholeRead, .member("values"), .member("keys"): true
            case .called(let name): ["map", "filter", "compactMap", "forEach", "mapValues", "reduce"].contains(name)
            default: false
            }
        }
        guard reads >= 1, reads + writes >= 2, walks <= reads, isHot(locked, in: project) else { return }
        let mix = "\(reads) reads, \(writes) writes, \(removals) removals, \(walks) walks over all entries"
        report.report(
            binding.pattern, "Every access to '\(name)' takes one lock (in the source: \(mix)).",
            suggestion: advice(reads: reads, writes: writes, removals: removals, walks: walks))
    }

    private func advice(reads: Int, writes: Int, removals: Int, walks: Int) -> String {
        if writes + removals == 0 {
            return "Nothing changes it under the lock: build it once and share it as a constant."
        }
        if walks > 0 {
            return "Use a ConcurrentMap if walks may miss changes of that moment; else divide keys over several locks."
        }
        return "Use a ConcurrentMap: reads take no lock, writes lock one shard of many."
    }

    /// Whether one of the functions around is called in a loop, or handles requests by its name.
    private func isHot(_ uses: [CollectionUse], in project: Project) -> Bool {
        for use in uses {
            guard let function = use.use.reference.enclosingFunction?.as(FunctionDeclSyntax.self) else { continue }
            let name = function.name.text
            if Self.handlers.contains(where: { name.lowercased().hasPrefix($0) }) { return true }
            for source in project.files {
                for reference in source.facts.references[name] ?? [] where reference.isInLoop() { return true }
            }
        }
        return false
    }

    private static let handlers = [
        "handle", "respond", "channelread", "route", "intercept", "process", "execute", "receive", "dispatch",
    ]
}
