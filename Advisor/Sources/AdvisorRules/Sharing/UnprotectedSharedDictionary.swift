import AdvisorCore
import SwiftSyntax

/// Finds dictionaries that several threads can reach and nothing protects.
struct UnprotectedSharedDictionary: Rule {
    let id = "unprotected-shared-dictionary"
    let title = "Dictionary that several threads can reach without protection"
    let family = RuleFamily.sharing
    let severity = Severity.error
    let isOnByDefault = true
    let hasDoubtfulFindings = true
    let explanation = RuleExplanation(
        reason: """
            A dictionary that one thread changes while another reads or changes it is undefined behaviour: lost entries, endless loops, or a crash \
            in the allocator. 'nonisolated(unsafe)' and '@unchecked Sendable' only tell the compiler not to say so. \
            By default only those are shown to which several threads come in plain sight: static ones that a library's public functions or async functions change, \
            and those that a task, a thread or a global queue changes. All others when asked for.
            """,
        example: """
            public enum Registry {
                nonisolated(unsafe) static var handlers: [String: Handler] = [:]
                public static func register(_ handler: Handler, for name: String) { handlers[name] = handler }
            }
            """,
        fix: """
            public enum Registry {
                static let handlers = ConcurrentMap<String, Handler>()
                public static func register(_ handler: Handler, for name: String) { handlers.updateValue(handler, forKey: name) }
            }
            """,
        whenWrong: """
            Something that the source doesn't show keeps users apart: all of them run on one event loop or queue, or writes happen only before the first \
            thread starts.
            """)

    func check(_ file: SourceFile, in project: Project, report: inout Reporter) {
        if !file.path.hasSuffix("/main.swift"), !isScript(file) {
            for global in file.facts.globals {
                checkGlobal(global, owner: nil, file: file, in: project, report: &report)
            }
        }
        for type in file.facts.types where type.kind != .protocol {
            let record = project.index.type(named: type.name) ?? type
            for property in type.properties where property.isStored && !property.isConstant {
                if property.isStatic {
                    checkGlobal(property, owner: record, file: file, in: project, report: &report)
                } else if property.isNonisolatedUnsafe, record.kind == .object || record.kind == .actor,
                    !record.holdsLock
                {
                    checkUses(
                        property, owner: record, file: file, in: project, report: &report,
                        message: "'\(property.name)' is nonisolated(unsafe), and is changed where no lock is held.")
                } else if record.kind == .object, record.isUncheckedSendable {
                    checkMember(property, of: record, file: file, in: project, report: &report)
                }
            }
        }
    }

    private func isHashTable(_ shape: TypeShape?) -> Bool {
        switch shape?.unwrapped {
        case .dictionary, .set: true
        default: false
        }
    }

    private func checkGlobal(
        _ property: PropertyRecord, owner: TypeRecord?, file: SourceFile, in project: Project, report: inout Reporter
    ) {
        guard !property.isConstant, property.isStored, isHashTable(property.shape),
            property.attributes.allSatisfy({ ["usableFromInline", "available", "inlinable"].contains($0) }),
            owner?.isGloballyIsolated != true
        else { return }
        checkUses(
            property, owner: owner, file: file, in: project, report: &report,
            message: "'\(property.name)' is shared by all threads, and is changed where no lock is held.")
    }

    private func checkMember(
        _ property: PropertyRecord, of owner: TypeRecord, file: SourceFile, in project: Project, report: inout Reporter
    ) {
        guard isHashTable(property.shape), !owner.isGloballyIsolated, !isProtected(owner, in: project),
            !property.attributes.contains(where: { $0.hasSuffix("Actor") })
        else { return }
        // A class that only holds a value is guarded, if it is, by who holds the class; and who wrote down a reason has thought of it.
        guard owner.functions.contains(where: { changes(property.name, in: $0) }),
            owner.declaration?.commentNamesThreads != true
        else { return }
        checkUses(
            property, owner: owner, file: file, in: project, report: &report,
            message: "'\(owner.simpleName)' is @unchecked Sendable and has no lock, but changes '\(property.name)'.")
    }

    /// Whether the file has statements of its own: it runs from top to bottom, on one thread unless it starts others.
    private func isScript(_ file: SourceFile) -> Bool {
        file.tree.statements.contains { !$0.item.is(DeclSyntax.self) }
    }

