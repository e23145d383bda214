public import SwiftSyntax

/// A use of a property, with what guards it.
public struct CollectionUse: Sendable {
    /// The file.
    public let file: SourceFile
    /// What is done.
    public let use: NameUse
    /// Whether it stands in a closure that runs under a lock or on a queue, or between `lock()` and `unlock()`.
    public let isGuarded: Bool
    /// The closure under the lock, if it is one.
    public let lockedClosure: ClosureExprSyntax?

    /// Puts a use together.
    public init(file: SourceFile, use: NameUse, isGuarded: Bool, lockedClosure: ClosureExprSyntax?) {
        self.file = file
        self.use = use
        self.isGuarded = isGuarded
        self.lockedClosure = lockedClosure
    }
}

extension Project {
    /// The uses of a property or global by name, those inside of its lock's closures included: with `names: Mutex<[Int: String]>`,
    /// `names.withLock { $0[1] = "one" }` is a write.
    ///
    /// Names are not resolved: other properties of the same name count too, unless only one file can see this one.
    ///
    /// - Complexity: O(files + uses).
    public func collectionUses(of property: PropertyRecord, file: Int) -> [CollectionUse] {
        let onlyFile = property.isPrivate ? file : nil
        var result: [CollectionUse] = []
        for (source, use) in uses(of: property.name, file: onlyFile) {
            if isShadowed(use.reference, by: property) { continue }
            if case .called(let method) = use.action, Scope.lockingMethods.contains(method),
                let call = use.access.as(FunctionCallExprSyntax.self), let closure = call.closures.last
            {
                for inner in Project.uses(ofParameterOf: closure) {
                    result.append(CollectionUse(file: source, use: inner, isGuarded: true, lockedClosure: closure))
                }
                continue
            }
            let closure = Project.lockedClosure(around: use.reference)
            let guarded = closure != nil || Project.isBetweenLockCalls(use.reference)
            result.append(CollectionUse(file: source, use: use, isGuarded: guarded, lockedClosure: closure))
        }
        return result
    }

    /// Whether a name without `self.` means a local variable or a parameter there.
    private func isShadowed(_ reference: DeclReferenceExprSyntax, by property: PropertyRecord) -> Bool {
        if reference.parent?.as(MemberAccessExprSyntax.self)?.declName.id == reference.id { return false }
        switch scope.binding(of: property.name, at: reference)?.kind {
        case .local, .parameter: return true
        default: return false
        }
    }

    /// Uses of a closure's first parameter, named or `$0`.
    public static func uses(ofParameterOf closure: ClosureExprSyntax) -> [NameUse] {
        let name = closure.parameterNames.first ?? "$0"
        return closure.statements.descendants(DeclReferenceExprSyntax.self)
            .filter { $0.baseName.text == name && $0.parent?.as(MemberAccessExprSyntax.self)?.declName.id != $0.id }
            .map { NameUse($0) }
    }

    /// Whether a call goes to a queue of the system, which runs many closures at once.
    private static func isGlobalQueue(_ call: FunctionCallExprSyntax) -> Bool {
        call.receiver?.as(FunctionCallExprSyntax.self)?.calledName == "global"
    }

    /// The closure around a node that is passed to a method that locks, or to `sync`/`async` of something.
    public static func lockedClosure(around node: some SyntaxProtocol) -> ClosureExprSyntax? {
        var closure = node.nearest(ClosureExprSyntax.self)
        while let current = closure {
            if let call = Scope.call(passing: current), let name = call.calledName, call.receiver != nil,
                Scope.lockingMethods.contains(name)
                    || ["sync", "async", "asyncAndWait"].contains(name) && !isGlobalQueue(call)
                    || name.lowercased().contains("lock")
            {
                return current
            }
            closure = current.nearest(ClosureExprSyntax.self)
        }
        return nil
    }

    /// Whether the function around calls `lock()` or something like it before the node.
    public static func isBetweenLockCalls(_ node: some SyntaxProtocol) -> Bool {
        guard let body = node.enclosingBody else { return false }
        let calls = body.descendants(FunctionCallExprSyntax.self)
        return calls.contains { call in
            guard call.position < node.position, let name = call.calledName?.lowercased() else { return false }
            return name.contains("lock") || name == "wait" || name == "assertinEventLoop".lowercased()
                || name == "preconditionineventloop" || name.hasPrefix("dispatchprecondition")
                || name.contains("acquire")
        }
    }
}
