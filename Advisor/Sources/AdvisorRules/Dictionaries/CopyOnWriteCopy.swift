import AdvisorCore
import SwiftSyntax

/// Finds collections that are copied because a second reference is alive while one is changed.
struct CopyOnWriteCopy: Rule {
    let id = "copy-on-write-copy"
    let title = "A collection is copied because it is changed through a second reference"
    let family = RuleFamily.dictionaries
    let severity = Severity.warning
    let isOnByDefault = true
    let explanation = RuleExplanation(
        reason: """
            Arrays, dictionaries and sets share their storage until one of the copies changes. Taking a collection out of a dictionary or a \
            property into a variable, changing it there and putting it back keeps two references alive during the change, so all elements \
            are copied each time: adding n elements one by one costs n² copies.
            """,
        example: """
            var list = groups[key] ?? []
            list.append(item)
            groups[key] = list
            """,
        fix: "groups[key, default: []].append(item)",
        whenWrong: """
            The old value must stay as it was should something fail in between; or the collection is always small.
            """)

    func check(_ file: SourceFile, in project: Project, report: inout Reporter) {
        for declaration in file.facts.variables where declaration.bindingSpecifier.tokenKind == .keyword(.var) {
            checkOutAndIn(declaration, in: project, report: &report)
        }
        for type in file.facts.types where type.kind != .protocol {
            for property in type.properties where property.isStored {
                checkObservers(property, file: file, in: project, report: &report)
            }
        }
    }

    /// `var x = d[k] ?? []`, changes of `x`, `d[k] = x`; or the same with a whole property.
    private func checkOutAndIn(_ declaration: VariableDeclSyntax, in project: Project, report: inout Reporter) {
        guard declaration.bindings.count == 1, let binding = declaration.bindings.first,
            let name = binding.pattern.as(IdentifierPatternSyntax.self)?.identifier.text,
            var source = binding.initializer?.value,
            let item = declaration.parent?.as(CodeBlockItemSyntax.self),
            let list = item.parent?.as(CodeBlockItemListSyntax.self)
        else { return }
        if let operation = source.as(InfixOperatorExprSyntax.self), operation.operatorText == "??",
            operation.rightOperand.isEmptyConstruction
        {
            source = operation.leftOperand
        }
        if let unwrap = source.as(ForceUnwrapExprSyntax.self) { source = unwrap.expression }
        guard isCollection(source, in: project) else { return }
        let text = plainLookup(source)
        let later = list.filter { $0.position > item.position }
        guard let back = later.first(where: { isAssignment($0, to: text, of: name) }) else { return }
        let between = later.filter { $0.position < back.position }
        // Taken out or cleared first: then there is one reference only. A failure in between wants the old value.
        for statement in between {
            if statement.descendants(TryExprSyntax.self).contains(where: { $0.questionOrExclamationMark == nil }) {
                return
            }
            if !statement.descendants(ReturnStmtSyntax.self).isEmpty
                || !statement.descendants(ThrowStmtSyntax.self).isEmpty
            {
                return
            }
            if !statement.descendants(ContinueStmtSyntax.self).isEmpty { return }
            if clears(statement, text) { return }
        }
        let changes = between.flatMap { $0.descendants(DeclReferenceExprSyntax.self) }
            .filter { $0.baseName.text == name }.map { NameUse($0) }
        guard changes.contains(where: { $0.mayInsert || isInPlaceChange($0) }),
            !changes.contains(where: { $0.action == .assigned && isWholeAssignment($0) })
        else { return }
        report.report(
            source,
            "'\(name)' and '\(text)' share their storage, so the first change of '\(name)' copies all elements.",
            suggestion: source.is(SubscriptCallExprSyntax.self)
                ? "Change it where it is, with '\(text)' and a default, or take it out with removeValue(forKey:) first."
                : "Change '\(text)' itself.")
    }

    private func isWholeAssignment(_ use: NameUse) -> Bool {
        use.access.parent?.as(InfixOperatorExprSyntax.self)?.isPlainAssignment == true
    }

