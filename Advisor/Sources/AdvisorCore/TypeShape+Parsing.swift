public import SwiftSyntax

extension TypeShape {
    /// The shape of a written type; `nil` for what isn't represented (packs, opaque types, suppressed conformances).
    public init?(_ type: TypeSyntax) {
        switch type.as(TypeSyntaxEnum.self) {
        case .arrayType(let array):
            guard let element = TypeShape(array.element) else { return nil }
            self = .array(element)
        case .dictionaryType(let dictionary):
            guard let key = TypeShape(dictionary.key), let value = TypeShape(dictionary.value) else { return nil }
            self = .dictionary(key: key, value: value)
        case .optionalType(let optional):
            guard let wrapped = TypeShape(optional.wrappedType) else { return nil }
            self = .optional(wrapped)
        case .implicitlyUnwrappedOptionalType(let optional):
            guard let wrapped = TypeShape(optional.wrappedType) else { return nil }
            self = .optional(wrapped)
        case .attributedType(let attributed):
            self.init(attributed.baseType)
        case .functionType:
            self = .function
        case .identifierType(let identifier):
            self.init(name: identifier.name.text, arguments: identifier.genericArgumentClause)
        case .memberType(let member):
            guard let base = TypeShape(member.baseType), case .named(let name, _) = base else { return nil }
            self.init(name: name + "." + member.name.text, arguments: member.genericArgumentClause)
        case .tupleType(let tuple):
            if tuple.elements.count == 1, let only = tuple.elements.first, only.firstName == nil {
                self.init(only.type)
                return
            }
            var elements: [TupleElement] = []
            for element in tuple.elements {
                guard let shape = TypeShape(element.type) else { return nil }
                elements.append(TupleElement(label: element.firstName?.text, shape: shape))
            }
            self = .tuple(elements)
        case .someOrAnyType(let constrained):
            guard constrained.someOrAnySpecifier.text == "any" else { return nil }
            self.init(protocols: constrained.constraint)
        case .compositionType:
            self.init(protocols: type)
        default:
            return nil
        }
    }

    private init?(name: String, arguments clause: GenericArgumentClauseSyntax?) {
        var arguments: [TypeShape] = []
        for argument in clause?.arguments ?? [] {
            guard let type = argument.argument.as(TypeSyntax.self), let shape = TypeShape(type) else { return nil }
            arguments.append(shape)
        }
        switch (name, arguments.count) {
        case ("Dictionary", 2), ("Swift.Dictionary", 2): self = .dictionary(key: arguments[0], value: arguments[1])
        case ("Array", 1), ("Swift.Array", 1): self = .array(arguments[0])
        case ("Set", 1), ("Swift.Set", 1): self = .set(arguments[0])
        case ("Optional", 1), ("Swift.Optional", 1): self = .optional(arguments[0])
        case ("Void", 0): self = .tuple([])
        case ("Any", 0): self = .existential([])
        default: self = .named(name, arguments)
        }
    }

    private init?(protocols type: TypeSyntax) {
        if let composition = type.as(CompositionTypeSyntax.self) {
            var names: [String] = []
            for element in composition.elements {
                guard case .named(let name, _)? = TypeShape(element.type) else { return nil }
                names.append(name)
            }
            self = .existential(names)
        } else {
            switch TypeShape(type) {
            case .named(let name, _): self = .existential([name])
            case .existential(let names): self = .existential(names)
            default: return nil
            }
        }
    }

