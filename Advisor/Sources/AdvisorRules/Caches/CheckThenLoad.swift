import AdvisorCore
import SwiftSyntax

/// Finds look-ups in a cache that are followed by a load and a write, with nothing that keeps a second caller from loading too.
struct CheckThenLoad: Rule {
    let id = "check-then-load"
    let title = "Cache lookup, load and store that others can come between"
    let family = RuleFamily.caches
    let severity = Severity.warning
    let isOnByDefault = false
    let hasDoubtfulFindings = true
    let explanation = RuleExplanation(
        reason: """
            Between the lookup that found nothing and the store, the function suspends or gives up its lock. All callers that ask for the key in the meantime find \
            nothing either and load too: a popular entry that is dropped makes a stampede on what is behind the cache, and an older value may \
            overwrite a newer one. An actor doesn't prevent it: others run while it is suspended.
            """,
        example: """
            func user(_ id: Int) async throws -> User {
                if let user = users[id] { return user }
                let user = try await database.user(id)
                users[id] = user
                return user
            }
            """,
        fix: """
            func user(_ id: Int) async throws -> User {
                try await users.load(id) { id in try await database.user(id) }   // a Cache: one load, however many ask
            }
            """,
        whenWrong: "Only one caller can be there at a time, or loading twice is cheap and any of the values will do.")

    func check(_ file: SourceFile, in project: Project, report: inout Reporter) {
        for function in file.facts.functions where !takesTurns(function) {
            if let (read, write, name) = raceWithSuspension(in: function, project: project) {
                report.report(
                    read,
                    "Callers that ask '\(name)' for this key before line \(line(of: write, in: file)) all load it.",
                    suggestion: "Use Cache.load, which lets one caller load and the others wait for it.",
                    isDoubtful: !isOfActor(function, in: project))
            } else if let (read, write, name) = raceWithLock(in: function, project: project) {
                report.report(
                    read,
                    "The lock is given up between this lookup in '\(name)' and the store in line \(line(of: write, in: file)): several threads may load.",
                    suggestion: "Use Cache.load, which lets one caller load and the others wait for it.",
                    isDoubtful: true)
            }
        }
    }

    /// Whether an actor does it, and may fail to: actors are made for callers that come at the same time, and what fails is no mere computation.
    private func isOfActor(_ function: FunctionRecord, in project: Project) -> Bool {
        project.index.type(named: function.body.enclosingTypeName)?.kind == .actor
            && function.body.descendants(TryExprSyntax.self).contains { $0.expression.is(AwaitExprSyntax.self) }
    }

    /// Whether the function's name or the comment on it says that its callers come one after the other.
    private func takesTurns(_ function: FunctionRecord) -> Bool {
        let name = function.name.lowercased()
        return ["onqueue", "serial", "exclusive", "assuming", "locked"].contains { name.contains($0) }
            || function.declaration.commentNamesThreads
    }

    private func line(of node: some SyntaxProtocol, in file: SourceFile) -> Int {
        file.lines.position(ofOffset: node.trimmedBytes.lowerBound).line
    }

    /// A lookup that returns when it finds something, then `await`, then a store for the same key.
    private func raceWithSuspension(
        in function: FunctionRecord, project: Project
    ) -> (read: ExprSyntax, write: ExprSyntax, name: String)? {
        let awaits = function.body.descendants(AwaitExprSyntax.self)
        guard !awaits.isEmpty else { return nil }
        let accesses = accesses(in: function.body, project: project)
        for write in accesses where write.isWrite {
            guard
                let read = accesses.first(where: {
                    !$0.isWrite && $0.base == write.base && $0.key == write.key
                        && $0.node.position < write.node.position
                        && decides($0.node, before: write.node)
                        && $0.node.enclosingClosure?.id == write.node.enclosingClosure?.id
                }),
                let pause = awaits.first(where: {
                    $0.position > read.node.endPosition && $0.endPosition <= write.node.endPosition
                        && $0.enclosingClosure?.id == write.node.enclosingClosure?.id
                        && isLoad($0)
                }) ?? suspendedAssignment(write.node),
                // Another look after the pause, or before the store: somebody thought of it.
                !accesses.contains(where: {
                    !$0.isWrite && $0.base == write.base && $0.key == write.key && $0.node.position > pause.endPosition
                        && $0.node.position < write.node.position
                }),
                !hasFlights(function, project: project)
            else { continue }
            return (read.node, write.node, write.base)
        }
        return nil
    }

