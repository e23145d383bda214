public import SwiftSyntax

/// What is done at one place with a variable that holds a collection.
public struct NameUse: Sendable {
    /// What is done.
    public enum Action: Sendable, Hashable {
        /// `x[k]` is read.
        case elementRead
        /// `x[k] = v`.
        case elementWritten
        /// `x[k] = nil`.
        case elementRemoved
        /// `x[k] += v`, `x[k].append(v)`, `x[k, default: d].f()`: changed where it is.
        case elementChanged
        /// `x.name(…)` is called.
        case called(String)
        /// `x.name` is read.
        case member(String)
        /// `x = v`.
        case assigned
        /// `&x`.
        case passedInOut
        /// `for … in x`.
        case iterated
        /// Anything else: the whole value is read.
        case wholeRead
    }

    /// What is done.
    public let action: Action
    /// The name where it stands.
    public let reference: DeclReferenceExprSyntax
    /// The whole access: `self.x[k]`, `x.removeAll()`.
    public let access: ExprSyntax
    /// The key, if a subscript with one is used.
    public let key: ExprSyntax?

    /// Tells what is done where a name stands.
    ///
    /// Locks' closures don't count as such: the name there is the closure's parameter.
    public init(_ reference: DeclReferenceExprSyntax) {
        self.reference = reference
        var access = ExprSyntax(reference)
        if let member = access.parent?.as(MemberAccessExprSyntax.self), member.declName.id == reference.id {
            access = ExprSyntax(member)
        }
        var key: ExprSyntax?
        (action, self.access) = NameUse.classify(access, key: &key)
        self.key = key
    }

    /// Tells what is done with an expression that names a collection.
    public init(of expression: ExprSyntax, reference: DeclReferenceExprSyntax) {
        self.reference = reference
        var key: ExprSyntax?
        (action, access) = NameUse.classify(expression, key: &key)
        self.key = key
    }

    private static func classify(_ base: ExprSyntax, key: inout ExprSyntax?) -> (Action, ExprSyntax) {
        let access = outward(base)
        guard let parent = access.parent else { return (.wholeRead, access) }
        if let use = parent.as(SubscriptCallExprSyntax.self), use.calledExpression.id == access.id {
            key = use.arguments.first?.expression
            return (elementAction(ExprSyntax(use)), ExprSyntax(use))
        }
        if let member = parent.as(MemberAccessExprSyntax.self), member.base?.id == access.id {
            let name = member.declName.baseName.text
            if let call = member.parent?.as(FunctionCallExprSyntax.self), call.calledExpression.id == member.id {
                key = call.arguments.first?.expression
                return (.called(name), ExprSyntax(call))
            }
            if name == "values" || name == "keys", let outer = member.parent?.as(SubscriptCallExprSyntax.self),
                outer.calledExpression.id == member.id
            {
                return (elementAction(ExprSyntax(outer)), ExprSyntax(outer))
            }
            return (.member(name), ExprSyntax(member))
        }
        if parent.is(InOutExprSyntax.self) { return (.passedInOut, access) }
        if let operation = parent.as(InfixOperatorExprSyntax.self), operation.leftOperand.id == access.id,
            operation.changesLeftOperand
        {
            return (.assigned, access)
        }
        if let loop = parent.as(ForStmtSyntax.self), loop.sequence.id == access.id { return (.iterated, access) }
        return (.wholeRead, access)
    }

    private static func elementAction(_ element: ExprSyntax) -> Action {
        let access = outward(element)
        guard let parent = access.parent else { return .elementRead }
        if let operation = parent.as(InfixOperatorExprSyntax.self), operation.leftOperand.id == access.id,
            operation.changesLeftOperand
        {
            guard operation.isPlainAssignment, access.id == element.id else { return .elementChanged }
            return operation.rightOperand.isNil ? .elementRemoved : .elementWritten
        }
        if parent.is(InOutExprSyntax.self) { return .elementChanged }
        if let member = parent.as(MemberAccessExprSyntax.self), member.base?.id == access.id {
            if let call = member.parent?.as(FunctionCallExprSyntax.self), call.calledExpression.id == member.id {
                return mutatingNames.contains(member.declName.baseName.text) ? .elementChanged : .elementRead
            }
            let deeper = elementAction(ExprSyntax(member))
            return deeper == .elementRead ? .elementRead : .elementChanged
        }
        if let use = parent.as(SubscriptCallExprSyntax.self), use.calledExpression.id == access.id {
            let deeper = elementAction(ExprSyntax(use))
            return deeper == .elementRead ? .elementRead : .elementChanged
        }
        return .elementRead
    }

    /// The expression with the `!`, `?` and parentheses directly around it.
    private static func outward(_ expression: ExprSyntax) -> ExprSyntax {
        var current = expression
        while let parent = current.parent {
            if let unwrap = parent.as(ForceUnwrapExprSyntax.self) {
                current = ExprSyntax(unwrap)
            } else if let chain = parent.as(OptionalChainingExprSyntax.self) {
                current = ExprSyntax(chain)
            } else {
                return current
            }
        }
        return current
    }

    /// Methods of the standard library's collections that change what they are called on.
    public static let mutatingNames: Set<String> = [
        "append", "insert", "remove", "removeAll", "removeFirst", "removeLast", "removeValue", "popFirst", "popLast",
        "merge",
        "updateValue", "formUnion", "formIntersection", "subtract", "reserveCapacity", "sort", "reverse", "shuffle",
        "swapAt", "removeSubrange", "replaceSubrange", "toggle", "negate", "update", "write", "formSymmetricDifference",
    ]

    /// Whether entries may go at this place, or the place lets somebody else take them.
    public var mayRemove: Bool {
        switch action {
        case .elementRemoved, .passedInOut, .assigned: true
        case .called(let name):
            [
                "removeValue", "removeAll", "remove", "popFirst", "filter", "removeFirst", "removeLast", "subtract",
                "take",
            ]
            .contains(name) || name.hasPrefix("remove") || name.hasPrefix("pop")
        default: false
        }
    }

    /// Whether an entry may be added here.
    public var mayInsert: Bool {
        switch action {
        case .elementWritten, .elementChanged: true
        case .called(let name): ["updateValue", "merge", "insert", "append"].contains(name)
        default: false
        }
    }

    /// Whether the collection isn't changed here.
    public var onlyReads: Bool {
        switch action {
        case .elementRead, .iterated, .wholeRead, .member: true
        case .called(let name): !NameUse.mutatingNames.contains(name)
        default: false
        }
    }
}
