import AdvisorCore
import SwiftSyntax

/// Finds the same key looked up several times where once is enough.
struct RepeatedLookup: Rule {
    let id = "repeated-lookup"
    let title = "The same key is hashed and looked up twice"
    let family = RuleFamily.dictionaries
    let severity = Severity.note
    let isOnByDefault = true
    let explanation = RuleExplanation(
        reason: """
            Each subscript hashes the key and probes the table anew. For String keys the hash is most of the price of a lookup, so asking \
            whether a key is there and then fetching it costs twice.
            """,
        example: """
            if counts[word] != nil {
                counts[word]! += 1
            } else {
                counts[word] = 1
            }
            """,
        fix: "counts[word, default: 0] += 1",
        whenWrong: "The dictionary is tiny and the code runs seldom, and the longer form reads better there.")

    func check(_ file: SourceFile, in project: Project, report: inout Reporter) {
        for conditional in file.facts.conditionals {
            checkPresence(conditional, in: project, report: &report)
            checkCounting(conditional, in: project, report: &report)
            checkInsertion(conditional, in: project, file: file, report: &report)
        }
        for statement in file.facts.guards { checkGuard(statement, in: project, report: &report) }
        for assignment in file.facts.assignments { checkDefault(assignment, in: project, report: &report) }
    }

    /// `if d[k] != nil { … d[k]! … }`, also `== nil` with the branches the other way round, and `d.keys.contains(k)`.
    private func checkPresence(_ conditional: IfExprSyntax, in project: Project, report: inout Reporter) {
        for element in conditional.conditions {
            guard case .expression(let expression) = element.condition,
                let (lookup, isPresent) = presence(expression, in: project)
            else { continue }
            var branch: Syntax?
            if isPresent { branch = Syntax(conditional.body) } else { branch = conditional.elseBody.map(Syntax.init) }
            if let branch, let again = unwrapping(lookup, in: branch) {
                report.report(
                    again, "'\(lookup.trimmedDescription)' was looked up in the condition already.",
                    suggestion: "Bind it once: 'if let value = \(lookup.trimmedDescription)'.")
                continue
            }
            // if d[k] == nil { d[k] = [] }  followed by  d[k]!.append(…)
            guard !isPresent, conditional.elseBody == nil, conditional.conditions.count == 1,
                let only = conditional.body.statements.first, conditional.body.statements.count == 1,
                let assignment = only.item.as(InfixOperatorExprSyntax.self), assignment.isPlainAssignment,
                assignment.leftOperand.comparableText == lookup.comparableText,
                let next = following(conditional).first, let again = unwrapping(lookup, in: Syntax(next))
            else { continue }
            report.report(
                again,
                "'\(lookup.trimmedDescription)' is looked up three times: to ask, to put the first value, and to use it.",
                suggestion: isChanged(again)
                    ? "Use the subscript with a default: '\(defaulted(lookup, assignment.rightOperand))'."
                    : "Keep what was found or made in a variable: one lookup, and one store where it was missing.")
        }
    }

    /// Whether what is looked up is changed in its place.
    private func isChanged(_ lookup: SubscriptCallExprSyntax) -> Bool {
        guard let reference = lookup.calledExpression.bare.lastReference else { return false }
        return NameUse(reference).action == .elementChanged
    }

    /// `guard d[k] != nil else { … }` followed by `d[k]!`.
    private func checkGuard(_ statement: GuardStmtSyntax, in project: Project, report: inout Reporter) {
        for element in statement.conditions {
            guard case .expression(let expression) = element.condition,
                let (lookup, isPresent) = presence(expression, in: project), isPresent
            else { continue }
            for item in following(statement) {
                guard let again = unwrapping(lookup, in: Syntax(item)) else { continue }
                report.report(
                    again, "'\(lookup.trimmedDescription)' was looked up by the guard already.",
                    suggestion: "Bind it once: 'guard let value = \(lookup.trimmedDescription) else …'.")
                break
            }
        }
        checkGuardedInsertion(statement, in: project, report: &report)
    }

