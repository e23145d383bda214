/// The rises and drops of a figure that is cut back again and again.
///
/// Keeps the last few cycles: where each rise began, where it ended, where the drop ended. A drop ends a rise when it is larger than
/// noise and takes much less time than the rise did; a daily wave, which falls as slowly as it rises, has no such drops.
struct GrowthCycles {
    /// One rise and the drop after it.
    struct Cycle {
        var start: GrowthPoint
        var peak: GrowthPoint
        var end: GrowthPoint
        /// Seconds from the highest point to the first that was lower.
        var gap: Double
    }

    /// Of how many cycles something is learned.
    static let capacity = 10
    /// A drop takes at most this share of the time that the rise took.
    static let steepness = 0.34

    private(set) var cycles: [Cycle] = []
    private var start: GrowthPoint?
    private var peak: GrowthPoint?
    private var trough: GrowthPoint?
    private var previous = -Double.infinity
    private var gap = 0.0

    /// Where the present rise began, after the newest drop; `nil` before the first one.
    var riseStart: GrowthPoint? { cycles.last == nil ? nil : start }

    /// Takes the newest bucket, in order.
    ///
    /// - Parameters:
    ///   - point: Time and average.
    ///   - threshold: How far the figure falls, at least, when it is cut back.
    mutating func add(_ point: GrowthPoint, threshold: Double) {
        guard let currentPeak = peak, let currentStart = start else {
            start = point
            peak = point
            return
        }
        if peak?.x == previous { gap = point.x - previous }
        previous = point.x
        if let currentTrough = trough {
            // Falling: the drop is over when the figure rises again by a good part of what it lost, or by what counts as a change.
            if point.y < currentTrough.y {
                trough = point
            } else if point.y >= currentTrough.y + threshold / 2
                || point.x - currentTrough.x > currentTrough.x - currentPeak.x
            {
                finish(Cycle(start: currentStart, peak: currentPeak, end: currentTrough, gap: gap))
                start = currentTrough
                peak = point
                trough = nil
            }
        } else if point.y >= currentPeak.y {
            peak = point
        } else if currentPeak.y - point.y >= threshold {
            trough = point
        }
    }

    private mutating func finish(_ cycle: Cycle) {
        let rise = cycle.peak.x - cycle.start.x
        let drop = cycle.end.x - cycle.peak.x
        guard drop <= Self.steepness * rise else {
            // Something that falls as slowly as it rises isn't cut back.
            cycles.removeAll()
            return
        }
        if cycles.count == Self.capacity { cycles.removeFirst() }
        cycles.append(cycle)
    }
}
