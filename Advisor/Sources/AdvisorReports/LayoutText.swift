public import AdvisorLayout
import Foundation

/// A type's layout for people and for programs.
public enum LayoutText {
    private struct Field: Encodable {
        let name: String
        let type: String
        let offset: Int
        let size: Int
        let alignment: Int
        let paddingBefore: Int
        let crossingLines: Double
    }
    private struct Document: Encodable {
        let name: String
        let kind: String
        let size: Int
        let stride: Int
        let alignment: Int
        let padding: Int
        let linesPerElement: Double
        let fields: [Field]
        let betterOrder: [String]?
        let betterSize: Int
        let betterStride: Int
    }

    /// The report as one JSON object.
    ///
    /// - Throws: An error of the JSON encoder.
    public static func json(_ report: LayoutReport) throws -> String {
        try JSONReport.encode(
            Document(
                name: report.name, kind: report.kind, size: report.size, stride: report.stride,
                alignment: report.alignment,
                padding: report.padding, linesPerElement: report.linesPerElement,
                fields: report.fields.map {
                    Field(
                        name: $0.name, type: $0.type, offset: $0.offset, size: $0.size, alignment: $0.alignment,
                        paddingBefore: $0.paddingBefore, crossingLines: report.straddling($0))
                },
                betterOrder: report.better?.map(\.name), betterSize: report.betterSize,
                betterStride: report.betterStride))
    }

    /// The report in words, with a table of the fields.
    public static func text(_ report: LayoutReport) -> String {
        var lines = ["\(report.kind) \(report.name)", ""]
        if report.kind == "class" {
            lines.append(
                "  instance \(report.size) bytes with the header of 16; the allocator gives out \(report.stride)")
            lines.append("  padding  \(report.padding) bytes")
        } else {
            lines.append(
                "  size \(report.size), stride \(report.stride), alignment \(report.alignment), padding \(report.padding) (bytes)"
            )
            lines.append(
                "  in an array, an element touches \(decimal(report.linesPerElement)) cache lines of \(LayoutReport.lineSize) bytes on average"
            )
        }
        if !report.fields.isEmpty { lines += ["", "  as declared:"] + table(report.fields, report: report) }
        if let better = report.better {
            let saved = report.stride - report.betterStride
            lines += [
                "",
                "  better, saves \(saved) of \(report.stride) bytes per \(report.kind == "class" ? "object" : "element"):",
            ]
            lines += table(better, report: nil)
            lines += [
                "",
                "  Memberwise initializers take their parameters in the order of the properties: callers change with it.",
            ]
        } else if !report.fields.isEmpty {
            lines += ["", "  No other order is smaller."]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func table(_ fields: [LayoutReport.Field], report: LayoutReport?) -> [String] {
        let names = max(5, fields.map(\.name.count).max() ?? 0)
        let types = max(4, fields.map(\.type.count).max() ?? 0)
        func row(_ offset: String, _ size: String, _ name: String, _ type: String, _ rest: String) -> String {
            let text =
                "    " + right(offset, 6) + right(size, 6) + "  "
                + name.padding(toLength: names, withPad: " ", startingAt: 0) + "  "
                + type.padding(toLength: types, withPad: " ", startingAt: 0) + "  " + rest
            var trimmed = text
            while trimmed.last == " " { trimmed.removeLast() }
            return trimmed
        }
        var lines = [row("offset", "size", "field", "type", "")]
        for field in fields {
            var remarks: [String] = []
            if field.paddingBefore > 0 { remarks.append("after \(field.paddingBefore) bytes of padding") }
            if let report, report.kind == "struct" {
                let share = report.straddling(field)
                if share > 0 { remarks.append("crosses a cache line in \(Int((share * 100).rounded())) % of elements") }
            }
            lines.append(
                row("\(field.offset)", "\(field.size)", field.name, field.type, remarks.joined(separator: "; ")))
        }
        return lines
    }

    private static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    private static func decimal(_ value: Double) -> String { String(format: "%.2f", value) }
}
