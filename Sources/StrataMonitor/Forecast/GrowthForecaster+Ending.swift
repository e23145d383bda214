extension GrowthForecaster {
    /// The part of a stretch that counts as its end, and how much slower than the whole it may be.
    private static let ending = 0.3
    private static let slowest = 0.9
    /// How many standard errors the slope of the end has in its favour.
    private static let deviations = 1.0

    /// Whether the end of a rising stretch rises as the whole of it does.
    ///
    /// The top of a wave doesn't: from its flank it looks like growth that goes on. What ends is told from noise by the standard error of
    /// its slope.
    func isGoingOn(_ trend: LocalTrend, now: GrowthBucket) -> Bool {
        let window = max(trend.span * Self.ending, 12 * configuration.grain)
        guard trend.slope > 0, window < trend.span else { return true }
        let first = fine.firstIndex(since: now.time - window)
        let count = fine.count - first
        guard count >= 8 else { return true }
        let blocks = min(16, count)
        let points = (0..<blocks).map { block in
            let buckets = ((first + count * block / blocks)..<(first + count * (block + 1) / blocks)).map { fine[$0] }
            return GrowthPoint(
                x: buckets.reduce(0) { $0 + $1.time } / Double(buckets.count) - now.time,
                y: buckets.map(\.mean).median() ?? 0)
        }
        guard let line = RobustLine(points), points[0].x < 0 else { return true }
        let length = -points[0].x
        let expected = noise * 1.25 / (Double(count) / Double(blocks)).squareRoot()
        let scatter = max(points.map(line.residual).scatter(), expected)
        let error = 1.5 * (12 / Double(blocks)).squareRoot() * scatter / length
        let whole = (trend.value(after: 0) - trend.value(after: -length)) / length
        return line.slope + Self.deviations * error >= Self.slowest * whole
    }
}