    /// An `await` that gets something: not a pause, a lock or a wait for a turn.
    private func isLoad(_ expression: AwaitExprSyntax) -> Bool {
        guard let call = expression.expression.bare.as(FunctionCallExprSyntax.self), let name = call.calledName else {
            return true
        }
        return !["sleep", "yield", "wait", "lock", "acquire"].contains(name)
    }

    /// `d[k] = try await load()`.
    private func suspendedAssignment(_ write: ExprSyntax) -> AwaitExprSyntax? {
        guard let operation = write.parent?.as(InfixOperatorExprSyntax.self) else { return nil }
        return operation.rightOperand.descendants(AwaitExprSyntax.self, intoFunctions: false).first
    }

    /// Whether finding something ends the function, or the store only happens when nothing was found.
    private func decides(_ read: ExprSyntax, before write: ExprSyntax) -> Bool {
        var node: Syntax? = Syntax(read)
        while let current = node {
            if let conditional = current.as(IfExprSyntax.self), conditional.conditions.position <= read.position,
                read.endPosition <= conditional.conditions.endPosition
            {
                if let otherwise = conditional.elseBody, otherwise.position <= write.position,
                    write.endPosition <= otherwise.endPosition
                {
                    return true
                }
                if isComparedWithNil(read), conditional.body.position <= write.position,
                    write.endPosition <= conditional.body.endPosition
                {
                    return true
                }
                return write.position > conditional.endPosition
                    && conditional.body.statements.last?.item.is(ReturnStmtSyntax.self) == true
            }
            if let guardStatement = current.as(GuardStmtSyntax.self),
                guardStatement.conditions.endPosition >= read.endPosition
            {
                if guardStatement.body.position <= write.position, write.endPosition <= guardStatement.body.endPosition
                {
                    return true
                }
                return isComparedWithNil(read) && write.position > guardStatement.endPosition
            }
            if current.is(CodeBlockItemSyntax.self) { return false }
            node = current.parent
        }
        return false
    }

    private func isComparedWithNil(_ read: ExprSyntax) -> Bool {
        guard let comparison = read.parent?.as(InfixOperatorExprSyntax.self) else { return false }
        return comparison.rightOperand.isNil && comparison.operatorText == "=="
    }

    /// Whether the type keeps the loads under way.
    private func hasFlights(_ function: FunctionRecord, project: Project) -> Bool {
        if let owner = project.index.type(named: function.body.enclosingTypeName) {
            let names = owner.properties.filter { property in
                let lower = property.name.lowercased()
                if ["flight", "pending", "running", "loading", "ongoing", "tasks", "waiters", "continuations"].contains(
                    where: { lower.contains($0) })
                {
                    return true
                }
                guard let value = property.shape?.dictionaryParts?.value else { return false }
                return value.unwrapped.simpleName?.contains("Task") == true
                    || value.unwrapped.simpleName?.contains("Future") == true
            }.map(\.name)
            if function.body.descendants(DeclReferenceExprSyntax.self).contains(where: {
                names.contains($0.baseName.text)
            }) {
                return true
            }
        }
        return false
    }

    private struct Access {
        let node: ExprSyntax
        let base: String
        let key: String
        let isWrite: Bool
    }

    /// Look-ups and stores by key, of dictionaries that outlive the function and of caches by their methods' names.
    private func accesses(in body: Syntax, project: Project) -> [Access] {
        var result: [Access] = []
        for use in body.descendants(SubscriptCallExprSyntax.self) where use.arguments.count == 1 {
            guard let key = use.arguments.first?.expression, let name = use.calledExpression.simpleVariableName,
                let reference = use.calledExpression.bare.lastReference,
                isOutlivingTable(use.calledExpression, name, in: project)
            else { continue }
            let action = NameUse(reference).action
            guard action == .elementRead || action == .elementWritten else { continue }
            result.append(
                Access(node: ExprSyntax(use), base: name, key: key.comparableText, isWrite: action == .elementWritten))
        }
        for call in body.descendants(FunctionCallExprSyntax.self) {
            guard let receiver = call.receiver?.bare.lastReference?.baseName.text,
                receiver.lowercased().hasSuffix("cache"),
                let name = call.calledName
            else { continue }
            if ["object", "value", "get", "find", "lookup"].contains(name), let key = call.arguments.first?.expression,
                call.arguments.count == 1
            {
                result.append(Access(node: ExprSyntax(call), base: receiver, key: key.comparableText, isWrite: false))
            } else if ["setObject", "setValue", "set", "insert", "store", "put"].contains(name),
                call.arguments.count >= 2
            {
                for argument in call.arguments {
                    result.append(
                        Access(
                            node: ExprSyntax(call), base: receiver, key: argument.expression.comparableText,
                            isWrite: true))
                }
            }
        }
        return result.sorted { $0.node.position < $1.node.position }
    }

