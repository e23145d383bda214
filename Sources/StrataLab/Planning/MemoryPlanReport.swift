/// `strata plan memory`: what entries of a shape will take.
package struct MemoryPlanReport: Sendable {
    /// The number of entries.
    package var entryCount: Int
    /// The length of the keys.
    package var keyByteCount: Int
    /// The length of the values.
    package var valueByteCount: Int
    /// The number of fields of each hash; 0 for strings.
    package var fieldCount = 0
    /// The length of the fields' names.
    package var nameByteCount = 8
    /// Whether keys have a deadline.
    package var hasDeadlines = false

    /// A plan for entries of a shape.
    package init(entryCount: Int, keyByteCount: Int, valueByteCount: Int) {
        self.entryCount = entryCount
        self.keyByteCount = keyByteCount
        self.valueByteCount = valueByteCount
    }

    /// The plan of the store.
    package var store: StoreMemoryPlan {
        var plan = StoreMemoryPlan(
            keyCount: entryCount, keyByteCount: keyByteCount,
            content: fieldCount == 0
                ? .string(byteCount: valueByteCount)
                : .hash(fieldCount: fieldCount, nameByteCount: nameByteCount, valueByteCount: valueByteCount))
        plan.hasDeadlines = hasDeadlines
        return plan
    }

    /// The plan as a table.
    package var table: FigureTable {
        let payload = Double(entryCount) * Double(keyByteCount + max(fieldCount, 1) * valueByteCount)
        var rows = [row("keys and values alone", payload)]
        if fieldCount == 0 {
            let plain = MapMemoryPlan(
                entryCount: entryCount, keyByteCount: keyByteCount, valueByteCount: valueByteCount)
            rows.append(row("ConcurrentMap, keys and values plain bytes", plain.byteCount))
            rows.append(row("ConcurrentMap<[UInt8], [UInt8]>", arrays))
        }
        let kind = fieldCount == 0 ? "strings" : "hashes of \(fieldCount) field\(fieldCount == 1 ? "" : "s")"
        rows.append(row("HashStore and server, \(kind)", store.byteCount))
        return FigureTable(columns: ["", "memory", "bytes per entry", "beside keys and values"], rows: rows)

        func row(_ title: String, _ bytes: Double) -> [String] {
            [
                title, Figures.bytes(bytes), Figures.fixed(bytes / Double(entryCount), 1),
                "+" + Figures.fixed((bytes / payload - 1) * 100, 0) + " %",
            ]
        }
    }

    /// A map of arrays: entries of two references, and two arrays with a header of 32 bytes.
    private var arrays: Double {
        let slots = MapMemoryPlan(entryCount: entryCount, keyByteCount: 24, valueByteCount: 8).tableByteCount
        let entry = Double(Allocation.blockByteCount(32))
        let blocks = [keyByteCount, valueByteCount].reduce(0) { $0 + Allocation.blockByteCount(32 + $1) }
        return slots + Double(entryCount) * (entry + Double(blocks))
    }
}
