import AdvisorCore
import AdvisorLayout
import SwiftSyntax

/// Finds small classes that behave like structs and are made in loops.
struct ClassInLoop: Rule {
    let id = "class-in-loop"
    let title = "Class made in a loop where a struct would do"
    let family = RuleFamily.memory
    let severity = Severity.note
    let isOnByDefault = false
    let explanation = RuleExplanation(
        reason: """
            Each object is an allocation of at least 32 bytes (16 of them header), and each reference to it is counted. The class has only constants, no subclass, no deinit, and nobody asks for its identity: \
            a struct is the same without that.
            """,
        example: """
            final class Point { let x: Double; let y: Double; init(x: Double, y: Double) { self.x = x; self.y = y } }
            for row in rows { points.append(Point(x: row[0], y: row[1])) }
            """,
        fix: """
            struct Point { let x: Double; let y: Double }
            for row in rows { points.append(Point(x: row[0], y: row[1])) }
            """,
        whenWrong:
            "The objects are shared by many holders and large, or identity is used where the source doesn't show it.")

    func check(_ file: SourceFile, in project: Project, report: inout Reporter) {
        for call in file.facts.calls where isRepeated(call, in: project.scope) {
            guard let reference = call.calledExpression.as(DeclReferenceExprSyntax.self),
                let first = reference.baseName.text.first, first.isUppercase,
                let record = project.index.type(named: reference.baseName.text, in: call.enclosingTypeName),
                record.kind == .object,
                isValue(record, in: project)
            else { continue }
            report.report(
                call, "Each '\(record.simpleName)' is a heap object, though nothing about it needs a class.",
                suggestion: "Declare '\(record.simpleName)' as a struct.")
        }
    }

    /// In a loop's body or in a closure that `map` and the like call for each element.
    private func isRepeated(_ call: FunctionCallExprSyntax, in scope: Scope) -> Bool {
        if call.isInLoop() { return true }
        guard let closure = call.enclosingClosure, let outer = Scope.call(passing: closure), let name = outer.calledName
        else { return false }
        return ["map", "compactMap", "forEach", "flatMap"].contains(name)
            && outer.receiver.flatMap { scope.elementShape(of: $0) } != nil
    }

    private func isValue(_ record: TypeRecord, in project: Project) -> Bool {
        guard record.declarationCount == 1, !record.hasDeinitializer, !record.hasConditionalMembers,
            !record.modifiers.contains("open"), !record.modifiers.contains("public"),
            project.index.conforming[record.name] == nil, project.index.conforming[record.simpleName] == nil
        else { return false }
        let stored = record.storedProperties
        guard !stored.isEmpty,
            stored.allSatisfy({ $0.isConstant && !$0.isLazy && !$0.isWeak && $0.attributes.isEmpty && $0.shape != nil })
        else { return false }
        // Locks, atomics and what else can't be copied.
        guard
            !stored.contains(where: { property in
                property.shape?.isLock == true
                    || property.shape?.simpleName.map { ["Atomic", "Mutex"].contains($0) } == true
            })
        else { return false }
        // A superclass or a protocol of classes; what isn't known might be one.
        for parent in record.inherited where !Self.harmless.contains(parent) {
            guard let found = project.index.type(named: parent, in: record.name), found.kind == .protocol,
                !isOfObjects(found, in: project)
            else { return false }
        }
        // A class that holds itself can't be a struct.
        if stored.contains(where: { mentions(record.simpleName, $0.shape) }) { return false }
        if let layout = try? LayoutCalculator(index: project.index).report(on: record), layout.size > 16 + 64 {
            return false
        }
        return !isIdentityUsed(record, in: project)
    }

    private static let harmless: Set<String> = [
        "Sendable", "Hashable", "Equatable", "Comparable", "Codable", "Encodable", "Decodable",
        "CustomStringConvertible",
        "CustomDebugStringConvertible", "Identifiable",
    ]

    private func isOfObjects(_ record: TypeRecord, in project: Project) -> Bool {
        record.ownInherited.contains { parent in
            parent == "AnyObject" || parent == "class"
                || project.index.type(named: parent).map { isOfObjects($0, in: project) } ?? !Self.harmless.contains(
                    parent)
        }
    }

    private func mentions(_ name: String, _ shape: TypeShape?) -> Bool {
        switch shape {
        case .named(let other, let arguments):
            other == name || other.hasSuffix("." + name) || arguments.contains { mentions(name, $0) }
        case .optional(let inner), .array(let inner), .set(let inner): mentions(name, inner)
        case .dictionary(let key, let value): mentions(name, key) || mentions(name, value)
        case .tuple(let elements): elements.contains { mentions(name, $0.shape) }
        default: false
        }
    }

    /// Weak references, `ObjectIdentifier`, `Unmanaged` or `===` in a file that names the class.
    private func isIdentityUsed(_ record: TypeRecord, in project: Project) -> Bool {
        for type in project.index.types.values {
            for property in type.properties where property.isWeak && mentions(record.simpleName, property.shape) {
                return true
            }
        }
        for source in project.files {
            let facts = source.facts
            guard
                facts.references["ObjectIdentifier"] != nil || facts.references["Unmanaged"] != nil
                    || source.containsIdentityOperator
            else { continue }
            if facts.references[record.simpleName] != nil || record.file == source.index { return true }
        }
        return false
    }
}

extension SourceFile {
    /// Whether `===` or `!==` occurs.
    var containsIdentityOperator: Bool {
        var equalSigns = 0
        for byte in bytes {
            if byte == UInt8(ascii: "=") {
                equalSigns += 1
                if equalSigns == 3 { return true }
            } else {
                equalSigns = byte == UInt8(ascii: "!") ? 1 : 0
            }
        }
        return false
    }
}
