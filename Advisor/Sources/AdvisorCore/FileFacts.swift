public import SwiftSyntax

/// The places of a file that rules begin from, collected in one walk.
public struct FileFacts: Sendable {
    /// Functions, initializers, accessors, subscripts with bodies, in order.
    public internal(set) var functions: [FunctionRecord] = []
    /// `for` loops.
    public internal(set) var loops: [ForStmtSyntax] = []
    /// `while` and `repeat` loops.
    public internal(set) var otherLoops: [StmtSyntax] = []
    /// Calls.
    public internal(set) var calls: [FunctionCallExprSyntax] = []
    /// Uses of subscripts.
    public internal(set) var subscripts: [SubscriptCallExprSyntax] = []
    /// Assignments and other operations with an infix operator that changes its left side.
    public internal(set) var assignments: [InfixOperatorExprSyntax] = []
    /// Declarations of variables.
    public internal(set) var variables: [VariableDeclSyntax] = []
    /// `if` expressions.
    public internal(set) var conditionals: [IfExprSyntax] = []
    /// `guard` statements.
    public internal(set) var guards: [GuardStmtSyntax] = []
    /// Closures.
    public internal(set) var closures: [ClosureExprSyntax] = []
    /// Names that are used as values, also as members, with the places.
    public internal(set) var references: [String: [DeclReferenceExprSyntax]] = [:]
    /// Types of the file: declarations and extensions, in order.
    public internal(set) var types: [TypeRecord] = []
    /// Variables of the file itself.
    public internal(set) var globals: [PropertyRecord] = []
    /// What the file's own functions give back.
    public internal(set) var results: [String: TypeShape?] = [:]
    /// Other names of types: `typealias`.
    public internal(set) var aliases: [String: TypeShape] = [:]
    /// The imported modules.
    public internal(set) var imports: Set<String> = []
}

/// Fills ``FileFacts``.
final class FactCollector: SyntaxVisitor {
    var facts = FileFacts()
    private let file: Int
    /// Indices into `facts.types` of the types around, innermost last; nil within functions.
    private var enclosing: [Int?] = []

    init(file: Int) {
        self.file = file
        super.init(viewMode: .sourceAccurate)
    }

    private var current: Int? { enclosing.last ?? nil }

    private func open(
        _ declaration: some DeclGroupSyntax, name: String, kind: TypeRecord.Kind,
        parameters: GenericParameterClauseSyntax?
    ) {
        let outer = current.map { facts.types[$0].name + "." } ?? ""
        var record = TypeRecord(name: kind == .external ? name : outer + name, kind: kind, file: file)
        record.declaration = kind == .external ? nil : DeclSyntax(declaration)
        record.declarationCount = kind == .external ? 0 : 1
        record.attributes = declaration.attributes.names
        record.modifiers = declaration.modifiers.map { $0.name.text }
        record.isGeneric = parameters != nil
        record.genericParameters = parameters?.parameters.map { $0.name.text } ?? []
        // '@available(*, unavailable) extension S: Sendable' says that S is not.
        let isDenied = declaration.attributes.contains { element in
            guard case .attribute(let attribute) = element else { return false }
            return attribute.attributeName.trimmedDescription == "available"
                && attribute.arguments?.trimmedDescription.contains("unavailable") == true
        }
        let conformances = isDenied ? nil : declaration.inheritanceClause?.inheritedTypes
        for inherited in conformances ?? [] {
            let text = inherited.type.trimmedDescription
            if text.contains("@unchecked") { record.isUncheckedSendable = true }
            let plain = String(text.split(separator: " ").last ?? "")
            record.inherited.insert(plain)
            if kind != .external { record.ownInherited.append(plain) }
        }
        enclosing.append(facts.types.count)
        facts.types.append(record)
    }

    override func visit(_ node: StructDeclSyntax) -> SyntaxVisitorContinueKind {
        open(node, name: node.name.text, kind: .structure, parameters: node.genericParameterClause)
        return .visitChildren
    }
    override func visitPost(_: StructDeclSyntax) { enclosing.removeLast() }

    override func visit(_ node: ClassDeclSyntax) -> SyntaxVisitorContinueKind {
        open(node, name: node.name.text, kind: .object, parameters: node.genericParameterClause)
        return .visitChildren
    }
    override func visitPost(_: ClassDeclSyntax) { enclosing.removeLast() }

