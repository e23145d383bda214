public import SwiftSyntax

/// What a name means at a place.
public struct Binding: Sendable {
    /// What kind of variable it is.
    public enum Kind: Sendable {
        /// Declared in a body with `let` or `var`.
        case local
        /// A parameter of a function or closure, a loop's or a pattern's variable.
        case parameter
        /// A property of the type around.
        case property(owner: TypeRecord, PropertyRecord)
        /// A variable of a file.
        case global(PropertyRecord)
    }

    /// What kind of variable it is.
    public let kind: Kind
    /// Its type, if it is known.
    public let shape: TypeShape?
    /// Where it is declared.
    public let declaration: Syntax

    /// Whether it is declared in a body.
    public var isLocal: Bool { if case .local = kind { true } else { false } }
}

/// Finds what names mean and which types expressions have, as far as that follows from the source of the package.
public struct Scope: Sendable {
    /// The package's symbols.
    public let index: SymbolIndex
    /// How many variables were followed to get here: `let a = b` and `let b = a` would have no end.
    private let followed: Int

    /// A scope over a package's symbols.
    public init(index: SymbolIndex) {
        self.index = index
        followed = 0
    }

    private init(_ outer: Scope) {
        index = outer.index
        followed = outer.followed + 1
    }

    /// The scope for what a variable was set from; nil after some variables.
    var next: Scope? { followed < 8 ? Scope(self) : nil }

    /// What a name means at a node.
    ///
    /// - Complexity: O(statements before the node in the bodies around it).
    public func binding(of name: String, at node: some SyntaxProtocol) -> Binding? {
        var child = Syntax(node)
        while let current = child.parent {
            if let found = local(name, in: current, before: child) { return found }
            switch current.kind {
            case .structDecl, .classDecl, .actorDecl, .enumDecl, .extensionDecl, .protocolDecl:
                let typeName = child.enclosingTypeName
                if let owner = index.type(named: typeName) ?? index.types[typeName],
                    let property = index.property(name, of: owner)
                {
                    return binding(property, owner: owner)
                }
            default: break
            }
            child = current
        }
        if let globals = index.globals[name], globals.count == 1 { return binding(globals[0], owner: nil) }
        return nil
    }

    private func binding(_ property: PropertyRecord, owner: TypeRecord?) -> Binding {
        var shape = property.shape.map { index.resolve($0, in: owner?.name ?? "") }
        if shape == nil, let value = property.binding.initializer?.value { shape = self.shape(of: value) }
        if let owner {
            return Binding(
                kind: .property(owner: owner, property), shape: shape, declaration: Syntax(property.declaration))
        }
        return Binding(kind: .global(property), shape: shape, declaration: Syntax(property.declaration))
    }

    private func local(_ name: String, in node: Syntax, before child: Syntax) -> Binding? {
        switch node.as(SyntaxEnum.self) {
        case .codeBlockItemList(let items):
            // The file's own variables are found in the index.
            if node.parent?.is(SourceFileSyntax.self) == true { return nil }
            var found: Binding?
            for item in items {
                if item.position >= child.position { break }
                if let declaration = item.item.as(VariableDeclSyntax.self) {
                    if let binding = variable(name, in: declaration) { found = binding }
                } else if let guardStatement = item.item.as(GuardStmtSyntax.self) {
                    if let binding = condition(name, in: guardStatement.conditions) { found = binding }
                }
            }
            return found
        case .forStmt(let loop):
            guard child.id == loop.body.id || loop.whereClause?.id == child.id else { return nil }
            return pattern(name, loop.pattern, shape: elementShape(of: loop.sequence))
        case .ifExpr(let conditional):
            if conditional.elseBody?.id == child.id { return nil }
            return condition(name, in: conditional.conditions, before: child)
        case .whileStmt(let loop): return condition(name, in: loop.conditions, before: child)
        case .guardStmt(let statement): return condition(name, in: statement.conditions, before: child)
        case .switchCase(let switchCase):
            guard case .case(let label) = switchCase.label else { return nil }
            let identifiers = label.descendants(IdentifierPatternSyntax.self)
            guard identifiers.contains(where: { $0.identifier.text == name }) else { return nil }
            return Binding(kind: .parameter, shape: nil, declaration: Syntax(label))
        case .catchClause(let clause):
            return name == "error" ? Binding(kind: .parameter, shape: nil, declaration: Syntax(clause)) : nil
        case .functionDecl(let function): return parameter(name, in: function.signature.parameterClause.parameters)
        case .initializerDecl(let function): return parameter(name, in: function.signature.parameterClause.parameters)
        case .subscriptDecl(let declaration): return parameter(name, in: declaration.parameterClause.parameters)
        case .closureExpr(let closure): return closureParameter(name, in: closure)
        default: return nil
        }
    }

    private func variable(_ name: String, in declaration: VariableDeclSyntax) -> Binding? {
        for binding in declaration.bindings {
            if let property = PropertyRecord(declaration, binding: binding), property.name == name {
                var shape = property.shape.map { index.resolve($0, in: declaration.enclosingTypeName) }
                if shape == nil, binding.typeAnnotation == nil, let value = binding.initializer?.value {
                    shape = self.shape(of: value)
                }
                return Binding(kind: .local, shape: shape, declaration: Syntax(declaration))
            }
            if binding.pattern.is(TuplePatternSyntax.self) {
                let shape = binding.initializer.flatMap { self.shape(of: $0.value) }
                if let found = pattern(name, binding.pattern, shape: shape) { return found }
            }
        }
        return nil
    }