    /// `if let n = d[k] { d[k] = n + 1 } else { d[k] = 1 }`.
    private func checkCounting(_ conditional: IfExprSyntax, in project: Project, report: inout Reporter) {
        guard conditional.conditions.count == 1, let element = conditional.conditions.first,
            case .optionalBinding(let binding) = element.condition,
            let lookup = binding.initializer?.value.as(SubscriptCallExprSyntax.self), isDictionary(lookup, in: project),
            let name = binding.pattern.as(IdentifierPatternSyntax.self)?.identifier.text,
            let change = onlyAssignment(conditional.body), change.leftOperand.comparableText == lookup.comparableText,
            let operation = change.rightOperand.as(InfixOperatorExprSyntax.self),
            operation.leftOperand.as(DeclReferenceExprSyntax.self)?.baseName.text == name,
            ["+", "-", "*", "|", "&", "&+"].contains(operation.operatorText),
            case .codeBlock(let otherwise)? = conditional.elseBody, let first = onlyAssignment(otherwise),
            first.leftOperand.comparableText == lookup.comparableText, first.rightOperand.isLiteral
        else { return }
        report.report(
            lookup, "'\(lookup.trimmedDescription)' is looked up twice to change one value.",
            suggestion:
                "Use the subscript with a default: '\(lookup.calledExpression.trimmedDescription)[\(lookup.arguments.trimmedDescription), default: …] \(operation.operatorText)= …'."
        )
    }

    /// `d[k] = (d[k] ?? x) + y`.
    private func checkDefault(_ assignment: InfixOperatorExprSyntax, in project: Project, report: inout Reporter) {
        guard assignment.isPlainAssignment, let target = assignment.leftOperand.as(SubscriptCallExprSyntax.self),
            let operation = assignment.rightOperand.as(InfixOperatorExprSyntax.self),
            ["+", "-", "*", "|", "&", "&+"].contains(operation.operatorText),
            let tuple = operation.leftOperand.as(TupleExprSyntax.self), tuple.elements.count == 1,
            let inner = tuple.elements.first?.expression.as(InfixOperatorExprSyntax.self), inner.operatorText == "??",
            inner.leftOperand.comparableText == target.comparableText,
            inner.rightOperand.isLiteral || inner.rightOperand.isEmptyCollection,
            isDictionary(target, in: project)
        else { return }
        let left = defaulted(target, inner.rightOperand)
        let text = "\(left) \(operation.operatorText)= \(operation.rightOperand.trimmedDescription)"
        report.report(
            target, "'\(target.trimmedDescription)' is looked up twice to change one value.",
            suggestion: "Use the subscript with a default: '\(text)'.",
            edits: [TextEdit(range: assignment.trimmedBytes, replacement: text)])
    }

    /// `if !s.contains(x) { s.insert(x) … }`.
    private func checkInsertion(
        _ conditional: IfExprSyntax, in project: Project, file: SourceFile, report: inout Reporter
    ) {
        guard conditional.conditions.count == 1, conditional.elseBody == nil,
            let element = conditional.conditions.first,
            case .expression(let expression) = element.condition, let contains = negated(expression, in: project),
            let first = conditional.body.statements.first, let insertion = insertion(first, like: contains)
        else { return }
        let text = "\(insertion.trimmedDescription).inserted"
        var edits = [TextEdit(range: expression.trimmedBytes, replacement: text)]
        if conditional.body.statements.count > 1, let second = conditional.body.statements.dropFirst().first {
            edits.append(
                TextEdit(range: first.trimmedBytes.lowerBound..<second.trimmedBytes.lowerBound, replacement: ""))
        } else {
            edits = []
        }
        // A comment between the two would be lost.
        let between = edits.last.map { String(decoding: file.bytes[$0.range], as: UTF8.self) } ?? ""
        if between.contains("//") || between.contains("/*") { edits = [] }
        report.report(
            contains,
            "The set is asked for '\(contains.arguments.trimmedDescription)' and then asked again by 'insert'.",
            suggestion: conditional.body.statements.count > 1
                ? "'insert' tells whether the element was new: 'if \(text)'."
                : "'insert' alone does the same: it does nothing when the element is there.",
            edits: edits)
    }

    /// `guard !s.contains(x) else { … }` directly followed by `s.insert(x)`; `if s.contains(x) { return }` likewise.
    private func checkGuardedInsertion(_ statement: GuardStmtSyntax, in project: Project, report: inout Reporter) {
        guard statement.conditions.count == 1, let element = statement.conditions.first,
            case .expression(let expression) = element.condition, let contains = negated(expression, in: project),
            let next = following(statement).first, let insertion = insertion(next, like: contains)
        else { return }
        report.report(
            contains,
            "The set is asked for '\(contains.arguments.trimmedDescription)' and then asked again by 'insert'.",
            suggestion:
                "'insert' tells whether the element was new: 'guard \(insertion.trimmedDescription).inserted else …'.")
    }

