public import SwiftSyntax

extension Scope {
    /// The type of an expression, if it follows from what the package's source says.
    public func shape(of expression: ExprSyntax) -> TypeShape? { shape(of: expression, depth: 0) }

    /// The type of the elements of a sequence.
    public func elementShape(of sequence: ExprSyntax) -> TypeShape? {
        if let range = sequence.bare.as(InfixOperatorExprSyntax.self), ["..<", "..."].contains(range.operatorText) {
            let shape = self.shape(of: range.rightOperand) ?? self.shape(of: range.leftOperand)
            return shape ?? .plain("Int")
        }
        if let call = sequence.bare.as(FunctionCallExprSyntax.self), call.calledName == "stride" {
            return .plain("Int")
        }
        if let call = sequence.bare.as(FunctionCallExprSyntax.self), call.calledName == "enumerated",
            let receiver = call.receiver
        {
            let element = elementShape(of: receiver)
            guard let element else { return nil }
            return .tuple([.init(label: "offset", shape: .plain("Int")), .init(label: "element", shape: element)])
        }
        if let member = sequence.bare.as(MemberAccessExprSyntax.self), let base = member.base {
            switch member.declName.baseName.text {
            case "indices": if case .array? = shape(of: base) { return .plain("Int") }
            case "keys": if let parts = shape(of: base)?.dictionaryParts { return parts.key }
            case "values": if let parts = shape(of: base)?.dictionaryParts { return parts.value }
            default: break
            }
        }
        switch shape(of: sequence) {
        case .array(let element), .set(let element): return element
        case .dictionary(let key, let value):
            return .tuple([.init(label: "key", shape: key), .init(label: "value", shape: value)])
        case .named("Range", let arguments), .named("ClosedRange", let arguments): return arguments.first
        default: return nil
        }
    }

    private func shape(of expression: ExprSyntax, depth: Int) -> TypeShape? {
        guard depth < 12 else { return nil }
        switch expression.as(ExprSyntaxEnum.self) {
        case .declReferenceExpr(let reference):
            let name = reference.baseName.text
            if name == "self" {
                let type = expression.enclosingTypeName
                return type.isEmpty ? nil : .plain(type)
            }
            return next?.binding(of: name, at: reference)?.shape
        case .memberAccessExpr(let member): return memberShape(member, depth: depth)
        case .subscriptCallExpr(let use):
            guard use.arguments.first?.label == nil else { return nil }
            switch shape(of: use.calledExpression, depth: depth + 1) {
            case .dictionary(_, let value)?: return use.arguments.count > 1 ? value : .optional(value)
            case .array(let element)?:
                guard let position = use.arguments.first?.expression,
                    !position.is(InfixOperatorExprSyntax.self) || !position.isRange
                else { return nil }
                return element
            default: return nil
            }
        case .forceUnwrapExpr(let inner):
            guard case .optional(let wrapped)? = shape(of: inner.expression, depth: depth + 1) else { return nil }
            return wrapped
        case .optionalChainingExpr(let inner): return shape(of: inner.expression, depth: depth + 1)
        case .tryExpr(let inner): return shape(of: inner.expression, depth: depth + 1)
        case .awaitExpr(let inner): return shape(of: inner.expression, depth: depth + 1)
        case .unsafeExpr(let inner): return shape(of: inner.expression, depth: depth + 1)
        case .tupleExpr(let tuple):
            guard tuple.elements.count == 1, let only = tuple.elements.first else { return nil }
            return shape(of: only.expression, depth: depth + 1)
        case .infixOperatorExpr(let operation):
            if operation.operatorText == "??" {
                return shape(of: operation.rightOperand, depth: depth + 1)
                    ?? shape(of: operation.leftOperand, depth: depth + 1).map(\.unwrapped)
            }
            guard
                ["+", "-", "*", "/", "%", "&+", "&-", "&*", "&", "|", "^", "<<", ">>"].contains(operation.operatorText)
            else {
                return nil
            }
            return shape(of: operation.leftOperand, depth: depth + 1)
                ?? shape(of: operation.rightOperand, depth: depth + 1)
        case .functionCallExpr(let call): return callShape(call, depth: depth)
        default: return TypeShape(literal: expression)
        }
    }

    private func memberShape(_ member: MemberAccessExprSyntax, depth: Int) -> TypeShape? {
        guard let base = member.base else { return nil }
        let name = member.declName.baseName.text
        if name == "self" { return nil }
        if let type = TypeShape(typeExpression: base), case .named(let typeName, _) = type {
            guard let record = index.type(named: typeName, in: member.enclosingTypeName) else { return nil }
            if let property = record.properties.first(where: { $0.name == name && $0.isStatic }) {
                if property.shape == nil, let value = property.binding.initializer?.value {
                    return next?.shape(of: value)
                }
                return property.shape.map { index.resolve($0, in: record.name) }
            }
            return record.cases.contains { $0.name.text == name } ? .plain(record.name) : nil
        }
        guard let shape = shape(of: base, depth: depth + 1) else { return nil }
        switch (shape, name) {
        case (.array, "count"), (.set, "count"), (.dictionary, "count"), (.named("String", _), "count"):
            return .plain("Int")
        case (.tuple(let elements), _): return elements.first { $0.label == name }?.shape
        case (.optional(let wrapped), _) where base.is(OptionalChainingExprSyntax.self):
            return memberShape(name, of: wrapped, at: member).map { .optional($0.unwrapped) }
        default: return memberShape(name, of: shape, at: member)
        }
    }

    private func memberShape(_ name: String, of shape: TypeShape, at node: some SyntaxProtocol) -> TypeShape? {
        guard case .named(let typeName, _) = shape,
            let record = index.type(named: typeName, in: node.enclosingTypeName),
            let property = index.property(name, of: record)
        else { return nil }
        if property.shape == nil, let value = property.binding.initializer?.value { return TypeShape(literal: value) }
        return property.shape.map { index.resolve($0, in: record.name) }
    }

    private func callShape(_ call: FunctionCallExprSyntax, depth: Int) -> TypeShape? {
        if let shape = TypeShape(literal: ExprSyntax(call)) { return index.resolve(shape, in: call.enclosingTypeName) }
        guard let name = call.calledName else { return nil }
        if let receiver = call.receiver {
            if let type = TypeShape(typeExpression: receiver), case .named(let typeName, _) = type {
                return index.type(named: typeName, in: call.enclosingTypeName)?.results[name] ?? nil
            }
            guard let shape = shape(of: receiver, depth: depth + 1) else { return nil }
            if case .named(let typeName, _) = shape,
                let record = index.type(named: typeName, in: call.enclosingTypeName)
            {
                return record.results[name] ?? nil
            }
            switch (shape, name) {
            case (.array, "sorted"), (.array, "reversed"), (.array, "filter"), (.dictionary, "filter"),
                (.set, "filter"):
                return shape
            case (.dictionary(_, let value), "removeValue"): return .optional(value)
            default: return nil
            }
        }
        let typeName = call.enclosingTypeName
        if let record = index.type(named: typeName), let shape = record.results[name] { return shape }
        return index.results[name] ?? nil
    }
}

extension ExprSyntax {
    /// Whether it makes a range with `..<` or `...`.
    public var isRange: Bool {
        guard let operation = bare.as(InfixOperatorExprSyntax.self) else { return false }
        return ["..<", "..."].contains(operation.operatorText)
    }
}