    /// The shape that an initial value shows by itself: literals and calls of initializers.
    public init?(literal expression: ExprSyntax) {
        switch expression.as(ExprSyntaxEnum.self) {
        case .integerLiteralExpr: self = .plain("Int")
        case .floatLiteralExpr: self = .plain("Double")
        case .booleanLiteralExpr: self = .plain("Bool")
        case .stringLiteralExpr: self = .plain("String")
        case .arrayExpr(let array):
            guard let first = array.elements.first, let element = TypeShape(literal: first.expression) else {
                return nil
            }
            self = .array(element)
        case .dictionaryExpr(let dictionary):
            guard case .elements(let elements) = dictionary.content, let first = elements.first,
                let key = TypeShape(literal: first.key), let value = TypeShape(literal: first.value)
            else { return nil }
            self = .dictionary(key: key, value: value)
        case .functionCallExpr(let call): self.init(construction: call)
        case .tryExpr(let inner): self.init(literal: inner.expression)
        case .awaitExpr(let inner): self.init(literal: inner.expression)
        case .asExpr(let cast):
            guard let shape = TypeShape(cast.type) else { return nil }
            self = cast.questionOrExclamationMark?.text == "?" ? .optional(shape) : shape
        default: return nil
        }
    }

    /// The shape of `[K: V]()`, `[E]()`, `Name(…)` and `Name<A>(…)`.
    private init?(construction call: FunctionCallExprSyntax) {
        var called = call.calledExpression
        if let member = called.as(MemberAccessExprSyntax.self), member.declName.baseName.text == "init",
            let base = member.base
        {
            called = base
        }
        if let dictionary = called.as(DictionaryExprSyntax.self), case .elements(let elements) = dictionary.content,
            let only = elements.first, elements.count == 1
        {
            guard let key = TypeShape(typeExpression: only.key), let value = TypeShape(typeExpression: only.value)
            else { return nil }
            self = .dictionary(key: key, value: value)
            return
        }
        if let array = called.as(ArrayExprSyntax.self), let only = array.elements.first, array.elements.count == 1 {
            guard let element = TypeShape(typeExpression: only.expression) else { return nil }
            self = .array(element)
            return
        }
        guard let shape = TypeShape(typeExpression: called) else { return nil }
        if case .named(_, let arguments) = shape, arguments.isEmpty, let name = shape.simpleName,
            TypeShape.protectingBoxes.contains(name), let first = call.arguments.first,
            let inner = TypeShape(literal: first.expression)
        {
            self = .named(name, [inner])
            return
        }
        self = shape
    }

    /// The shape of an expression that names a type: `Int`, `[Int]`, `Foo.Bar`, `Mutex<[Int: Int]>`.
    public init?(typeExpression expression: ExprSyntax) {
        switch expression.as(ExprSyntaxEnum.self) {
        case .declReferenceExpr(let reference):
            guard reference.baseName.text.first?.isUppercase == true else { return nil }
            self.init(name: reference.baseName.text, arguments: nil)
        case .memberAccessExpr(let member):
            guard let base = member.base, case .named(let name, _)? = TypeShape(typeExpression: base) else {
                return nil
            }
            let last = member.declName.baseName.text
            guard last.first?.isUppercase == true else { return nil }
            self.init(name: name + "." + last, arguments: nil)
        case .genericSpecializationExpr(let generic):
            guard case .named(let name, _)? = TypeShape(typeExpression: generic.expression) else { return nil }
            self.init(name: name, arguments: generic.genericArgumentClause)
        case .arrayExpr(let array):
            guard let only = array.elements.first, array.elements.count == 1,
                let element = TypeShape(typeExpression: only.expression)
            else { return nil }
            self = .array(element)
        case .dictionaryExpr(let dictionary):
            guard case .elements(let elements) = dictionary.content, let only = elements.first, elements.count == 1,
                let key = TypeShape(typeExpression: only.key), let value = TypeShape(typeExpression: only.value)
            else { return nil }
            self = .dictionary(key: key, value: value)
        case .optionalChainingExpr(let optional):
            guard let wrapped = TypeShape(typeExpression: optional.expression) else { return nil }
            self = .optional(wrapped)
        case .typeExpr(let type): self.init(type.type)
        case .tupleExpr(let tuple):
            var elements: [TupleElement] = []
            for element in tuple.elements {
                guard let shape = TypeShape(typeExpression: element.expression) else { return nil }
                elements.append(TupleElement(label: element.label?.text, shape: shape))
            }
            self = .tuple(elements)
        default: return nil
        }
    }
}
