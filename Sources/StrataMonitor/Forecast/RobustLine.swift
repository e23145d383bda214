#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A point of a series: where (seconds, or a function of them) and how much.
struct GrowthPoint {
    var x: Double
    var y: Double
}

/// A line through points of which some may be far off: the median of the slopes of all pairs.
///
/// It takes more than 29 % of wrong points to mislead it.
///
/// Sources: H. Theil, "A rank-invariant method of linear and polynomial regression analysis", 1950; P. K. Sen, "Estimates of the
/// regression coefficient based on Kendall's tau", 1968, doi:10.1080/01621459.1968.10480934.
struct RobustLine {
    /// Units per unit of `x`.
    var slope: Double
    /// The line's value at `x` = 0.
    var level: Double

    /// A known line.
    init(level: Double, slope: Double) {
        self.level = level
        self.slope = slope
    }

    /// The line through at least two points with different `x`.
    ///
    /// - Complexity: O(n² log n); callers pass at most 16 points.
    init?(_ points: [GrowthPoint]) {
        var slopes: [Double] = []
        slopes.reserveCapacity(points.count * (points.count - 1) / 2)
        for first in points.indices {
            for second in points.index(after: first)..<points.endIndex {
                let distance = points[second].x - points[first].x
                if distance != 0 { slopes.append((points[second].y - points[first].y) / distance) }
            }
        }
        guard let slope = slopes.median() else { return nil }
        self.slope = slope
        guard let level = points.map({ $0.y - slope * $0.x }).median() else { return nil }
        self.level = level
    }

    /// How far a point is above the line.
    func residual(_ point: GrowthPoint) -> Double { point.y - level - slope * point.x }
}

extension [Double] {
    /// The middle value; the mean of the two in the middle if their number is even; `nil` if there is none.
    func median() -> Double? {
        guard !isEmpty else { return nil }
        let sorted = sorted()
        let middle = count / 2
        return count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    /// The standard deviation of what these deviations from 0 would be if they were normal, by their median.
    func scatter() -> Double {
        // 1.4826 is one over the upper quartile of the normal distribution.
        (map(abs).median() ?? 0) * 1.4826
    }
}
