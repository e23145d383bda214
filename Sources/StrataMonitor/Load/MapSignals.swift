/// What speaks for keeping data elsewhere: a map that misses too often, or that takes too much of the processor.
struct MapSignals {
    /// Hits below this part of all requests are few.
    static let lowHitRatio = 0.7
    /// More than this part of the process's processor time is much.
    static let highProcessorShare = 0.15
    /// The window in seconds.
    static let window = 900
    /// Fewer requests than this say nothing.
    static let minimumRequestCount = 1000

    /// Hits of all requests; `nil` while there are too few.
    let hitRatio: Double?
    /// The part of the processor time; an estimate from the sample.
    let processorShare: Double?

    init(_ map: RegisteredMap, second: Int) {
        let hits = map.windows.hits.sum(over: Self.window, at: second)
        hitRatio = hits.base >= Self.minimumRequestCount ? hits.ratio : nil
        processorShare = map.windows.time.sum(over: Self.window, at: second).ratio
    }

    /// Whether hits are few.
    var isHitRatioLow: Bool? { hitRatio.map { $0 < Self.lowHitRatio } }
    /// Whether the map takes much of the processor.
    var isProcessorUseHigh: Bool? { processorShare.map { $0 > Self.highProcessorShare } }
}
