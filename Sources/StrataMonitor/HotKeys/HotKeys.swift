/// The keys that are asked for most often, from a sample, with stated bounds of error.
///
/// The algorithm is SpaceSaving (Metwally, Agrawal and El Abbadi, "Efficient computation of frequent and top-k elements in data streams", 2005): a fixed
/// number m of counters; a key without one takes over the smallest, together with its count, which from then on is the most that the new key's count may be
/// too high by. A key that makes up more than 1/m of all operations is always among them, and no count is off by more than a 1/m part of all.
///
/// The input is weighted samples of operations, so that to the bound above comes the error of sampling: about 1/√s of the count for a key that was sampled s
/// times. Every ``halfLife`` all counts are halved, so that yesterday's hot keys make room.
///
/// Keys are told apart by the hash the map itself uses. A text is made of a key only when it takes over a counter. Texts are shown to people who may look into
/// the process; they never become labels of metrics.
///
/// **Concurrency:** from any thread. A sample that comes while another is being entered is dropped, so that nobody waits.
public final class HotKeys: Sendable {
    /// How long counts take to halve, in seconds.
    public static let halfLife = 60
    /// Texts of keys are cut to so many characters.
    public static let maximumTextLength = 96

    /// A key that was asked for often.
    public struct HotKey: Hashable, Codable, Sendable {
        /// The key as text, cut to a length and free of control characters.
        public var text: String
        /// How many operations of recent times were on it; an estimate.
        public var count: Double
        /// The most by which that may be too high because another key had the counter before.
        public var overcount: Double
        /// The standard error of the sampling: the real count is within twice that for 19 of 20 keys.
        public var samplingError: Double
        /// The part of all operations of recent times.
        public var share: Double
    }

    private struct Counter {
        var hash: UInt64
        var text: String
        var count: Double
        var overcount: Double
        /// The sum of the squared weights: the variance of the estimate, but for a part that doesn't matter.
        var variance: Double
    }

    private struct State {
        var counters: [Counter] = []
        /// The hashes of the counters in their order, for looking through quickly.
        var hashes: [UInt64] = []
        var total = 0.0
    }

    private let state = LockedValue(State())
    /// How many counters there are.
    public let capacity: Int

    /// No keys yet.
    ///
    /// - Parameter capacity: How many counters, 1 to 1024: counts are off by at most a 1/capacity part of all operations.
    public init(capacity: Int = 128) { self.capacity = min(max(capacity, 1), 1024) }

    /// Enters an operation on a key.
    ///
    /// - Parameters:
    ///   - hash: What tells the key from others.
    ///   - weight: How many operations it stands for.
    ///   - text: Makes a text of the key.
    /// - Returns: Whether it was entered; `false` if another thread was at it.
    @discardableResult
    public func record(hash: UInt64, weight: Int = 1, text: () -> String) -> Bool {
        state.withLockIfAvailable { state in
            let amount = Double(weight)
            state.total += amount
            if let index = state.hashes.firstIndex(of: hash) {
                state.counters[index].count += amount
                state.counters[index].variance += amount * amount
            } else if state.counters.count < capacity {
                state.hashes.append(hash)
                state.counters.append(
                    Counter(
                        hash: hash, text: Self.shown(text()), count: amount, overcount: 0, variance: amount * amount))
            } else {
                var smallest = 0
                for index in 1..<state.counters.count
                where state.counters[index].count < state.counters[smallest].count { smallest = index }
                let former = state.counters[smallest].count
                state.hashes[smallest] = hash
                state.counters[smallest] = Counter(
                    hash: hash, text: Self.shown(text()), count: former + amount, overcount: former,
                    variance: amount * amount)
            }
        }
    }

    /// Lets time pass.
    ///
    /// - Parameter seconds: How much.
    public func decay(seconds: Double) {
        let factor = Self.power(0.5, seconds / Double(Self.halfLife))
        state.withLock { state in
            state.total *= factor
            for index in state.counters.indices {
                state.counters[index].count *= factor
                state.counters[index].overcount *= factor
                state.counters[index].variance *= factor * factor
            }
            // What is left of them says nothing any more.
            let kept = state.counters.filter { $0.count >= 0.5 }
            if kept.count < state.counters.count {
                state.counters = kept
                state.hashes = kept.map(\.hash)
            }
        }
    }

    /// The hottest keys, hottest first.
    ///
    /// - Parameter limit: How many at most.
    /// - Returns: The keys with what is known of their counts.
    public func top(_ limit: Int) -> [HotKey] {
        let (counters, total) = state.withLock { ($0.counters, $0.total) }
        return counters.sorted { $0.count > $1.count }.prefix(max(limit, 0)).map { counter in
            HotKey(
                text: counter.text, count: counter.count, overcount: counter.overcount,
                samplingError: counter.variance.squareRoot(), share: total > 0 ? counter.count / total : 0)
        }
    }

    /// The operations of recent times, and the most by which a count may be too high for lack of counters.
    public var bounds: (total: Double, overcount: Double) {
        let total = state.withLock { $0.total }
        return (total, total / Double(capacity))
    }

    /// A text that can be shown: cut, and without characters that are commands.
    static func shown(_ text: String) -> String {
        var shown = ""
        var length = 0
        for scalar in text.unicodeScalars {
            guard length < maximumTextLength else { return shown + "…" }
            length += 1
            switch scalar.properties.generalCategory {
            case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
                shown += "\\u{\(String(scalar.value, radix: 16))}"
            default: shown.unicodeScalars.append(scalar)
            }
        }
        return shown
    }

    private static func power(_ base: Double, _ exponent: Double) -> Double { Exponential.power(base, exponent) }
}
