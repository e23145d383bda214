import AdvisorCore
import SwiftSyntax

/// Finds empty dictionaries and sets that a loop of known length fills.
///
/// Whether a loop has enough turns for `reserveCapacity` to pay isn't in the source: that is doubtful. Taking the keys of one dictionary over into another
/// is `mapValues`, however many there are.
struct ReserveCapacity: Rule {
    let id = "reserve-capacity"
    let title = "Dictionary or set filled in a loop of known length without reserveCapacity"
    let family = RuleFamily.dictionaries
    let severity = Severity.note
    let isOnByDefault = true
    let hasDoubtfulFindings = true
    let explanation = RuleExplanation(
        reason: """
            A hash table that grows is allocated again at each doubling, and every entry is hashed and moved again. Filling a table of n \
            entries from empty moves about n entries more than filling one that was made large enough. Where the keys are those of another dictionary, \
            nothing has to be hashed at all: mapValues copies the table with the keys in place. By default only this is shown, the rest when asked for.
            """,
        example: """
            var sizes: [String: Int] = [:]
            for (name, file) in files {
                sizes[name] = file.size
            }
            var byName: [String: User] = [:]   // when asked for
            for user in users {
                byName[user.name] = user
            }
            """,
        fix: """
            let sizes = files.mapValues { $0.size }
            var byName: [String: User] = [:]
            byName.reserveCapacity(users.count)
            for user in users {
                byName[user.name] = user
            }
            """,
        whenWrong:
            "Most keys repeat, so that far fewer entries remain than the loop has turns; or the loop has few turns.")

    func check(_ file: SourceFile, in project: Project, report: inout Reporter) {
        for loop in file.facts.loops {
            guard loop.whereClause == nil, loop.awaitKeyword == nil, loop.caseKeyword == nil,
                let count = countText(of: loop.sequence, in: project.scope),
                !leavesEarly(loop.body)
            else { continue }
            for item in loop.body.statements {
                guard let (target, access) = filled(by: item) else { continue }
                guard let name = target.as(DeclReferenceExprSyntax.self)?.baseName.text,
                    let binding = project.scope.binding(of: name, at: loop), binding.isLocal,
                    let declaration = binding.declaration.as(VariableDeclSyntax.self),
                    isGrowing(binding.shape), isEmptyAtFirst(declaration, name),
                    // Declared in the same list of statements: not outside of another loop.
                    let list = declaration.parent?.parent,
                    list.id == loop.parent?.parent?.parent?.id || list.id == loop.parent?.parent?.id,
                    let body = loop.enclosingBody,
                    !isReserved(name, in: body), !isFilledBefore(name, loop, since: declaration, in: body),
                    isFilledOnceOnly(name, in: loop), dependsOnTurn(access, in: loop),
                    isLikelyDistinct(access, in: loop, shape: binding.shape, scope: project.scope)
                else { continue }
                let indentation = file.text(ofLine: file.lines.position(ofOffset: loop.trimmedBytes.lowerBound).line)
                    .prefix { $0 == " " || $0 == "\t" }
                let start = loop.trimmedBytes.lowerBound
                if let table = mappedTable(access, in: loop, for: binding.shape, scope: project.scope),
                    !isFilledElsewhere(name, loop, since: declaration, in: body)
                {
                    report.report(
                        access, "The keys of '\(table)' are hashed again, though '\(name)' gets the same ones.",
                        suggestion:
                            "Use \(table).mapValues, which hashes nothing (compactMapValues if a value may be nil).")
                    continue
                }
                report.report(
                    access,
                    "'\(name)' grows from empty while this loop fills it, and hashes its entries again at each growth.",
                    suggestion: "Call \(name).reserveCapacity(\(count)) before the loop.",
                    edits: [
                        TextEdit(range: start..<start, replacement: "\(name).reserveCapacity(\(count))\n\(indentation)")
                    ],
                    isDoubtful: true)
            }
        }
    }

    /// What is filled by a statement in each turn of the loop: `x[k] = v`, `x.insert(v)`, `x.updateValue(…)`.
    private func filled(by item: CodeBlockItemSyntax) -> (target: ExprSyntax, access: ExprSyntax)? {
        guard let expression = item.item.as(ExprSyntax.self) else { return nil }
        if let operation = expression.as(InfixOperatorExprSyntax.self), operation.isPlainAssignment,
            !operation.rightOperand.isNil
        {
            if let use = operation.leftOperand.as(SubscriptCallExprSyntax.self), use.arguments.count == 1 {
                return (use.calledExpression, ExprSyntax(use))
            }
            guard operation.leftOperand.is(DiscardAssignmentExprSyntax.self),
                let call = operation.rightOperand.bare.as(FunctionCallExprSyntax.self)
            else { return nil }
            return inserting(call)
        }
        guard let call = expression.bare.as(FunctionCallExprSyntax.self) else { return nil }
        return inserting(call)
    }

