/// Latencies by time: for each second of the last five minutes, and coarser for a day, how many operations took how long.
///
/// What a heat map is drawn from. Rows are half powers of two from 32 ns to 134 ms, and one more for what takes longer. A column without operations takes
/// no memory.
///
/// One thread at a time enters columns; see `RegisteredMap`, which has the lock.
struct LatencyMatrix: Sendable {
    /// How fine.
    public enum Resolution: Int, CaseIterable, Codable, Sendable {
        /// Columns of a second over five minutes.
        case seconds
        /// Columns of ten seconds over a quarter of an hour.
        case tenSeconds
        /// Columns of five minutes over a day.
        case fiveMinutes

        /// Seconds in a column.
        var step: Int { [1, 10, 300][rawValue] }
        /// How many columns.
        var count: Int { [300, 90, 288][rawValue] }
    }

    /// How many rows there are.
    static let rowCount = 46
    private static let firstPower = 5

    /// The lower bound of each row in seconds.
    static let bounds: [Double] = (0..<rowCount).map { row in
        row == 0 ? 0 : Double(1 << (firstPower + row / 2)) * (row % 2 == 0 ? 1 : 1.5) / 1e9
    }

    /// The row of each bucket of a distribution.
    private static let rows: [Int] = (0..<LatencyBuckets.count).map { bucket in
        let middle = LatencyBuckets.middle(bucket) / 1e9
        return (bounds.lastIndex { $0 <= middle } ?? 0)
    }

    /// Operations of one stretch of time.
    struct Column: Hashable, Codable, Sendable {
        /// When it begins, in seconds on the monitor's clock.
        var start: Int
        /// Operations by row.
        var counts: [UInt32]
    }

    private var rings = Resolution.allCases.map { [Column?](repeating: nil, count: $0.count) }

    init() {}

    /// Enters operations.
    ///
    /// - Parameters:
    ///   - distribution: What took how long.
    ///   - second: When.
    mutating func add(_ distribution: LatencyDistribution, at second: Int) {
        for resolution in Resolution.allCases {
            let step = second / resolution.step
            let place = step % resolution.count
            let start = step * resolution.step
            if rings[resolution.rawValue][place]?.start != start { rings[resolution.rawValue][place] = nil }
            for (bucket, count) in distribution.counts.enumerated() where count > 0 {
                if rings[resolution.rawValue][place] == nil {
                    rings[resolution.rawValue][place] = Column(
                        start: start, counts: [UInt32](repeating: 0, count: Self.rowCount))
                }
                let row = Self.rows[bucket]
                let sum = UInt64(rings[resolution.rawValue][place]!.counts[row]) + UInt64(count)
                rings[resolution.rawValue][place]!.counts[row] = UInt32(clamping: sum)
            }
        }
    }

    /// The operations of one second of the last five minutes; `nil` without any.
    func column(at second: Int) -> Column? {
        let ring = rings[Resolution.seconds.rawValue]
        guard second >= 0, let column = ring[second % ring.count], column.start == second else { return nil }
        return column
    }

    /// The columns with operations, oldest first.
    func columns(_ resolution: Resolution, at second: Int) -> [Column] {
        let oldest = (second / resolution.step - resolution.count + 1) * resolution.step
        return rings[resolution.rawValue].compactMap { $0 }.filter { $0.start >= oldest && $0.start <= second }
            .sorted { $0.start < $1.start }
    }
}
