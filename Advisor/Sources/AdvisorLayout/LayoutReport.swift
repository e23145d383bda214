public import AdvisorCore

/// A type's memory: its fields in order, the padding between, and the best order found.
public struct LayoutReport: Sendable {
    /// A stored property and where it lies.
    public struct Field: Sendable, Hashable {
        /// The name.
        public let name: String
        /// The type as written or inferred, for people.
        public let type: String
        /// Bytes from the beginning.
        public let offset: Int
        /// Bytes that it takes.
        public let size: Int
        /// What its address is a multiple of.
        public let alignment: Int
        /// Unused bytes before it.
        public let paddingBefore: Int
    }

    /// The type's full name.
    public let name: String
    /// `struct`, `class`, `enum` or `actor`.
    public let kind: String
    /// The stored properties in order; empty for enums.
    public let fields: [Field]
    /// Bytes used; for a class those of the instance with its header.
    public let size: Int
    /// What addresses are multiples of.
    public let alignment: Int
    /// Bytes from element to element; for a class what the allocator gives out (a multiple of 16).
    public let stride: Int
    /// The same fields in the best order; nil where the order is as good as any.
    public let better: [Field]?
    /// `size` with the better order.
    public let betterSize: Int
    /// `stride` with the better order.
    public let betterStride: Int

    /// Unused bytes within the stride; for a class within the instance.
    public var padding: Int {
        let used = fields.reduce(0) { $0 + $1.size }
        return fields.isEmpty
            ? stride - size : (kind == "class" ? size - LayoutCalculator.objectHeader - used : stride - used)
    }

    /// Bytes of a cache line.
    public static let lineSize = 64

    /// How many cache lines an element of an array touches, on average over the elements of an array that begins at a line.
    public var linesPerElement: Double { Self.linesPerElement(size: size, stride: stride) }

    /// The share of elements of an array of which a field crosses the end of a line.
    public func straddling(_ field: Field) -> Double {
        guard field.size > 0 else { return 0 }
        let period = Self.lineSize / Self.commonDivisor(stride, Self.lineSize)
        let crossing = (0..<period).filter { element in
            let start = element * stride + field.offset
            return start / Self.lineSize != (start + field.size - 1) / Self.lineSize
        }
        return Double(crossing.count) / Double(period)
    }

    /// How many lines an element of an array touches, on average.
    public static func linesPerElement(size: Int, stride: Int) -> Double {
        guard size > 0 else { return 0 }
        let period = lineSize / commonDivisor(stride, lineSize)
        let lines = (0..<period).reduce(0) { sum, element in
            let start = element * stride
            return sum + (start + size - 1) / lineSize - start / lineSize + 1
        }
        return Double(lines) / Double(period)
    }

    private static func commonDivisor(_ first: Int, _ second: Int) -> Int {
        second == 0 ? max(1, first) : commonDivisor(second, first % second)
    }
}

extension LayoutCalculator {
    /// The report of a declared type.
    ///
    /// - Throws: ``UnknownLayout``.
    /// - Complexity: O(n!) steps for up to seven fields, O(n²) above.
    public func report(on record: TypeRecord) throws -> LayoutReport {
        switch record.kind {
        case .structure: return try report(on: record, kind: "struct", start: 0)
        case .object: return try report(on: record, kind: "class", start: try objectStart(of: record))
        case .enumeration:
            let layout = try layout(of: record)
            return LayoutReport(
                name: record.name, kind: "enum", fields: [], size: layout.size, alignment: layout.alignment,
                stride: layout.stride, better: nil, betterSize: layout.size, betterStride: layout.stride)
        default: throw UnknownLayout(description: "'\(record.name)' is neither a struct nor a class nor an enum")
        }
    }

    /// Where a class's own fields begin: behind the header and the superclass's fields.
    private func objectStart(of record: TypeRecord) throws -> Int {
        guard let parent = record.ownInherited.first else { return LayoutCalculator.objectHeader }
        if Self.protocolsOfValues.contains(parent) { return LayoutCalculator.objectHeader }
        guard let known = index.type(named: parent, in: record.name, guesses: false), known.kind != .external else {
            throw UnknownLayout(
                description:
                    "'\(parent)', which '\(record.name)' inherits from, isn't declared in the source that was read")
        }
        guard known.kind == .object else { return LayoutCalculator.objectHeader }
        return try report(on: known).size
    }

    private func report(on record: TypeRecord, kind: String, start: Int) throws -> LayoutReport {
        let fields = try fieldShapes(of: record)
        var parts: [(name: String, type: String, layout: TypeLayout)] = []
        for (property, shape) in fields {
            parts.append((property.name, shape.text, try layout(of: shape, in: record.name)))
        }
        let layouts = parts.map(\.layout)
        let order = FieldOrder.best(for: layouts, from: start)
        let current = TypeLayout.sequence(layouts, from: start)
        let best = TypeLayout.sequence(order.map { layouts[$0] }, from: start)
        func described(_ positions: [Int], offsets: [Int]) -> [LayoutReport.Field] {
            var end = start
            return zip(positions, offsets).map { position, offset in
                let part = parts[position]
                defer { end = offset + part.layout.size }
                return LayoutReport.Field(
                    name: part.name, type: part.type, offset: offset, size: part.layout.size,
                    alignment: part.layout.alignment,
                    paddingBefore: offset - end)
            }
        }
        func stride(_ layout: TypeLayout) -> Int { kind == "class" ? (layout.size + 15) / 16 * 16 : layout.stride }
        let improves = stride(best.layout) < stride(current.layout)
        return LayoutReport(
            name: record.name, kind: kind, fields: described(Array(parts.indices), offsets: current.offsets),
            size: current.layout.size, alignment: max(current.layout.alignment, kind == "class" ? 16 : 1),
            stride: stride(current.layout),
            better: improves ? described(order, offsets: best.offsets) : nil,
            betterSize: improves ? best.layout.size : current.layout.size,
            betterStride: improves ? stride(best.layout) : stride(current.layout))
    }
}
