/// How far back the dashboard's pictures reach, and how finely.
public enum DashboardRange: Int, CaseIterable, Codable, Sendable {
    /// Five minutes, second by second.
    case minutes = 300
    /// An hour, ten seconds at a time.
    case hour = 3600
    /// A day, five minutes at a time.
    case day = 86_400

    /// How far back, in seconds.
    public var span: Int { rawValue }

    /// For how many seconds a point stands.
    public var step: Int {
        switch self {
        case .minutes: 1
        case .hour: 10
        case .day: 300
        }
    }
}

/// What a longer stretch was like.
public struct DashboardCourse: Codable, Sendable {
    /// How far back it reaches, in seconds.
    public var span: Int
    /// For how many seconds a point stands.
    public var step: Int
    /// Its points, oldest first; the last one isn't over yet.
    public var points: [DashboardPoint]
    /// What happened in it, oldest first, as far as it is remembered.
    public var events: [DashboardEvent]
}

/// The seconds of a stretch, put together to points that stand for several.
///
/// Rates are means and counts are sums over the seconds that were seen, what has a level has the last one's.
struct DashboardSteps: Sendable {
    let range: DashboardRange
    private var whole: [DashboardPoint] = []
    /// The seconds of the step that is under way.
    private var seconds: [DashboardPoint] = []

    /// Nothing was seen yet.
    init(_ range: DashboardRange) { self.range = range }

    /// Enters a second; one that was entered already is replaced.
    mutating func append(_ point: DashboardPoint) {
        if let first = seconds.first, start(of: first) != start(of: point) {
            whole.append(merged)
            seconds = []
            whole.removeAll { $0.time <= point.time - range.span - range.step }
        }
        if seconds.last?.time == point.time { seconds.removeLast() }
        seconds.append(point)
    }

    /// The points, oldest first.
    var points: [DashboardPoint] { seconds.isEmpty ? whole : whole + [merged] }

    private func start(of point: DashboardPoint) -> Int { point.time / range.step * range.step }

    /// The step that is under way as one point.
    private var merged: DashboardPoint {
        guard var point = seconds.last else { preconditionFailure("a step has a second at least") }
        point.time = start(of: point)
        point.requests = mean { $0.requests } ?? 0
        point.tiers = point.tiers.indices.map { tier in
            // A second with many requests says more about who answers them.
            let known = seconds.filter { tier < $0.tiers.count && $0.tiers[tier] != nil }
            let weight = known.reduce(0) { $0 + max($1.requests, 1) }
            guard weight > 0 else { return nil }
            return (known.reduce(0) { $0 + ($1.tiers[tier] ?? 0) * max($1.requests, 1) } / weight).short
        }
        var counts = [Int](repeating: 0, count: LatencyMatrix.rowCount)
        for second in seconds {
            for place in stride(from: 0, to: second.heat.count - 1, by: 2) where counts.indices ~= second.heat[place] {
                counts[second.heat[place]] += second.heat[place + 1]
            }
        }
        point.heat = counts.indices.flatMap { counts[$0] > 0 ? [$0, counts[$0]] : [] }
        point.collision = mean { $0.collision }
        point.loadFactor = mean { $0.loadFactor }
        point.load = mean { $0.load }
        point.p99 = counts.allSatisfy { $0 == 0 } ? nil : LatencyMatrix.quantile(0.99, of: counts).short
        return point
    }

    private func mean(_ value: (DashboardPoint) -> Double?) -> Double? {
        let values = seconds.compactMap(value)
        return values.isEmpty ? nil : (values.reduce(0, +) / Double(values.count)).short
    }
}