    private func isInPlaceChange(_ use: NameUse) -> Bool {
        switch use.action {
        case .elementRemoved: true
        case .called(let name): NameUse.mutatingNames.contains(name) && name != "reserveCapacity"
        case .assigned: !isWholeAssignment(use)
        default: false
        }
    }

    /// `d[k, default: x]` as `d[k]`, without spaces.
    private func plainLookup(_ source: ExprSyntax) -> String {
        guard let use = source.as(SubscriptCallExprSyntax.self), let first = use.arguments.first else {
            return source.comparableText
        }
        return use.calledExpression.comparableText + "[" + first.expression.comparableText + "]"
    }

    private func isCollection(_ source: ExprSyntax, in project: Project) -> Bool {
        if let use = source.as(SubscriptCallExprSyntax.self) {
            guard let parts = project.scope.shape(of: use.calledExpression)?.dictionaryParts,
                use.arguments.first?.expression.isPure == true
            else { return false }
            return isCollection(parts.value)
        }
        guard source.is(DeclReferenceExprSyntax.self) || source.is(MemberAccessExprSyntax.self), source.isPure,
            let name = source.simpleVariableName,
            case .property(_, let property)? = project.scope.binding(of: name, at: source)?.kind, property.isStored,
            let shape = project.scope.shape(of: source)
        else { return false }
        return isCollection(shape)
    }

    private func isCollection(_ shape: TypeShape) -> Bool {
        switch shape {
        case .array, .dictionary, .set: true
        default: false
        }
    }

    private func isAssignment(_ item: CodeBlockItemSyntax, to text: String, of name: String) -> Bool {
        guard let operation = item.item.as(InfixOperatorExprSyntax.self), operation.isPlainAssignment,
            operation.rightOperand.as(DeclReferenceExprSyntax.self)?.baseName.text == name
        else { return false }
        let target = operation.leftOperand.comparableText
        return target == text || target == "self." + text || "self." + target == text
    }

    private func clears(_ item: CodeBlockItemSyntax, _ text: String) -> Bool {
        if let operation = item.item.as(InfixOperatorExprSyntax.self), operation.isPlainAssignment {
            return plainLookup(operation.leftOperand) == text
        }
        return item.descendants(FunctionCallExprSyntax.self).contains { call in
            ["removeValue", "removeAll", "swap"].contains(call.calledName)
                && (call.receiver.map { text.hasPrefix($0.comparableText) } ?? true)
        }
    }

    /// `willSet`, or `didSet` that uses the old value, of a collection that is changed element by element.
    private func checkObservers(
        _ property: PropertyRecord, file: SourceFile, in project: Project, report: inout Reporter
    ) {
        guard let shape = property.shape, isCollection(shape.unwrapped), let block = property.binding.accessorBlock,
            case .accessors(let accessors) = block.accessors
        else { return }
        let observer = accessors.first { accessor in
            switch accessor.accessorSpecifier.text {
            case "willSet": return true
            case "didSet":
                let name = accessor.parameters?.name.text ?? "oldValue"
                return accessor.parameters != nil
                    || accessor.body?.descendants(DeclReferenceExprSyntax.self).contains { $0.baseName.text == name }
                        == true
            default: return false
            }
        }
        guard let observer else { return }
        let changes = project.collectionUses(of: property, file: file.index).filter { $0.file.index == file.index }.map(
            \.use)
        guard changes.contains(where: { $0.mayInsert || $0.action == .elementRemoved }) else { return }
        report.report(
            observer.accessorSpecifier,
            "'\(property.name)' is copied at every change of an element, because \(observer.accessorSpecifier.text) needs the value before and the one after.",
            suggestion:
                "Use didSet without the old value, or change the property through a method that does what the observer does."
        )
    }
}

extension ExprSyntax {
    /// Whether it is `[]`, `[:]`, `Set()` or the like.
    var isEmptyConstruction: Bool {
        if isEmptyCollection { return true }
        guard let call = self.as(FunctionCallExprSyntax.self) else { return false }
        return call.arguments.isEmpty && call.trailingClosure == nil
    }
}
