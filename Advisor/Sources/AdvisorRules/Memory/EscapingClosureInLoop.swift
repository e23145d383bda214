import AdvisorCore
import SwiftSyntax

/// Finds closures that a loop makes anew in each turn and that outlive it.
struct EscapingClosureInLoop: Rule {
    let id = "escaping-closure-in-loop"
    let title = "Closure with captures allocated in each turn of an inner loop"
    let family = RuleFamily.memory
    let severity = Severity.note
    let isOnByDefault = false
    let explanation = RuleExplanation(
        reason: """
            A closure that outlives the call it is passed to keeps what it captures in a box on the heap: one allocation per turn, and a count of references for each thing captured.
            """,
        example: """
            for node in nodes {
                for edge in node.edges {
                    actions.append { visit(edge, from: node) }
                }
            }
            """,
        fix: """
            for node in nodes {
                for edge in node.edges {
                    actions.append(Visit(edge: edge, from: node))   // a struct, run by one function
                }
            }
            """,
        whenWrong: "The loop has few turns, or what the closures do differs so much that values can't describe it.")

    func check(_ file: SourceFile, in project: Project, report: inout Reporter) {
        for closure in file.facts.closures {
            guard let call = Scope.call(passing: closure), isKept(call), let loop = call.innermostLoop(),
                loop.isInLoop() || isWhile(loop),
                captures(closure, from: loop)
            else { continue }
            report.report(
                closure,
                "This closure outlives the call and is allocated anew, with what it captures, in each turn of the loop.",
                suggestion: "Keep a value that says what to do, or move the closure out of the loop.")
        }
        for assignment in file.facts.assignments where assignment.isPlainAssignment {
            guard let closure = assignment.rightOperand.as(ClosureExprSyntax.self),
                assignment.leftOperand.is(SubscriptCallExprSyntax.self),
                let loop = assignment.innermostLoop(), captures(closure, from: loop)
            else { continue }
            report.report(
                closure, "This closure is kept and allocated anew, with what it captures, in each turn of the loop.",
                suggestion: "Keep a value that says what to do, or move the closure out of the loop.")
        }
    }

    private func isWhile(_ loop: Syntax) -> Bool { loop.is(WhileStmtSyntax.self) }

    /// Whether the callee keeps the closure: a collection, by `append` and the like.
    private func isKept(_ call: FunctionCallExprSyntax) -> Bool {
        guard let name = call.calledName, call.receiver != nil else { return false }
        return ["append", "insert", "enqueue", "push"].contains(name)
    }

    /// Whether the closure uses a variable that the loop declares.
    private func captures(_ closure: ClosureExprSyntax, from loop: Syntax) -> Bool {
        var names: Set<String> = []
        if let loop = loop.as(ForStmtSyntax.self) {
            for identifier in loop.pattern.descendants(IdentifierPatternSyntax.self) {
                names.insert(identifier.identifier.text)
            }
            if let identifier = loop.pattern.as(IdentifierPatternSyntax.self) {
                names.insert(identifier.identifier.text)
            }
        }
        for declaration in loop.descendants(VariableDeclSyntax.self, intoFunctions: false) {
            for identifier in declaration.descendants(IdentifierPatternSyntax.self) {
                names.insert(identifier.identifier.text)
            }
        }
        return closure.statements.descendants(DeclReferenceExprSyntax.self).contains {
            names.contains($0.baseName.text)
        }
    }
}
