import AdvisorCore
import SwiftSyntax

/// Finds tables of literals that are built at each call or asked for literals only.
struct LiteralTableInBody: Rule {
    let id = "literal-keys"
    let title = "Dictionary with a fixed set of literal keys that is built on each call, or only asked for literals"
    let family = RuleFamily.dictionaries
    let severity = Severity.note
    let isOnByDefault = true
    let explanation = RuleExplanation(
        reason: """
            A dictionary literal in a body is allocated, hashed and filled at every call, to be asked once and thrown away. And a dictionary that is only \
            ever asked for literal keys is a struct or an enum that pays for hashing and gives optionals where the compiler could know better.
            """,
        example: """
            func color(for level: String) -> Int {
                let colors = ["debug": 90, "info": 32, "warning": 33, "error": 31]
                return colors[level] ?? 0
            }
            """,
        fix: """
            func color(for level: String) -> Int {
                switch level {
                case "debug": 90
                case "info": 32
                case "warning": 33
                case "error": 31
                default: 0
                }
            }
            """,
        whenWrong: "The function runs once; or the table is long, then a static let is better than a switch.")

    private static let leastCount = 3

    func check(_ file: SourceFile, in project: Project, report: inout Reporter) {
        for use in file.facts.subscripts {
            guard let literal = use.calledExpression.bare.as(DictionaryExprSyntax.self), isTable(literal),
                use.enclosingBody != nil, !isRunOnce(use)
            else { continue }
            report.report(
                literal, "This dictionary is built for one lookup and thrown away, at each call.",
                suggestion: "Use a switch, or keep the table in a static let.")
        }
        for declaration in file.facts.variables where declaration.bindingSpecifier.tokenKind == .keyword(.let) {
            guard declaration.bindings.count == 1, let binding = declaration.bindings.first,
                let property = PropertyRecord(declaration, binding: binding),
                let literal = binding.initializer?.value.as(DictionaryExprSyntax.self), isTable(literal),
                isDictionary(property)
            else { continue }
            if declaration.parent?.is(CodeBlockItemSyntax.self) == true, let body = declaration.enclosingBody {
                checkLocal(property, literal, in: body, report: &report)
            } else if property.isStatic || declaration.parent?.is(MemberBlockItemSyntax.self) != true,
                !property.isPublic
            {
                checkConstant(property, literal, file: file, in: project, report: &report)
            }
        }
    }

    private func checkLocal(
        _ property: PropertyRecord, _ literal: DictionaryExprSyntax, in body: Syntax, report: inout Reporter
    ) {
        let uses = body.descendants(DeclReferenceExprSyntax.self)
            .filter { $0.baseName.text == property.name && $0.position > property.declaration.position }.map {
                NameUse($0)
            }
        guard !uses.isEmpty, uses.allSatisfy({ $0.action == .elementRead }), !isRunOnce(property.declaration) else {
            return
        }
        report.report(
            property.binding.pattern,
            "'\(property.name)' is built anew at each call, only to be asked \(uses.count == 1 ? "once" : "\(uses.count) times").",
            suggestion: "Use a switch, or keep the table in a static let.")
    }

    private func checkConstant(
        _ property: PropertyRecord, _ literal: DictionaryExprSyntax, file: SourceFile, in project: Project,
        report: inout Reporter
    ) {
        let uses = project.collectionUses(of: property, file: file.index).map(\.use)
        guard uses.count >= 2, uses.allSatisfy({ $0.action == .elementRead && $0.key?.isLiteral == true }) else {
            return
        }
        report.report(
            property.binding.pattern,
            "'\(property.name)' is only ever asked for keys that are known when it is compiled.",
            suggestion: "Use constants: an enum with static members, or a struct with a property per key.")
    }

    /// Whether the literal makes a dictionary: other types can be written like one too.
    private func isDictionary(_ property: PropertyRecord) -> Bool {
        guard property.binding.typeAnnotation != nil else { return true }
        if case .dictionary? = property.shape { return true }
        return false
    }

    /// At least a few entries, keys that are literals or cases, values that are known when it is compiled.
    private func isTable(_ literal: DictionaryExprSyntax) -> Bool {
        guard case .elements(let elements) = literal.content, elements.count >= Self.leastCount else { return false }
        return elements.allSatisfy { $0.key.isFixed && $0.value.isFixed }
    }

    /// Whether the code runs once per process: top level, `main`, an initial value's closure.
    private func isRunOnce(_ node: some SyntaxProtocol) -> Bool {
        if let closure = node.enclosingClosure, Scope.call(passing: closure) == nil,
            closure.parent?.is(FunctionCallExprSyntax.self) == true
        {
            return closure.nearest(CodeBlockSyntax.self) == nil
        }
        if let call = node.enclosingClosure?.parent?.as(FunctionCallExprSyntax.self),
            call.calledExpression.is(ClosureExprSyntax.self)
        {
            return call.enclosingBody == nil
        }
        guard let function = node.enclosingFunction?.as(FunctionDeclSyntax.self) else { return false }
        return function.name.text == "main"
    }
}

extension ExprSyntax {
    /// Whether the value is known when it is compiled: a literal, a case, a constant of a type.
    var isFixed: Bool {
        if isLiteral || isNil { return true }
        switch self.as(ExprSyntaxEnum.self) {
        case .memberAccessExpr(let member):
            guard let base = member.base else { return true }
            if let reference = base.as(DeclReferenceExprSyntax.self) {
                return reference.baseName.text.first?.isUppercase == true
            }
            return base.isFixed
        case .prefixOperatorExpr(let prefix): return prefix.expression.isLiteral
        case .tupleExpr(let tuple): return tuple.elements.allSatisfy { $0.expression.isFixed }
        case .arrayExpr(let array): return array.elements.allSatisfy { $0.expression.isFixed }
        default: return false
        }
    }
}
