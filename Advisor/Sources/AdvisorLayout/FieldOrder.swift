/// Finds an order of fields that wastes little.
enum FieldOrder {
    /// The order of positions with the smallest end, preferring one near the order as it is.
    ///
    /// All orders are tried for up to seven fields; above that, the best of: as it is, by falling alignment, and greedy (always the field
    /// of the largest alignment that needs no padding).
    static func best(for fields: [TypeLayout], from start: Int) -> [Int] {
        let asWritten = Array(fields.indices)
        var best = asWritten
        var bestEnd = end(of: asWritten, fields, from: start)
        func consider(_ order: [Int]) {
            let end = end(of: order, fields, from: start)
            if end < bestEnd { (best, bestEnd) = (order, end) }
        }
        consider(asWritten.sorted { (-fields[$0].alignment, $0) < (-fields[$1].alignment, $1) })
        consider(greedy(fields, from: start))
        if fields.count <= 7 {
            var order: [Int] = []
            permute(fields, from: start, order: &order, end: start, best: &best, bestEnd: &bestEnd)
        }
        return best
    }

    private static func end(of order: [Int], _ fields: [TypeLayout], from start: Int) -> Int {
        let alignment = fields.map(\.alignment).max() ?? 1
        let end = order.reduce(start) { aligned($0, fields[$1].alignment) + fields[$1].size }
        return aligned(end, alignment)
    }

    private static func aligned(_ offset: Int, _ alignment: Int) -> Int {
        (offset + alignment - 1) / alignment * alignment
    }

    private static func greedy(_ fields: [TypeLayout], from start: Int) -> [Int] {
        var left = Array(fields.indices)
        var order: [Int] = []
        var offset = start
        while !left.isEmpty {
            let next = left.min { first, second in
                let padding = (
                    aligned(offset, fields[first].alignment) - offset,
                    aligned(offset, fields[second].alignment) - offset
                )
                return (padding.0, -fields[first].alignment, first) < (padding.1, -fields[second].alignment, second)
            }
            guard let next else { break }
            left.removeAll { $0 == next }
            order.append(next)
            offset = aligned(offset, fields[next].alignment) + fields[next].size
        }
        return order
    }

    private static func permute(
        _ fields: [TypeLayout], from start: Int, order: inout [Int], end: Int, best: inout [Int], bestEnd: inout Int
    ) {
        if order.count == fields.count {
            let total = aligned(end, fields.map(\.alignment).max() ?? 1)
            if total < bestEnd { (best, bestEnd) = (order, total) }
            return
        }
        for position in fields.indices where !order.contains(position) {
            let next = aligned(end, fields[position].alignment) + fields[position].size
            if next >= bestEnd { continue }
            order.append(position)
            permute(fields, from: start, order: &order, end: next, best: &best, bestEnd: &bestEnd)
            order.removeLast()
        }
    }
}
