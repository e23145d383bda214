import AdvisorCore
import SwiftSyntax

/// What the source shows of the threads that come to a variable.
struct SharingEvidence {
    let project: Project
    /// The file that declares the variable.
    let file: SourceFile

    /// Whether the source shows that several threads come: a library's callers may change the variable, or a task or a thread does.
    ///
    /// - Parameters:
    ///   - changes: Where it is changed with nothing around that keeps others out.
    ///   - property: The variable.
    ///   - owner: The type that it belongs to.
    /// - Returns: False where it may be one thread.
    /// - Complexity: O(changes + files).
    func showsThreads(_ changes: [CollectionUse], of property: PropertyRecord, owner: TypeRecord?) -> Bool {
        // A class of a framework may be bound to the main thread by its superclass.
        let parents = owner.map { $0.kind == .object ? $0.ownInherited : [] } ?? []
        guard parents.allSatisfy({ project.index.type(named: $0) != nil || $0.hasSuffix("Sendable") }),
            owner?.holdsLock != true
        else { return false }
        if changes.contains(where: { runsBesideOthers($0.use.reference) }) { return true }
        // Who awaits one object's functions may do so one after the other; what is there once, everybody reaches.
        guard property.isStatic || owner == nil, !isOfProgram else { return false }
        if changes.contains(where: { isAsync($0.use.reference) }) { return true }
        guard property.isStatic || property.isNonisolatedUnsafe else { return false }
        return changes.contains { isForOtherModules($0.use.reference) }
    }

    private func isAsync(_ node: DeclReferenceExprSyntax) -> Bool {
        let function = node.enclosingFunction?.as(FunctionDeclSyntax.self)
        return function?.signature.effectSpecifiers?.asyncSpecifier != nil
    }

    /// Whether a closure around is handed to a task, a thread or a global queue.
    private func runsBesideOthers(_ node: DeclReferenceExprSyntax) -> Bool {
        var closure = node.enclosingClosure
        while let current = closure {
            if let call = Scope.call(passing: current) {
                let text = call.calledExpression.comparableText
                let starts = ["Task", "Task.detached", "Thread", "Thread.detachNewThread"]
                if starts.contains(text) || text == "DispatchQueue.concurrentPerform" { return true }
                if text.hasPrefix("DispatchQueue.global("), text.hasSuffix(".async") { return true }
            }
            closure = current.enclosingClosure
        }
        return false
    }

    /// Whether the function around is public, so that whoever uses the module calls it from any thread.
    private func isForOtherModules(_ node: DeclReferenceExprSyntax) -> Bool {
        guard let function = node.enclosingFunction else { return false }
        let own = function.as(FunctionDeclSyntax.self)?.modifiers
        guard let modifiers = own ?? function.nearest(VariableDeclSyntax.self)?.modifiers else { return false }
        let names = modifiers.map(\.name.text)
        if names.contains("public") || names.contains("open") { return true }
        guard !names.contains(where: { ["private", "fileprivate", "internal", "package"].contains($0) }),
            let group = function.nearest(ExtensionDeclSyntax.self)
        else { return false }
        return group.modifiers.contains { $0.name.text == "public" }
    }

    /// Whether the file belongs to a program, which decides itself what runs at the same time: there is a `main.swift` or an `@main` in its module.
    private var isOfProgram: Bool {
        let parts = file.path.split(separator: "/", omittingEmptySubsequences: false)
        let module = parts.lastIndex(of: "Sources").map { $0 + 2 } ?? parts.count
        let folder = parts.prefix(min(module, parts.count - 1)).joined(separator: "/") + "/"
        return project.files.contains { other in
            guard other.path.hasPrefix(folder) else { return false }
            return other.path.hasSuffix("/main.swift")
                || other.facts.types.contains { $0.attributes.contains("main") }
        }
    }
}
