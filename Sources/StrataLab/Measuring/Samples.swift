/// Results of the same measurement, repeated.
package struct Samples: Codable, Hashable, Sendable {
    /// The results in the order they were taken.
    package private(set) var values: [Double]

    /// Takes results.
    package init(_ values: [Double] = []) {
        self.values = values
    }

    /// Adds a result.
    package mutating func add(_ value: Double) { values.append(value) }

    /// The middle one; the mean of the middle two of an even number; 0 of none.
    package var median: Double {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return 0 }
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    /// The smallest result.
    package var smallest: Double { values.min() ?? 0 }
    /// The largest result.
    package var largest: Double { values.max() ?? 0 }
    /// How far apart the results are, as a part of the median.
    package var spread: Double { median == 0 ? 0 : (largest - smallest) / median }
}
