import AdvisorCore
import AdvisorLayout
import SwiftSyntax

/// Finds large structs that are put into arrays of `any P` in loops.
struct ExistentialInLoop: Rule {
    let id = "existential-in-loop"
    let title = "Struct too large for the inline buffer put into an array of `any` in a loop"
    let family = RuleFamily.memory
    let severity = Severity.note
    let isOnByDefault = false
    let explanation = RuleExplanation(
        reason: """
            A value of type any P has room for 24 bytes. A larger struct is allocated on the heap each time one is made, and reached through a pointer and a table of functions \
            each time it is used.
            """,
        example: """
            protocol Shape { func area() -> Double }
            struct Box: Shape { var a, b, c, d: Double; … }
            var shapes: [any Shape] = []
            for row in rows { shapes.append(Box(row)) }
            """,
        fix: """
            enum Shape { case box(Box), circle(Circle) }   // or [Box], or a generic function over some Shape
            """,
        whenWrong: "The array is short, or values of types that aren't known here must fit in.")

    /// Bytes of an existential's buffer.
    private static let bufferSize = 24

    func check(_ file: SourceFile, in project: Project, report: inout Reporter) {
        for call in file.facts.calls where call.calledName == "append" && call.isInLoop() {
            guard call.arguments.count == 1, let argument = call.arguments.first, argument.label == nil,
                let receiver = call.receiver,
                case .array(let element)? = project.scope.shape(of: receiver), let protocolName = existential(element),
                let (name, size) = largeStruct(argument.expression, in: project)
            else { continue }
            report.report(
                argument.expression,
                "Each '\(name)' (\(size) bytes) gets a heap allocation of its own to become 'any \(protocolName)'.",
                suggestion: "Use an array of \(name), or an enum over the types that occur.")
        }
        for loop in file.facts.loops {
            guard case .array(let element)? = project.scope.shape(of: loop.sequence),
                let protocolName = existential(element),
                let protocolRecord = project.index.type(named: protocolName), protocolRecord.kind == .protocol,
                isNested(loop), let (name, size) = largestConformer(of: protocolRecord.simpleName, in: project)
            else { continue }
            report.report(
                loop.sequence,
                "This inner loop reaches each 'any \(protocolName)' through a pointer and a table: '\(name)' takes \(size) bytes, the inline buffer has 24.",
                suggestion: "Make the function generic over the element, or use an enum over the types that occur.")
        }
    }

    /// A loop within a loop.
    private func isNested(_ loop: ForStmtSyntax) -> Bool { loop.isInLoop() }

    private func existential(_ shape: TypeShape) -> String? {
        guard case .existential(let names) = shape, let first = names.first, first != "Error" else { return nil }
        return first
    }

    private func largeStruct(_ expression: ExprSyntax, in project: Project) -> (name: String, size: Int)? {
        guard case .named(let name, _)? = project.scope.shape(of: expression),
            let record = project.index.type(named: name, in: expression.enclosingTypeName), record.kind == .structure,
            let layout = try? LayoutCalculator(index: project.index).layout(of: record), layout.size > Self.bufferSize
        else { return nil }
        return (record.simpleName, layout.size)
    }

    private func largestConformer(of name: String, in project: Project) -> (name: String, size: Int)? {
        let calculator = LayoutCalculator(index: project.index)
        let sizes = (project.index.conforming[name] ?? []).compactMap { conformer -> (name: String, size: Int)? in
            guard let record = project.index.types[conformer], record.kind == .structure,
                let layout = try? calculator.layout(of: record)
            else { return nil }
            return (record.simpleName, layout.size)
        }
        return sizes.filter { $0.size > Self.bufferSize }.max { ($0.size, $1.name) < ($1.size, $0.name) }
    }
}