    private func isOutlivingTable(_ base: ExprSyntax, _ name: String, in project: Project) -> Bool {
        guard let binding = project.scope.binding(of: name, at: base) else { return false }
        switch binding.kind {
        case .property, .global:
            guard case .dictionary(_, let value)? = binding.shape else { return false }
            let type = value.unwrapped.simpleName ?? ""
            return !type.contains("Task") && !type.contains("Future") && !type.contains("Continuation")
        default: return false
        }
    }

    /// Whether something that may be costly is done between two calls: what can fail, or what is named like a load.
    private func loads(between first: FunctionCallExprSyntax, and second: FunctionCallExprSyntax, in body: Syntax)
        -> Bool
    {
        func isBetween(_ node: some SyntaxProtocol) -> Bool {
            node.position >= first.endPosition && node.endPosition <= second.position
        }
        if body.descendants(TryExprSyntax.self).contains(where: { isBetween($0) }) { return true }
        return body.descendants(FunctionCallExprSyntax.self).contains { call in
            guard isBetween(call), let name = call.calledName?.lowercased() else { return false }
            return Self.loadNames.contains { name.hasPrefix($0) }
        }
    }

    private static let loadNames = [
        "load", "fetch", "read", "download", "query", "request", "find", "lookup", "render", "compute", "resolve",
        "make", "create", "build",
        "generate", "parse", "decode",
    ]

    /// A lookup in one locked section and the store in a later one of the same function, without another look in that.
    private func raceWithLock(
        in function: FunctionRecord, project: Project
    ) -> (read: ExprSyntax, write: ExprSyntax, name: String)? {
        struct Section {
            let name: String
            let uses: [NameUse]
            let call: FunctionCallExprSyntax
        }
        var sections: [Section] = []
        for call in function.body.descendants(FunctionCallExprSyntax.self) {
            guard let method = call.calledName, Scope.lockingMethods.contains(method), let receiver = call.receiver,
                let name = receiver.simpleVariableName, let closure = call.closures.last
            else { continue }
            var uses = Project.uses(ofParameterOf: closure)
            // A lock beside its dictionary.
            if uses.isEmpty || call.arguments.isEmpty && closure.signature == nil {
                let references = closure.statements.descendants(DeclReferenceExprSyntax.self)
                uses += references.map { NameUse($0) }.filter { $0.key != nil }
            }
            sections.append(Section(name: name, uses: uses, call: call))
        }
        for (position, second) in sections.enumerated() where position > 0 {
            for write in second.uses where write.action == .elementWritten {
                guard let key = write.key?.comparableText else { continue }
                if second.uses.contains(where: { $0.action == .elementRead && $0.key?.comparableText == key }) {
                    continue
                }
                for first in sections[..<position]
                where first.name == second.name && first.call.endPosition < second.call.position {
                    guard
                        let read = first.uses.first(where: {
                            $0.action == .elementRead && $0.key?.comparableText == key && $0.baseText == write.baseText
                        }),
                        !first.uses.contains(where: { $0.mayInsert || $0.mayRemove }),
                        decides(ExprSyntax(first.call), before: ExprSyntax(second.call)),
                        loads(between: first.call, and: second.call, in: function.body),
                        !hasFlights(function, project: project)
                    else { continue }
                    return (read.access, write.access, first.name)
                }
            }
        }
        return nil
    }
}

extension NameUse {
    /// What the subscript is applied to, without spaces.
    var baseText: String? { access.as(SubscriptCallExprSyntax.self)?.calledExpression.comparableText }
}

extension ExprSyntax {
    /// The last name of `a`, `self.a`, `a.b`.
    var lastReference: DeclReferenceExprSyntax? {
        if let reference = self.as(DeclReferenceExprSyntax.self) { return reference }
        return self.as(MemberAccessExprSyntax.self)?.declName
    }
}
