import AdvisorCore
import AdvisorLayout
import SwiftSyntax

/// Finds types that would be smaller with their properties in another order.
struct PropertyOrder: Rule {
    let id = "property-order"
    let title = "Order of stored properties that wastes memory on padding"
    let family = RuleFamily.memory
    let severity = Severity.note
    let isOnByDefault = true
    let hasDoubtfulFindings = true
    let explanation = RuleExplanation(
        reason: """
            Swift lays stored properties out in the order of their declaration and begins each at a multiple of its alignment. A Bool between two Ints takes eight bytes. \
            In arrays and dictionaries the waste is paid per element, and fewer elements share a cache line. By default only structs are shown that would be a fifth smaller \
            and that are keys of a table or are made in a loop; all others when asked for.
            """,
        example: """
            struct Tick {
                var isBid: Bool
                var price: Double
                var isLast: Bool
            }
            var ticks: [Tick]
            for row in rows { ticks.append(Tick(isBid: row.isBid, price: row.price, isLast: false)) }
            """,
        fix: """
            struct Tick {
                var price: Double
                var isBid: Bool
                var isLast: Bool
            }
            """,
        whenWrong: """
            Few values exist at a time; or the memberwise initializer's order of parameters matters more; or the layout is shared with C or a file format.
            """)

    func check(_ file: SourceFile, in project: Project, report: inout Reporter) {
        let calculator = LayoutCalculator(index: project.index)
        for type in file.facts.types where type.kind == .structure || type.kind == .object {
            guard let record = project.index.types[type.name], record.declarationCount == 1,
                record.storedProperties.count >= 2,
                record.declaration != nil, record.file == file.index,
                !record.attributes.contains(where: { ["frozen", "objc", "objcMembers"].contains($0) }),
                let layout = try? calculator.report(on: record), layout.better != nil
            else { continue }
            // What is never kept by the many costs its padding once.
            guard project.elementTypeNames.contains(record.simpleName) || holdsItself(record) else { continue }
            guard let name = name(of: record) else { continue }
            let saved = layout.stride - layout.betterStride
            guard saved >= 8, saved * 10 >= layout.stride else { continue }
            report.report(
                name,
                "'\(record.simpleName)' takes \(layout.stride) bytes \(record.kind == .structure ? "per element" : "per object"), \(layout.padding) of them padding; \(layout.betterStride) would do.",
                suggestion:
                    "Declare the properties in the order \((layout.better ?? []).map(\.name).joined(separator: ", ")).",
                isDoubtful: !(saved * 5 >= layout.stride && isMany(record, in: project)))
        }
    }

    /// Whether the source shows many values: they are keys of a table, or loops make them for a collection.
    private func isMany(_ record: TypeRecord, in project: Project) -> Bool {
        record.kind == .structure
            && (project.keyTypeNames.contains(record.simpleName)
                || project.typesMadeInLoops.contains(record.simpleName))
    }

    /// Whether it is a node of a list or tree.
    private func holdsItself(_ record: TypeRecord) -> Bool {
        record.kind == .object
            && record.storedProperties.contains { $0.shape?.unwrapped.simpleName == record.simpleName }
    }

    private func name(of record: TypeRecord) -> TokenSyntax? {
        record.declaration?.as(StructDeclSyntax.self)?.name ?? record.declaration?.as(ClassDeclSyntax.self)?.name
    }
}