    private func parameter(_ name: String, in parameters: FunctionParameterListSyntax) -> Binding? {
        for parameter in parameters where (parameter.secondName ?? parameter.firstName).text == name {
            var shape = TypeShape(parameter.type)
            if parameter.ellipsis != nil { shape = shape.map { .array($0) } }
            return Binding(
                kind: .parameter, shape: shape.map { index.resolve($0, in: parameter.enclosingTypeName) },
                declaration: Syntax(parameter))
        }
        return nil
    }

    private func condition(_ name: String, in conditions: ConditionElementListSyntax, before child: Syntax? = nil)
        -> Binding?
    {
        var found: Binding?
        for element in conditions {
            if let child, child.id == conditions.id { break }
            switch element.condition {
            case .optionalBinding(let binding):
                guard binding.pattern.as(IdentifierPatternSyntax.self)?.identifier.text == name else { continue }
                let value = binding.initializer?.value
                var shape = binding.typeAnnotation.flatMap { TypeShape($0.type) }
                if shape == nil, let value, case .optional(let wrapped)? = self.shape(of: value) { shape = wrapped }
                found = Binding(kind: .parameter, shape: shape, declaration: Syntax(binding))
            case .matchingPattern(let matching):
                let identifiers = matching.pattern.descendants(IdentifierPatternSyntax.self)
                guard identifiers.contains(where: { $0.identifier.text == name }) else { continue }
                found = Binding(kind: .parameter, shape: nil, declaration: Syntax(matching))
            default: break
            }
        }
        return found
    }

    private func pattern(_ name: String, _ pattern: PatternSyntax, shape: TypeShape?) -> Binding? {
        if let identifier = pattern.as(IdentifierPatternSyntax.self) {
            guard identifier.identifier.text == name else { return nil }
            return Binding(kind: .parameter, shape: shape, declaration: Syntax(pattern))
        }
        if let tuple = pattern.as(TuplePatternSyntax.self) {
            for (position, element) in tuple.elements.enumerated() {
                var part: TypeShape?
                if case .tuple(let elements)? = shape, position < elements.count { part = elements[position].shape }
                if let found = self.pattern(name, element.pattern, shape: part) { return found }
            }
            return nil
        }
        let identifiers = pattern.descendants(IdentifierPatternSyntax.self)
        guard identifiers.contains(where: { $0.identifier.text == name }) else { return nil }
        return Binding(kind: .parameter, shape: nil, declaration: Syntax(pattern))
    }

    private func closureParameter(_ name: String, in closure: ClosureExprSyntax) -> Binding? {
        if let captures = closure.signature?.capture?.items {
            for capture in captures where capture.name.text == name && capture.initializer != nil {
                return Binding(
                    kind: .parameter, shape: capture.initializer.flatMap { self.shape(of: $0.value) },
                    declaration: Syntax(capture))
            }
        }
        var position: Int?
        if name.hasPrefix("$") { position = Int(name.dropFirst()) }
        if let place = closure.parameterNames.firstIndex(of: name) {
            if let parameter = closure.parameter(at: place), let type = parameter.type {
                return Binding(kind: .parameter, shape: TypeShape(type), declaration: Syntax(parameter))
            }
            position = place
        }
        guard let position else { return nil }
        var shape: TypeShape?
        if position == 0, let call = Scope.call(passing: closure), let method = call.calledName,
            let receiver = call.receiver
        {
            if Scope.lockingMethods.contains(method) {
                shape = self.shape(of: receiver)?.protectedShape
            } else if ["forEach", "map", "filter", "compactMap", "flatMap", "first", "contains", "allSatisfy"].contains(
                method),
                case .array(let element)? = self.shape(of: receiver)
            {
                shape = element
            }
        }
        return Binding(kind: .parameter, shape: shape, declaration: Syntax(closure))
    }

    /// The call that a closure is an argument of.
    public static func call(passing closure: ClosureExprSyntax) -> FunctionCallExprSyntax? {
        if let call = closure.parent?.as(FunctionCallExprSyntax.self) { return call }
        if closure.parent?.is(LabeledExprSyntax.self) == true
            || closure.parent?.is(MultipleTrailingClosureElementSyntax.self) == true
        {
            return closure.parent?.parent?.parent?.as(FunctionCallExprSyntax.self)
        }
        return nil
    }

    /// Methods that run a closure while a lock is held.
    public static let lockingMethods: Set<String> = [
        "withLock", "withLockedValue", "withCriticalRegion", "withLockUnchecked", "withLockVoid", "withValue",
        "withReaderLock",
        "withWriterLock", "withReadLock", "withWriteLock", "withLockIfAvailable", "withUnfairLock", "performLocked",
        "locked",
        "around", "withLocked",
    ]
}

extension ClosureExprSyntax {
    /// The names of the parameters, if the closure names them.
    public var parameterNames: [String] {
        guard let clause = signature?.parameterClause else { return [] }
        if case .simpleInput(let parameters) = clause { return parameters.map(\.name.text) }
        if case .parameterClause(let list) = clause {
            return list.parameters.map { ($0.secondName ?? $0.firstName).text }
        }
        return []
    }

    /// A parameter that is written in parentheses.
    func parameter(at position: Int) -> ClosureParameterSyntax? {
        guard case .parameterClause(let list)? = signature?.parameterClause, position < list.parameters.count else {
            return nil
        }
        return list.parameters.dropFirst(position).first
    }
}
