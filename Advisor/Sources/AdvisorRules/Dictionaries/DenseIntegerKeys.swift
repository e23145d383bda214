import AdvisorCore
import SwiftSyntax

/// Finds dictionaries whose keys are 0, 1, 2, ….
struct DenseIntegerKeys: Rule {
    let id = "dense-integer-keys"
    let title = "Dictionary with keys 0, 1, 2, … that could be an array"
    let family = RuleFamily.dictionaries
    let severity = Severity.note
    let isOnByDefault = true
    let explanation = RuleExplanation(
        reason: """
            An array finds the element of a small integer with one addition; a dictionary hashes the integer, probes, and compares. It also \
            takes two to three times the memory per entry.
            """,
        example: """
            var weights: [Int: Double] = [:]
            for i in 0..<count { weights[i] = weight(of: i) }
            """,
        fix: "let weights = (0..<count).map { weight(of: $0) }",
        whenWrong: "Entries are removed later, or keys beyond the loop's are looked up and must give nil.")

    func check(_ file: SourceFile, in project: Project, report: inout Reporter) {
        for declaration in file.facts.variables {
            guard declaration.bindings.count == 1, let binding = declaration.bindings.first,
                let property = PropertyRecord(declaration, binding: binding), let value = binding.initializer?.value
            else { continue }
            if let literal = value.as(DictionaryExprSyntax.self), case .elements(let elements) = literal.content {
                checkLiteral(property, elements, file: file, in: project, report: &report)
            } else if case .dictionary(let key, _)? = property.shape, key == .plain("Int"), value.isEmptyConstruction {
                checkLoop(property, in: project, report: &report)
            }
        }
    }

    /// `let names = [0: "a", 1: "b", 2: "c"]`.
    private func checkLiteral(
        _ property: PropertyRecord, _ elements: DictionaryElementListSyntax, file: SourceFile, in project: Project,
        report: inout Reporter
    ) {
        guard property.isConstant, elements.count >= 3, !property.isPublic else { return }
        let keys = elements.compactMap { $0.key.as(IntegerLiteralExprSyntax.self).flatMap { Int($0.literal.text) } }
            .sorted()
        guard keys.count == elements.count, let first = keys.first, first == 0 || first == 1,
            keys == Array(first..<(first + keys.count)), areOnlyLookups(property, file: file, in: project)
        else { return }
        report.report(
            property.binding.pattern, "The keys of '\(property.name)' are \(first) to \(first + keys.count - 1).",
            suggestion: "Use an array and check the bounds where the key may be another.")
    }

    private func areOnlyLookups(_ property: PropertyRecord, file: SourceFile, in project: Project) -> Bool {
        let uses: [NameUse]
        if let body = property.declaration.enclosingBody {
            uses = body.descendants(DeclReferenceExprSyntax.self).filter { $0.baseName.text == property.name }.map {
                NameUse($0)
            }
        } else {
            uses = project.collectionUses(of: property, file: file.index).map(\.use)
        }
        return !uses.isEmpty && uses.allSatisfy { $0.action == .elementRead }
    }

    /// An empty local dictionary that only loops over 0..<n write to, in each turn.
    private func checkLoop(_ property: PropertyRecord, in project: Project, report: inout Reporter) {
        guard let body = property.declaration.enclosingBody else { return }
        let uses = body.descendants(DeclReferenceExprSyntax.self)
            .filter { $0.baseName.text == property.name && $0.position > property.declaration.position }.map {
                NameUse($0)
            }
        let writes = uses.filter { $0.mayInsert }
        guard !writes.isEmpty else { return }
        for use in uses {
            switch use.action {
            case .elementWritten: guard isDenseWrite(use) else { return }
            case .elementRead, .called("reserveCapacity"), .member("count"), .member("isEmpty"): break
            default: return
            }
        }
        // Two loops could fill different parts.
        guard writes.count == 1 else { return }
        report.report(
            property.binding.pattern, "The loop writes '\(property.name)' for each of 0, 1, 2, … once.",
            suggestion: "Use an array: it needs no hashing and less memory.")
    }

    private func isDenseWrite(_ use: NameUse) -> Bool {
        guard let key = use.key?.as(DeclReferenceExprSyntax.self)?.baseName.text,
            let loop = use.access.innermostLoop()?.as(ForStmtSyntax.self), loop.whereClause == nil,
            // A statement of the body itself: it runs in each turn.
            use.access.nearest(CodeBlockItemSyntax.self)?.parent?.parent?.id == loop.body.id,
            loop.body.descendants(ContinueStmtSyntax.self, intoFunctions: false).isEmpty,
            loop.body.descendants(BreakStmtSyntax.self, intoFunctions: false).isEmpty,
            // Not a loop within a loop over something else: that would write the same keys again, which is fine for an array too.
            loop.awaitKeyword == nil
        else { return false }
        if loop.pattern.as(IdentifierPatternSyntax.self)?.identifier.text == key {
            if let range = loop.sequence.bare.as(InfixOperatorExprSyntax.self),
                ["..<", "..."].contains(range.operatorText)
            {
                return range.leftOperand.as(IntegerLiteralExprSyntax.self).map { ["0", "1"].contains($0.literal.text) }
                    ?? false
            }
            return loop.sequence.as(MemberAccessExprSyntax.self)?.declName.baseName.text == "indices"
        }
        guard let tuple = loop.pattern.as(TuplePatternSyntax.self),
            loop.sequence.as(FunctionCallExprSyntax.self)?.calledName == "enumerated"
        else { return false }
        return tuple.elements.first?.pattern.as(IdentifierPatternSyntax.self)?.identifier.text == key
    }
}
