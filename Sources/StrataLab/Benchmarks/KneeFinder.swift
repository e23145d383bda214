/// Finds the rate at which the tail leaves its flat part.
///
/// The rate is raised by half again and again. The P99 of the first three rates, at which hardly anything waits, is the baseline. The
/// first rate whose P99 is more than three times the baseline (a jump of 200 %), or that isn't reached any more, is tried once more,
/// because the machine may have been away; if it is no better, the knee lies between it and the rate before, and three halvings narrow
/// it down.
package struct KneeFinder: Sendable {
    /// The first rate, in operations per second.
    package var start = 100_000.0
    /// No rate above this one is tried.
    package var limit = 50_000_000.0

    /// A search.
    package init() {}

    /// One rate and what it did.
    package struct Point: Codable, Sendable {
        /// The rate that was asked for.
        package var rate: Double
        /// The rate that was reached.
        package var reached: Double
        /// The 99th percentile of latencies, in nanoseconds, without what the machine did to the idle loop.
        package var latency: Double
        /// The same with it.
        package var rawLatency: Double
        /// The 99th percentile of the operations' own times.
        package var service: Double
        /// The part of the time spent inside of operations.
        package var busyShare: Double

        /// A point.
        package init(
            rate: Double, reached: Double, latency: Double, rawLatency: Double, service: Double, busyShare: Double
        ) {
            self.rate = rate
            self.reached = reached
            self.latency = latency
            self.rawLatency = rawLatency
            self.service = service
            self.busyShare = busyShare
        }
    }

    /// What was found.
    package struct Result: Codable, Sendable {
        /// All rates, ascending.
        package var points: [Point]
        /// The P99 of the flat part, in nanoseconds.
        package var baseline: Double
        /// The highest rate in the flat part.
        package var flat: Point
        /// The lowest rate beyond it; `nil` if none was found.
        package var beyond: Point?
        /// Why it is beyond, for people.
        package var cause: String
    }

    /// How much more than the baseline is beyond the knee.
    private static let jump = 3.0

    /// Searches.
    ///
    /// - Parameter probe: Loads the subject with a rate for about a second.
    /// - Returns: What was found.
    /// - Throws: What the probe throws.
    package func find(_ probe: (_ rate: Double) throws -> Point) rethrows -> Result {
        var points: [Point] = []
        var rate = start
        while points.count < 3 {
            points.append(try probe(rate))
            rate *= 1.5
        }
        let baseline = Samples(points.map(\.latency)).median
        var flat = points.last { isFlat($0, baseline) } ?? points[0]
        var beyond: Point?
        while beyond == nil, rate <= limit {
            var point = try probe(rate)
            if !isFlat(point, baseline) {
                let again = try probe(rate)
                point = again.latency < point.latency ? again : point
            }
            points.append(point)
            if isFlat(point, baseline) { flat = point } else { beyond = point }
            rate *= 1.5
        }
        for _ in 0..<3 {
            guard let upper = beyond else { break }
            let point = try probe((flat.rate + upper.rate) / 2)
            points.append(point)
            if isFlat(point, baseline) { flat = point } else { beyond = point }
        }
        return Result(
            points: points.sorted { $0.rate < $1.rate }, baseline: baseline, flat: flat, beyond: beyond,
            cause: cause(of: beyond, baseline, points[0]))
    }

    private func isFlat(_ point: Point, _ baseline: Double) -> Bool {
        point.latency <= baseline * Self.jump && point.reached >= point.rate * 0.97
    }

    private func cause(of point: Point?, _ baseline: Double, _ first: Point) -> String {
        guard let point else { return "no knee up to \(Figures.short(limit)) operations per second" }
        let busy = Figures.fixed(point.busyShare * 100, 0)
        if point.busyShare > 0.85 || point.reached < point.rate * 0.97 {
            return "saturation: the threads are inside of operations \(busy) % of the time"
        }
        if point.service > first.service * Self.jump {
            return
                "slow operations: the P99 of the operations themselves rose from \(Figures.duration(first.service)) to "
                + "\(Figures.duration(point.service)), by waiting for locks or for the table to grow, at \(busy) % busy"
        }
        return
            "queueing: operations take as long as before (P99 \(Figures.duration(point.service))) but wait for those before "
            + "them, at \(busy) % busy"
    }
}
