/// What a budget has learnt of when the keys of its stores are asked for again: the engine of `CachePolicy`, for entries that
/// carry their own stamps.
///
/// `CachePolicy` numbers the entries and keeps a word for each in an array. A store's entries are found by their place in the
/// table and carry a ``ReuseStamp`` beside the figures that Redis' policies need. So of the policy's parts the model, the monitor and the
/// ghosts serve here, and a sample of the table takes the place of a draw of slots.
///
/// **Concurrency:** everything is called by who makes room, under the registry's lock.
struct AdaptiveEviction: ~Copyable {
    private(set) var model: ReuseModel
    private var monitor: ReuseMonitor
    /// How many keys it is laid out for.
    private(set) var keyCount: Int
    private var lastTick: UInt32
    private var stepDebt = 0
    private let stepInterval: Int

    /// How often per turnover the worth of each class is worked out anew.
    private static let roundsPerTurnover = 4
    /// How much of a long pause is made up for at once.
    private static let maximumWalk: UInt32 = 64

    /// An engine that has seen nothing.
    init(keyCount: Int, now: UInt32) {
        self.keyCount = max(keyCount, 1)
        let scale = UInt32(clamping: self.keyCount)
        let perTick = UInt32(ReuseStamp.insertionsPerTick)
        model = ReuseModel(scale: max(scale / perTick, 1))
        monitor = ReuseMonitor(
            scale: scale, horizon: model.horizon.multipliedReportingOverflow(by: perTick).partialValue)
        lastTick = now
        stepInterval = max(4, self.keyCount / Self.roundsPerTurnover / ReuseModel.classCount)
    }

    /// Whether there are far more or fewer keys than it is laid out for.
    func isOutgrown(by count: Int) -> Bool { count > 2 * keyCount || count < keyCount / 4 }

    /// The keys to log.
    var sampleMask: UInt64 { monitor.sampleMask }

    /// Learns from the requests since the last time.
    mutating func learn(from log: RequestLog) {
        let now = log.now
        let elapsed = min(now &- lastTick, Self.maximumWalk)
        lastTick = now
        log.drain { monitor.request(hash: $0, at: now, model: &model) }
        let insertions = Int(elapsed) * ReuseStamp.insertionsPerTick
        for _ in 0..<insertions { monitor.walk(at: now, model: &model) }
        stepDebt += insertions
        while stepDebt >= stepInterval {
            stepDebt -= stepInterval
            model.step(at: now)
        }
    }

    /// What an entry is worth per byte.
    @inline(__always)
    func worth(_ stamp: ReuseStamp, byteCount: Int, at now: UInt32) -> Float {
        model.worth(of: stamp.word(hash: 0, now: now), at: now) / Float(max(byteCount, 1))
    }
}