    private func changes(_ name: String, in function: FunctionRecord) -> Bool {
        guard !["init", "deinit"].contains(function.name) else { return false }
        return function.body.descendants(DeclReferenceExprSyntax.self).contains { reference in
            guard reference.baseName.text == name else { return false }
            let use = NameUse(reference)
            return use.mayInsert || use.mayRemove
        }
    }

    /// Whether a type, its superclass or a type around it holds something that keeps users apart.
    private func isProtected(_ owner: TypeRecord, in project: Project) -> Bool {
        var record: TypeRecord? = owner
        for _ in 0..<8 {
            guard let current = record else { break }
            if current.properties.contains(where: { protects($0) }) { return true }
            guard let parent = current.ownInherited.first else { break }
            if let found = project.index.type(named: parent, in: current.name) {
                record = found.kind == .object ? found : nil
            } else if !["Sendable", "AnyObject"].contains(parent) {
                // A superclass of another module may hold a lock.
                return true
            } else {
                record = nil
            }
        }
        guard let dot = owner.name.lastIndex(of: "."), let outer = project.index.types[String(owner.name[..<dot])]
        else { return false }
        return outer.kind == .actor || outer.properties.contains { protects($0) }
    }

    private func protects(_ property: PropertyRecord) -> Bool {
        if property.shape?.isLock == true { return true }
        let name = property.name.lowercased()
        if ["lock", "mutex", "queue", "eventloop", "semaphore", "executor"].contains(where: { name.contains($0) }) {
            return true
        }
        guard
            let type = property.shape?.unwrapped.simpleName ?? property.binding.typeAnnotation?.type.trimmedDescription
        else { return false }
        return ["Queue", "EventLoop", "Lock", "Mutex", "Executor"].contains { type.contains($0) }
    }

    private func checkUses(
        _ property: PropertyRecord, owner: TypeRecord?, file: SourceFile, in project: Project,
        report: inout Reporter, message: String
    ) {
        guard isHashTable(property.shape), !property.declaration.commentNamesThreads else { return }
        let uses = project.collectionUses(of: property, file: file.index)
        let changes = uses.filter { use in
            guard use.use.mayInsert || use.use.mayRemove else { return false }
            let function = use.use.reference.enclosingFunction
            return function?.is(InitializerDeclSyntax.self) != true
                && function?.is(DeinitializerDeclSyntax.self) != true
        }
        guard !changes.isEmpty, !changes.allSatisfy({ isForInitializers($0, in: project) }),
            changes.contains(where: { !$0.isGuarded && !isIsolated($0) })
        else { return }
        report.report(
            property.binding.pattern, message,
            suggestion: "Use a ConcurrentMap, or put it into a Mutex, or make its owner an actor.",
            isDoubtful: uses.contains { $0.isGuarded }
                || !SharingEvidence(project: project, file: file).showsThreads(
                    changes.filter { !$0.isGuarded && !isIsolated($0) && !isForInitializers($0, in: project) },
                    of: property, owner: owner)
        )
    }

    /// Whether the function around is private and only initializers, or others of which that is true, call it.
    private func isForInitializers(_ use: CollectionUse, in project: Project) -> Bool {
        var open = [use.use.reference.enclosingFunction]
        var seen: Set<SyntaxIdentifier> = []
        while let next = open.popLast() {
            guard let function = next?.as(FunctionDeclSyntax.self),
                function.modifiers.contains(where: { ["private", "fileprivate"].contains($0.name.text) }),
                function.nearest(ClassDeclSyntax.self) != nil
            else { return false }
            guard seen.insert(function.id).inserted else { continue }
            let calls = use.file.facts.references[function.name.text] ?? []
            guard !calls.isEmpty else { return false }
            for call in calls {
                guard let caller = call.enclosingFunction else { return false }
                if !caller.is(InitializerDeclSyntax.self) { open.append(caller) }
            }
        }
        return true
    }

    /// Whether the function around says that it runs on an actor.
    private func isIsolated(_ use: CollectionUse) -> Bool {
        var node = use.use.reference.parent
        while let current = node {
            if let function = current.as(FunctionDeclSyntax.self),
                function.attributes.names.contains(where: { $0.hasSuffix("Actor") })
            {
                return true
            }
            if let group = current.asProtocol((any DeclGroupSyntax).self),
                group.attributes.names.contains(where: { $0.hasSuffix("Actor") })
            {
                return true
            }
            node = current.parent
        }
        return false
    }
}
