public import SwiftSyntax

extension SyntaxProtocol {
    /// Whether the comments before it say something about threads: who wrote that down has thought of it.
    public var commentNamesThreads: Bool {
        let comment = leadingTrivia.pieces.reduce(into: "") { text, piece in
            switch piece {
            case .lineComment(let part), .blockComment(let part), .docLineComment(let part), .docBlockComment(let part):
                text += part.lowercased() + "\n"
            default: break
            }
        }
        guard !comment.isEmpty else { return false }
        return [
            "thread", "event loop", "eventloop", "serial", "sendable", "isolat", "guarded", "protected by", "queue",
            " lock", "mutex", "synchroni", "concurren",
        ].contains { comment.contains($0) }
    }

    /// The text without comments' and spaces' differences: for telling whether two expressions are the same.
    public var comparableText: String {
        var text = ""
        for token in tokens(viewMode: .sourceAccurate) { text += token.text }
        return text
    }

    /// The nearest node around this one that has a type, not counting itself.
    public func nearest<Node: SyntaxProtocol>(_ type: Node.Type) -> Node? {
        var node = parent
        while let current = node {
            if let found = current.as(Node.self) { return found }
            node = current.parent
        }
        return nil
    }

    /// The body of the function, initializer or accessor around this node; closures don't count.
    public var enclosingBody: Syntax? {
        var node: Syntax? = Syntax(self)
        while let current = node {
            if let parent = current.parent {
                switch parent.kind {
                case .functionDecl, .initializerDecl, .deinitializerDecl, .accessorDecl:
                    if current.is(CodeBlockSyntax.self) { return current }
                case .accessorBlock:
                    if current.is(CodeBlockItemListSyntax.self) { return current }
                default: break
                }
            }
            node = current.parent
        }
        return nil
    }

    /// The declaration of the function, initializer, accessor or subscript around this node.
    public var enclosingFunction: Syntax? { enclosingBody?.parent }

    /// The innermost closure around this node.
    public var enclosingClosure: ClosureExprSyntax? { nearest(ClosureExprSyntax.self) }

    /// Whether an ancestor below `limit` is a loop's body that holds this node.
    public func isInLoop(below limit: Syntax? = nil) -> Bool { innermostLoop(below: limit) != nil }

    /// The innermost loop whose body holds this node, without leaving functions and closures.
    public func innermostLoop(below limit: Syntax? = nil) -> Syntax? {
        var child = Syntax(self)
        while let current = child.parent {
            if let limit, current == limit { return nil }
            switch current.kind {
            case .forStmt:
                if current.cast(ForStmtSyntax.self).body.id == child.id { return current }
            case .whileStmt, .repeatStmt: return current
            case .functionDecl, .initializerDecl, .closureExpr, .accessorDecl, .structDecl, .classDecl, .actorDecl,
                .enumDecl:
                return nil
            default: break
            }
            child = current
        }
        return nil
    }

    /// Whether it stands in a loop, or in a closure that a method such as `map` runs for each element.
    public var isRepeated: Bool {
        if isInLoop() { return true }
        guard let closure = enclosingClosure, let call = Scope.call(passing: closure) else { return false }
        return ["map", "compactMap", "flatMap", "forEach"].contains(call.calledName) && call.receiver != nil
    }

    /// The full name of the type whose declaration or extension holds this node; empty at the top.
    public var enclosingTypeName: String {
        var parts: [String] = []
        var node = parent
        while let current = node {
            switch current.as(SyntaxEnum.self) {
            case .structDecl(let type): parts.append(type.name.text)
            case .classDecl(let type): parts.append(type.name.text)
            case .actorDecl(let type): parts.append(type.name.text)
            case .enumDecl(let type): parts.append(type.name.text)
            case .protocolDecl(let type): parts.append(type.name.text)
            case .extensionDecl(let type): parts.append(type.extendedType.trimmedDescription)
            default: break
            }
            node = current.parent
        }
        return parts.reversed().joined(separator: ".")
    }

    /// All nodes of a type at and below this one, in order.
    ///
    /// - Parameters:
    ///   - type: The type of node.
    ///   - intoFunctions: Whether closures, nested functions and nested types are entered too.
    /// - Returns: The nodes.
    /// - Complexity: O(nodes).
    public func descendants<Node: SyntaxProtocol>(_ type: Node.Type, intoFunctions: Bool = true) -> [Node] {
        var result: [Node] = []
        collect(Syntax(self), into: &result, intoFunctions: intoFunctions, isRoot: true)
        return result
    }