    override func visit(_ node: ActorDeclSyntax) -> SyntaxVisitorContinueKind {
        open(node, name: node.name.text, kind: .actor, parameters: node.genericParameterClause)
        return .visitChildren
    }
    override func visitPost(_: ActorDeclSyntax) { enclosing.removeLast() }

    override func visit(_ node: EnumDeclSyntax) -> SyntaxVisitorContinueKind {
        open(node, name: node.name.text, kind: .enumeration, parameters: node.genericParameterClause)
        return .visitChildren
    }
    override func visitPost(_: EnumDeclSyntax) { enclosing.removeLast() }

    override func visit(_ node: ProtocolDeclSyntax) -> SyntaxVisitorContinueKind {
        open(node, name: node.name.text, kind: .protocol, parameters: nil)
        return .visitChildren
    }
    override func visitPost(_: ProtocolDeclSyntax) { enclosing.removeLast() }

    override func visit(_ node: ExtensionDeclSyntax) -> SyntaxVisitorContinueKind {
        open(node, name: node.extendedType.trimmedDescription, kind: .external, parameters: nil)
        return .visitChildren
    }
    override func visitPost(_: ExtensionDeclSyntax) { enclosing.removeLast() }

    private func add(
        _ body: some SyntaxProtocol, of declaration: some SyntaxProtocol, name: String, isAsync: Bool, isStatic: Bool
    ) {
        let record = FunctionRecord(
            name: name, file: file, body: Syntax(body), declaration: Syntax(declaration), isAsync: isAsync,
            isStatic: isStatic)
        facts.functions.append(record)
        if let current { facts.types[current].functions.append(record) }
    }

    override func visit(_ node: FunctionDeclSyntax) -> SyntaxVisitorContinueKind {
        let name = node.name.text
        let shape = node.signature.returnClause.flatMap { TypeShape($0.type) }
        // A name with two results has none.
        if let current {
            facts.types[current].results[name] = facts.types[current].results[name] == nil ? .some(shape) : .some(nil)
        } else if enclosing.isEmpty {
            facts.results[name] = facts.results[name] == nil ? .some(shape) : .some(nil)
        }
        if let body = node.body {
            add(
                body, of: node, name: name, isAsync: node.signature.effectSpecifiers?.asyncSpecifier != nil,
                isStatic: node.modifiers.contains { ["static", "class"].contains($0.name.text) })
        }
        enclosing.append(nil)
        return .visitChildren
    }
    override func visitPost(_: FunctionDeclSyntax) { enclosing.removeLast() }

    override func visit(_ node: InitializerDeclSyntax) -> SyntaxVisitorContinueKind {
        if let body = node.body {
            add(
                body, of: node, name: "init", isAsync: node.signature.effectSpecifiers?.asyncSpecifier != nil,
                isStatic: false)
        }
        enclosing.append(nil)
        return .visitChildren
    }
    override func visitPost(_: InitializerDeclSyntax) { enclosing.removeLast() }

    override func visit(_ node: DeinitializerDeclSyntax) -> SyntaxVisitorContinueKind {
        if let current { facts.types[current].hasDeinitializer = true }
        if let body = node.body { add(body, of: node, name: "deinit", isAsync: false, isStatic: false) }
        enclosing.append(nil)
        return .visitChildren
    }
    override func visitPost(_: DeinitializerDeclSyntax) { enclosing.removeLast() }

    /// Bodies of more statements than people write aren't looked into: what rules look for around a place takes time for each statement.
    override func visit(_ node: CodeBlockItemListSyntax) -> SyntaxVisitorContinueKind {
        guard node.parent?.is(SourceFileSyntax.self) != true else { return .visitChildren }
        return node.count <= Self.maximumStatements ? .visitChildren : .skipChildren
    }

    /// Statements of one body.
    private static let maximumStatements = 2_000

    override func visit(_ node: AccessorBlockSyntax) -> SyntaxVisitorContinueKind {
        var name = "subscript"
        if let binding = node.parent?.as(PatternBindingSyntax.self) { name = binding.pattern.trimmedDescription }
        if case .getter(let items) = node.accessors {
            add(items, of: node, name: name, isAsync: false, isStatic: false)
        } else if case .accessors(let accessors) = node.accessors {
            for accessor in accessors {
                guard let body = accessor.body else { continue }
                add(
                    body, of: accessor, name: name, isAsync: accessor.effectSpecifiers?.asyncSpecifier != nil,
                    isStatic: false)
            }
        }
        enclosing.append(nil)
        return .visitChildren
    }
    override func visitPost(_: AccessorBlockSyntax) { enclosing.removeLast() }