    private func negated(_ expression: ExprSyntax, in project: Project) -> FunctionCallExprSyntax? {
        guard let prefix = expression.as(PrefixOperatorExprSyntax.self), prefix.operator.text == "!",
            let call = prefix.expression.as(FunctionCallExprSyntax.self), call.calledName == "contains",
            call.arguments.count == 1, let argument = call.arguments.first, argument.label == nil,
            argument.expression.isPure,
            let receiver = call.receiver, case .set? = project.scope.shape(of: receiver)
        else { return nil }
        return call
    }

    private func insertion(_ item: CodeBlockItemSyntax, like contains: FunctionCallExprSyntax)
        -> FunctionCallExprSyntax?
    {
        var expression = item.item.as(ExprSyntax.self)
        if let assignment = expression?.as(InfixOperatorExprSyntax.self),
            assignment.leftOperand.is(DiscardAssignmentExprSyntax.self)
        {
            expression = assignment.rightOperand
        }
        guard let call = expression?.as(FunctionCallExprSyntax.self), call.calledName == "insert",
            call.receiver?.comparableText == contains.receiver?.comparableText,
            call.arguments.comparableText == contains.arguments.comparableText
        else { return nil }
        return call
    }

    /// What is asked for by `d[k] != nil`, `d[k] == nil` and `d.keys.contains(k)`, and whether the condition holds when it is there.
    private func presence(_ expression: ExprSyntax, in project: Project) -> (
        lookup: SubscriptCallExprSyntax, isPresent: Bool
    )? {
        guard let comparison = expression.as(InfixOperatorExprSyntax.self),
            ["!=", "=="].contains(comparison.operatorText),
            comparison.rightOperand.isNil, let lookup = comparison.leftOperand.as(SubscriptCallExprSyntax.self),
            isDictionary(lookup, in: project)
        else { return nil }
        return (lookup, comparison.operatorText == "!=")
    }

    private func isDictionary(_ lookup: SubscriptCallExprSyntax, in project: Project) -> Bool {
        guard lookup.arguments.count == 1, let key = lookup.arguments.first?.expression,
            key.isPure || key.is(StringLiteralExprSyntax.self),
            lookup.arguments.first?.label == nil, case .dictionary? = project.scope.shape(of: lookup.calledExpression)
        else { return false }
        return true
    }

    /// The first `d[k]!` or `d[k]?` below a node that is the same lookup.
    private func unwrapping(_ lookup: SubscriptCallExprSyntax, in node: Syntax) -> SubscriptCallExprSyntax? {
        let text = lookup.comparableText
        return node.descendants(SubscriptCallExprSyntax.self, intoFunctions: false).first { candidate in
            guard let parent = candidate.parent,
                parent.is(ForceUnwrapExprSyntax.self) || parent.is(OptionalChainingExprSyntax.self),
                // The text of an error isn't made often.
                candidate.nearest(ThrowStmtSyntax.self) == nil
            else { return false }
            return candidate.comparableText == text
        }
    }

    private func defaulted(_ lookup: SubscriptCallExprSyntax, _ value: ExprSyntax) -> String {
        "\(lookup.calledExpression.trimmedDescription)[\(lookup.arguments.trimmedDescription), default: \(value.trimmedDescription)]"
    }

    private func onlyAssignment(_ block: CodeBlockSyntax) -> InfixOperatorExprSyntax? {
        guard block.statements.count == 1,
            let operation = block.statements.first?.item.as(InfixOperatorExprSyntax.self),
            operation.isPlainAssignment
        else { return nil }
        return operation
    }

    /// The statements behind a statement in the same list.
    private func following(_ statement: some SyntaxProtocol) -> [CodeBlockItemSyntax] {
        var item: CodeBlockItemSyntax? = statement.parent?.as(CodeBlockItemSyntax.self)
        if item == nil { item = statement.nearest(CodeBlockItemSyntax.self) }
        guard let item, let list = item.parent?.as(CodeBlockItemListSyntax.self) else { return [] }
        return list.filter { $0.position > item.position }
    }
}

extension ExprSyntax {
    /// Whether it is `[]` or `[:]`.
    var isEmptyCollection: Bool {
        if let array = self.as(ArrayExprSyntax.self) { return array.elements.isEmpty }
        if let dictionary = self.as(DictionaryExprSyntax.self), case .colon = dictionary.content { return true }
        return false
    }
}
