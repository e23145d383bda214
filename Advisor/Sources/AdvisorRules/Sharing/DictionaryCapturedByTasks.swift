import AdvisorCore
import SwiftSyntax

/// Finds local dictionaries that closures on several threads change.
struct DictionaryCapturedByTasks: Rule {
    let id = "dictionary-captured-by-tasks"
    let title = "Local dictionary changed by several tasks at once"
    let family = RuleFamily.sharing
    let severity = Severity.error
    let isOnByDefault = true
    let explanation = RuleExplanation(
        reason: """
            Closures that run at the same time share the variables they capture. A dictionary that two of them change loses entries or crashes.
            """,
        example: """
            var sizes: [String: Int] = [:]
            DispatchQueue.concurrentPerform(iterations: names.count) { i in
                sizes[names[i]] = size(of: names[i])
            }
            """,
        fix: """
            let sizes = ConcurrentMap<String, Int>()
            DispatchQueue.concurrentPerform(iterations: names.count) { i in
                sizes.updateValue(size(of: names[i]), forKey: names[i])
            }
            """,
        whenWrong: "The closures never run at the same time, because each is waited for before the next is started.")

    private static let concurrent: Set<String> = ["concurrentPerform", "addTask", "addTaskUnlessCancelled", "detached"]

    func check(_ file: SourceFile, in project: Project, report: inout Reporter) {
        for declaration in file.facts.variables where declaration.bindingSpecifier.tokenKind == .keyword(.var) {
            guard declaration.parent?.is(CodeBlockItemSyntax.self) == true, declaration.bindings.count == 1,
                let binding = declaration.bindings.first, let property = PropertyRecord(declaration, binding: binding),
                property.shape.map({ isCollection($0) }) == true,
                let scope = declaration.nearest(CodeBlockItemListSyntax.self)
            else { continue }
            check(property, in: scope, report: &report)
        }
    }

    private func isCollection(_ shape: TypeShape) -> Bool {
        switch shape {
        case .dictionary, .set: true
        default: false
        }
    }

    private func check(_ property: PropertyRecord, in scope: CodeBlockItemListSyntax, report: inout Reporter) {
        var closures: [(closure: ClosureExprSyntax, first: NameUse)] = []
        let references = scope.descendants(DeclReferenceExprSyntax.self).filter {
            $0.baseName.text == property.name && $0.position > property.declaration.position
        }
        for reference in references {
            let use = NameUse(reference)
            guard use.mayInsert || use.mayRemove, let closure = concurrentClosure(around: reference, below: scope),
                Project.lockedClosure(around: reference).map({ $0.position <= closure.position }) != false,
                !isLocked(reference, in: closure), !isRedeclared(property.name, around: reference, in: closure)
            else { continue }
            if !closures.contains(where: { $0.closure.id == closure.id }) { closures.append((closure, use)) }
        }
        guard let first = closures.first else { return }
        let repeated = closures.contains { entry in
            let name = Scope.call(passing: entry.closure)?.calledName
            return name == "concurrentPerform"
                || Scope.call(passing: entry.closure)?.isInLoop(below: Syntax(scope)) == true
        }
        guard repeated || closures.count > 1 else { return }
        report.report(
            first.first.access,
            "Closures that run at the same time change '\(property.name)', and no lock keeps them apart.",
            suggestion:
                "Use a ConcurrentMap, or let each closure give its part back and put the parts together afterwards.")
    }

    /// The closure around a node that runs beside the code that made it.
    private func concurrentClosure(around node: DeclReferenceExprSyntax, below scope: CodeBlockItemListSyntax)
        -> ClosureExprSyntax?
    {
        var closure = node.enclosingClosure
        while let current = closure, current.position >= scope.position {
            if let call = Scope.call(passing: current) {
                let isOnActor = current.signature?.attributes.names.contains { $0.hasSuffix("Actor") } == true
                if let name = call.calledName, Self.concurrent.contains(name), !isOnActor { return current }
                if call.calledExpression.as(DeclReferenceExprSyntax.self)?.baseName.text == "Task", !isOnActor,
                    !isIsolated(call)
                {
                    return current
                }
                if call.calledName == "async", let receiver = call.receiver?.as(FunctionCallExprSyntax.self),
                    receiver.calledName == "global"
                {
                    return current
                }
            }
            closure = current.enclosingClosure
        }
        return nil
    }

    /// In an actor's method, a Task's closure runs on the actor.
    private func isIsolated(_ call: FunctionCallExprSyntax) -> Bool {
        if call.nearest(ActorDeclSyntax.self) != nil { return true }
        var node = call.parent
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

    private func isLocked(_ reference: DeclReferenceExprSyntax, in closure: ClosureExprSyntax) -> Bool {
        closure.descendants(FunctionCallExprSyntax.self).contains { call in
            guard call.position < reference.position, let name = call.calledName?.lowercased() else { return false }
            return name.contains("lock") || name == "sync" || name == "wait"
        }
    }

    private func isRedeclared(_ name: String, around reference: DeclReferenceExprSyntax, in closure: ClosureExprSyntax)
        -> Bool
    {
        closure.descendants(IdentifierPatternSyntax.self).contains {
            $0.identifier.text == name && $0.position < reference.position
        }
    }
}