    override func visit(_ node: VariableDeclSyntax) -> SyntaxVisitorContinueKind {
        facts.variables.append(node)
        if let parent = node.parent, parent.is(MemberBlockItemSyntax.self) {
            if let current {
                for binding in node.bindings {
                    guard let property = PropertyRecord(node, binding: binding) else { continue }
                    facts.types[current].properties.append(property)
                }
            }
        } else if enclosing.isEmpty, node.parent?.parent?.parent?.is(SourceFileSyntax.self) == true {
            for binding in node.bindings {
                guard let property = PropertyRecord(node, binding: binding) else { continue }
                facts.globals.append(property)
            }
        }
        return .visitChildren
    }

    override func visit(_ node: EnumCaseElementSyntax) -> SyntaxVisitorContinueKind {
        if let current { facts.types[current].cases.append(node) }
        return .visitChildren
    }

    override func visit(_ node: IfConfigDeclSyntax) -> SyntaxVisitorContinueKind {
        if let current, node.parent?.is(MemberBlockItemSyntax.self) == true {
            facts.types[current].hasConditionalMembers = true
        }
        return .visitChildren
    }

    override func visit(_ node: TypeAliasDeclSyntax) -> SyntaxVisitorContinueKind {
        if node.genericParameterClause == nil, let shape = TypeShape(node.initializer.value) {
            let outer = current.map { facts.types[$0].name + "." } ?? ""
            facts.aliases[outer + node.name.text] = shape
        }
        return .visitChildren
    }

    override func visit(_ node: ImportDeclSyntax) -> SyntaxVisitorContinueKind {
        if let first = node.path.first { facts.imports.insert(first.name.text) }
        return .skipChildren
    }

    override func visit(_ node: ForStmtSyntax) -> SyntaxVisitorContinueKind {
        facts.loops.append(node)
        return .visitChildren
    }
    override func visit(_ node: WhileStmtSyntax) -> SyntaxVisitorContinueKind {
        facts.otherLoops.append(StmtSyntax(node))
        return .visitChildren
    }
    override func visit(_ node: RepeatStmtSyntax) -> SyntaxVisitorContinueKind {
        facts.otherLoops.append(StmtSyntax(node))
        return .visitChildren
    }
    override func visit(_ node: FunctionCallExprSyntax) -> SyntaxVisitorContinueKind {
        facts.calls.append(node)
        return .visitChildren
    }
    override func visit(_ node: SubscriptCallExprSyntax) -> SyntaxVisitorContinueKind {
        facts.subscripts.append(node)
        return .visitChildren
    }
    override func visit(_ node: InfixOperatorExprSyntax) -> SyntaxVisitorContinueKind {
        if node.changesLeftOperand { facts.assignments.append(node) }
        return .visitChildren
    }
    override func visit(_ node: IfExprSyntax) -> SyntaxVisitorContinueKind {
        facts.conditionals.append(node)
        return .visitChildren
    }
    override func visit(_ node: GuardStmtSyntax) -> SyntaxVisitorContinueKind {
        facts.guards.append(node)
        return .visitChildren
    }
    override func visit(_ node: ClosureExprSyntax) -> SyntaxVisitorContinueKind {
        facts.closures.append(node)
        enclosing.append(nil)
        return .visitChildren
    }
    override func visitPost(_: ClosureExprSyntax) { enclosing.removeLast() }

    override func visit(_ node: DeclReferenceExprSyntax) -> SyntaxVisitorContinueKind {
        facts.references[node.baseName.text, default: []].append(node)
        return .skipChildren
    }
}

extension InfixOperatorExprSyntax {
    /// Whether the operator is `=` or one that assigns, such as `+=`.
    public var changesLeftOperand: Bool {
        if self.operator.is(AssignmentExprSyntax.self) { return true }
        guard let binary = self.operator.as(BinaryOperatorExprSyntax.self) else { return false }
        let text = binary.operator.text
        return text.hasSuffix("=") && !["==", "!=", "<=", ">=", "===", "!==", "~="].contains(text)
    }

    /// Whether the operator is plain `=`.
    public var isPlainAssignment: Bool { self.operator.is(AssignmentExprSyntax.self) }

    /// The operator's text; `=` for an assignment.
    public var operatorText: String {
        if let binary = self.operator.as(BinaryOperatorExprSyntax.self) { return binary.operator.text }
        return self.operator.trimmedDescription
    }
}