    private func collect<Node: SyntaxProtocol>(
        _ node: Syntax, into result: inout [Node], intoFunctions: Bool, isRoot: Bool
    ) {
        if let found = node.as(Node.self) { result.append(found) }
        if !intoFunctions, !isRoot {
            switch node.kind {
            case .closureExpr, .functionDecl, .structDecl, .classDecl, .actorDecl, .enumDecl: return
            default: break
            }
        }
        for child in node.children(viewMode: .sourceAccurate) where child.kind != .token {
            collect(child, into: &result, intoFunctions: intoFunctions, isRoot: false)
        }
    }

    /// The bytes of the node without its surrounding spaces and comments.
    public var trimmedBytes: Range<Int> {
        positionAfterSkippingLeadingTrivia.utf8Offset..<endPositionBeforeTrailingTrivia.utf8Offset
    }
}

extension ForStmtSyntax {
    /// The names of the loop's variables, and of the variables of its body that are computed from them.
    public var namesOfTurn: Set<String> {
        var names = Set(pattern.descendants(IdentifierPatternSyntax.self).map(\.identifier.text))
        for item in body.statements {
            guard let declaration = item.item.as(VariableDeclSyntax.self) else { continue }
            for binding in declaration.bindings {
                guard let value = binding.initializer?.value,
                    value.descendants(DeclReferenceExprSyntax.self).contains(where: { names.contains($0.baseName.text) }
                    )
                else { continue }
                names.formUnion(binding.pattern.descendants(IdentifierPatternSyntax.self).map(\.identifier.text))
            }
        }
        return names
    }
}

extension ExprSyntax {
    /// The expression under `try`, `await`, `unsafe`, parentheses, `!` and `?`.
    public var bare: ExprSyntax {
        switch self.as(ExprSyntaxEnum.self) {
        case .tryExpr(let inner): inner.expression.bare
        case .awaitExpr(let inner): inner.expression.bare
        case .unsafeExpr(let inner): inner.expression.bare
        case .forceUnwrapExpr(let inner): inner.expression.bare
        case .optionalChainingExpr(let inner): inner.expression.bare
        case .tupleExpr(let tuple):
            if tuple.elements.count == 1, let only = tuple.elements.first { only.expression.bare } else { self }
        default: self
        }
    }

    /// The name of a variable or of a member of `self`; nil for anything longer.
    public var simpleVariableName: String? {
        let expression = bare
        if let reference = expression.as(DeclReferenceExprSyntax.self) { return reference.baseName.text }
        if let member = expression.as(MemberAccessExprSyntax.self), let base = member.base?.bare,
            let reference = base.as(DeclReferenceExprSyntax.self), ["self", "Self"].contains(reference.baseName.text)
        {
            return member.declName.baseName.text
        }
        return nil
    }

    /// Whether evaluating it has no effect and always gives the same: names, members, literals.
    public var isPure: Bool {
        switch self.as(ExprSyntaxEnum.self) {
        case .declReferenceExpr, .integerLiteralExpr, .booleanLiteralExpr, .nilLiteralExpr: return true
        case .stringLiteralExpr(let literal):
            return literal.segments.allSatisfy { $0.is(StringSegmentSyntax.self) }
        case .memberAccessExpr(let member): return member.base.map(\.isPure) ?? true
        case .tupleExpr(let tuple): return tuple.elements.allSatisfy { $0.expression.isPure }
        case .forceUnwrapExpr(let inner): return inner.expression.isPure
        default: return false
        }
    }

    /// Whether it is a literal without interpolation.
    public var isLiteral: Bool {
        switch self.as(ExprSyntaxEnum.self) {
        case .integerLiteralExpr, .booleanLiteralExpr, .floatLiteralExpr: true
        case .stringLiteralExpr(let literal): literal.segments.allSatisfy { $0.is(StringSegmentSyntax.self) }
        default: false
        }
    }

    /// Whether it is `nil`.
    public var isNil: Bool { self.is(NilLiteralExprSyntax.self) }
}

extension FunctionCallExprSyntax {
    /// The last part of what is called: `insert` in `self.names.insert(x)`.
    public var calledName: String? {
        if let member = calledExpression.as(MemberAccessExprSyntax.self) { return member.declName.baseName.text }
        if let reference = calledExpression.as(DeclReferenceExprSyntax.self) { return reference.baseName.text }
        return nil
    }

    /// What a member is called on: `self.names` in `self.names.insert(x)`.
    public var receiver: ExprSyntax? { calledExpression.as(MemberAccessExprSyntax.self)?.base }

    /// All closures that are passed.
    public var closures: [ClosureExprSyntax] {
        var result = arguments.compactMap { $0.expression.as(ClosureExprSyntax.self) }
        if let trailingClosure { result.append(trailingClosure) }
        result += additionalTrailingClosures.map(\.closure)
        return result
    }

    /// The argument with a label.
    public func argument(labelled label: String) -> ExprSyntax? {
        arguments.first { $0.label?.text == label }?.expression
    }
}
