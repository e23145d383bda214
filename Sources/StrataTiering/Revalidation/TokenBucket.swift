/// A rate that may be used up in bursts: a pure state machine.
package struct TokenBucket: Sendable {
    private let ratePerSecond: Double
    private let capacity: Double
    private var tokens: Double
    private var updated: Instant?

    /// A full bucket.
    ///
    /// - Parameters:
    ///   - ratePerSecond: How many tokens come in a second.
    ///   - capacity: How many it holds.
    package init(ratePerSecond: Double, capacity: Double) {
        self.ratePerSecond = ratePerSecond
        self.capacity = max(capacity, 1)
        tokens = self.capacity
    }

    /// Takes a token, if there is one.
    package mutating func take(now: Instant) -> Bool {
        if let updated, now > updated {
            tokens = min(capacity, tokens + updated.duration(to: now) / .seconds(1) * ratePerSecond)
        }
        updated = max(now, updated ?? now)
        guard tokens >= 1 else { return false }
        tokens -= 1
        return true
    }
}
