/// The course that a figure is expected to take: points ahead, with how sure each is, joined by straight lines.
struct GrowthCourse {
    /// One point.
    struct Point {
        /// Seconds from the newest sample.
        var seconds: Double
        /// The expected value.
        var value: Double
        /// Its standard error.
        var error: Double
    }

    /// What kind of growth it is.
    var shape: GrowthShape
    /// Units per second at the start.
    var slope: Double
    /// Seconds of history that it follows from.
    var basis: Double
    /// Whether the newest values speak against it.
    var isDoubtful = false
    /// In order; the first is the present.
    var points: [Point]

    /// How long until a value is reached for the first time; `nil` if the course doesn't get there.
    ///
    /// - Parameters:
    ///   - limit: The value.
    ///   - deviations: How many standard errors above the expected course to look, or below.
    /// - Returns: The time, interpolated.
    func seconds(until limit: Double, deviations: Double = 0) -> Double? {
        guard var last = points.first else { return nil }
        if last.value >= limit { return 0 }
        for point in points.dropFirst() {
            let value = point.value + deviations * point.error
            if value >= limit {
                let before = last.value + deviations * last.error
                guard value > before, before < limit else { return last.seconds }
                return last.seconds + (point.seconds - last.seconds) * (limit - before) / (value - before)
            }
            last = point
        }
        return nil
    }
}

extension GrowthCourse {
    /// Cuts off what lies before a time.
    mutating func start(at time: Double) {
        guard let next = points.firstIndex(where: { $0.seconds > time }), next > 0 else { return }
        let before = points[next - 1]
        let after = points[next]
        let part = (time - before.seconds) / (after.seconds - before.seconds)
        let value = before.value + (after.value - before.value) * part
        points.replaceSubrange(..<next, with: [Point(seconds: time, value: value, error: before.error)])
    }

    /// How far ahead courses are drawn, in steps that become longer: from a grain to a period.
    static func steps(grain: Double, period: Double) -> [Double] {
        var steps = [0.0]
        var step = grain
        while step < period {
            steps.append(step)
            step *= 1.15
        }
        return steps + [period]
    }
}