    private func inserting(_ call: FunctionCallExprSyntax) -> (target: ExprSyntax, access: ExprSyntax)? {
        guard let receiver = call.receiver, ["insert", "updateValue"].contains(call.calledName) else { return nil }
        return (receiver, ExprSyntax(call))
    }

    private func isGrowing(_ shape: TypeShape?) -> Bool {
        switch shape {
        case .dictionary, .set: true
        default: false
        }
    }

    private func isEmptyAtFirst(_ declaration: VariableDeclSyntax, _ name: String) -> Bool {
        guard let binding = declaration.bindings.first, declaration.bindings.count == 1,
            let value = binding.initializer?.value
        else { return false }
        if let dictionary = value.as(DictionaryExprSyntax.self) {
            if case .colon = dictionary.content { return true }
            return false
        }
        if let array = value.as(ArrayExprSyntax.self) { return array.elements.isEmpty }
        guard let call = value.as(FunctionCallExprSyntax.self) else { return false }
        return call.arguments.isEmpty && call.trailingClosure == nil && TypeShape(literal: value) != nil
    }

    private func isReserved(_ name: String, in body: Syntax) -> Bool {
        body.descendants(DeclReferenceExprSyntax.self).contains { reference in
            guard reference.baseName.text == name else { return false }
            let action = NameUse(reference).action
            return action == .called("reserveCapacity") || action == .passedInOut || action == .assigned
        }
    }

    private func isFilledBefore(
        _ name: String, _ loop: ForStmtSyntax, since declaration: VariableDeclSyntax, in body: Syntax
    ) -> Bool {
        body.descendants(DeclReferenceExprSyntax.self).contains { reference in
            reference.baseName.text == name && reference.position > declaration.endPosition
                && reference.position < loop.position
                && NameUse(reference).mayInsert
        }
    }

    /// Whether the loop adds at one place and takes nothing away: else the number of turns says little about the size.
    private func isFilledOnceOnly(_ name: String, in loop: ForStmtSyntax) -> Bool {
        let uses = loop.body.descendants(DeclReferenceExprSyntax.self).filter { $0.baseName.text == name }.map {
            NameUse($0)
        }
        return uses.count { $0.mayInsert } == 1 && !uses.contains { $0.mayRemove }
    }

    /// Whether what is added differs from turn to turn: it mentions the loop's variable, or something computed from it in the loop.
    private func dependsOnTurn(_ access: ExprSyntax, in loop: ForStmtSyntax) -> Bool {
        let names = loop.namesOfTurn
        if let use = access.as(SubscriptCallExprSyntax.self) { return mentions(use.arguments, names) }
        guard let call = access.as(FunctionCallExprSyntax.self) else { return false }
        return mentions(call.argument(labelled: "forKey") ?? call.arguments.first?.expression, names)
    }

    /// Whether elements of a set differ: sets are filled to be rid of repetitions, so only what can't repeat says how large one becomes.
    private func isLikelyDistinct(_ access: ExprSyntax, in loop: ForStmtSyntax, shape: TypeShape?, scope: Scope) -> Bool
    {
        guard case .set? = shape else { return true }
        guard let call = access.as(FunctionCallExprSyntax.self), let element = call.arguments.first?.expression,
            let name = element.as(DeclReferenceExprSyntax.self)?.baseName.text
        else { return false }
        if loop.sequence.isRange { return loop.pattern.trimmedDescription == name }
        switch scope.shape(of: loop.sequence) {
        case .set: return loop.pattern.trimmedDescription == name
        case .dictionary:
            return loop.pattern.as(TuplePatternSyntax.self)?.elements.first?.pattern.trimmedDescription == name
        default:
            let member = loop.sequence.as(MemberAccessExprSyntax.self)?.declName.baseName.text
            return (member == "keys" || member == "indices") && loop.pattern.trimmedDescription == name
        }
    }

    /// The dictionary whose keys the loop takes over as they are, with other values, and does nothing else.
    private func mappedTable(
        _ access: ExprSyntax, in loop: ForStmtSyntax, for target: TypeShape?, scope: Scope
    ) -> String? {
        guard loop.body.statements.count == 1, loop.sequence.isPure,
            case .dictionary(let key, _)? = scope.shape(of: loop.sequence),
            case .dictionary(key, _)? = target,
            let assignment = access.parent?.as(InfixOperatorExprSyntax.self),
            assignment.rightOperand.descendants(AwaitExprSyntax.self).isEmpty,
            let key = access.as(SubscriptCallExprSyntax.self)?.arguments.first?.expression.comparableText
        else { return nil }
        let keyName: String
        let valueName: String
        if let names = loop.pattern.as(TuplePatternSyntax.self)?.elements.map(\.pattern.trimmedDescription) {
            guard names.count == 2 else { return nil }
            (keyName, valueName) = (names[0], names[1])
        } else {
            let name = loop.pattern.trimmedDescription
            (keyName, valueName) = (name + ".key", name + ".value")
        }
        // With the key in the value, or the value as it is, it is no mapping of values.
        let value = assignment.rightOperand.comparableText
        guard key == keyName, value != valueName, value.contains(valueName),
            !mentions(assignment.rightOperand, [keyName]), !value.contains(keyName + ".")
        else { return nil }
        return loop.sequence.trimmedDescription
    }

    /// Whether something outside of the loop adds too, so that the dictionary isn't a mapping of the other.
    private func isFilledElsewhere(
        _ name: String, _ loop: ForStmtSyntax, since declaration: VariableDeclSyntax, in body: Syntax
    ) -> Bool {
        body.descendants(DeclReferenceExprSyntax.self).contains { reference in
            guard reference.baseName.text == name, reference.position > declaration.endPosition,
                reference.position < loop.position || reference.position > loop.endPosition
            else { return false }
            return NameUse(reference).mayInsert && reference.innermostLoop(below: body) != nil
        }
    }

    private func mentions(_ node: (some SyntaxProtocol)?, _ names: Set<String>) -> Bool {
        node?.descendants(DeclReferenceExprSyntax.self).contains { names.contains($0.baseName.text) } ?? false
    }

    private func leavesEarly(_ body: CodeBlockSyntax) -> Bool {
        !body.descendants(ContinueStmtSyntax.self, intoFunctions: false).isEmpty
            || !body.descendants(BreakStmtSyntax.self, intoFunctions: false).isEmpty
            || !body.descendants(ReturnStmtSyntax.self, intoFunctions: false).isEmpty
    }

    /// Whether the sequence is a constant with a few elements.
    private func isShort(_ sequence: ExprSyntax, in scope: Scope) -> Bool {
        guard let name = sequence.simpleVariableName,
            let declaration = scope.binding(of: name, at: sequence)?.declaration.as(VariableDeclSyntax.self),
            let literal = declaration.bindings.first?.initializer?.value.as(ArrayExprSyntax.self)
        else { return false }
        return declaration.bindingSpecifier.tokenKind == .keyword(.let) && literal.elements.count < 16
    }

    /// How many turns the loop has, as an expression; nil where that isn't known cheaply, or is little.
    private func countText(of sequence: ExprSyntax, in scope: Scope) -> String? {
        if let operation = sequence.bare.as(InfixOperatorExprSyntax.self),
            ["..<", "..."].contains(operation.operatorText)
        {
            guard let first = operation.leftOperand.as(IntegerLiteralExprSyntax.self).flatMap({ Int($0.literal.text) })
            else { return nil }
            let text = operation.rightOperand.trimmedDescription
            let more = operation.operatorText == "..." ? 1 - first : -first
            if let last = Int(text.replacing("_", with: "")) { return last + more >= 16 ? "\(last + more)" : nil }
            guard operation.rightOperand.isPure else { return nil }
            return more == 0 ? text : more > 0 ? "\(text) + \(more)" : "\(text) - \(-more)"
        }
        if let call = sequence.as(FunctionCallExprSyntax.self),
            ["enumerated", "reversed", "sorted"].contains(call.calledName),
            let receiver = call.receiver
        {
            return countText(of: receiver, in: scope)
        }
        if let member = sequence.as(MemberAccessExprSyntax.self), let base = member.base,
            ["indices", "keys", "values"].contains(member.declName.baseName.text)
        {
            if let text = countText(of: base, in: scope) { return text }
        }
        guard sequence.isPure, !isShort(sequence, in: scope) else { return nil }
        switch scope.shape(of: sequence) {
        case .array, .set, .dictionary: return sequence.trimmedDescription + ".count"
        default: return nil
        }
    }
}
