import Strata

/// How fast figures that only grow have grown lately, for `INFO`.
///
/// **Concurrency:** from any thread.
final class RateMeter: Sendable {
    /// The figures that are watched.
    struct Totals: Sendable {
        var commands = 0
        var receivedBytes = 0
        var sentBytes = 0
    }

    /// What each figure has grown by per second.
    struct Rates: Sendable {
        var commands = 0.0
        var receivedBytes = 0.0
        var sentBytes = 0.0
    }

    private struct State {
        var samples: [(nanoseconds: Int, totals: Totals)] = []
    }

    /// How many samples the rates are taken over: at ten a second, about a second and a half.
    private static let sampleCount = 16
    private let state = Locked(State())

    /// Enters the figures of a moment.
    func sample(_ totals: Totals, at nanoseconds: Int = MonotonicClock.nanoseconds()) {
        state.withLock { state in
            // After a reset the figures begin again.
            if let last = state.samples.last, last.totals.commands > totals.commands { state.samples.removeAll() }
            state.samples.append((nanoseconds, totals))
            if state.samples.count > Self.sampleCount { state.samples.removeFirst() }
        }
    }

    /// The growth over the samples kept.
    var rates: Rates {
        state.withLock { state in
            guard let first = state.samples.first, let last = state.samples.last, last.nanoseconds > first.nanoseconds
            else {
                return Rates()
            }
            let seconds = Double(last.nanoseconds - first.nanoseconds) / 1e9
            return Rates(
                commands: Double(last.totals.commands - first.totals.commands) / seconds,
                receivedBytes: Double(last.totals.receivedBytes - first.totals.receivedBytes) / seconds,
                sentBytes: Double(last.totals.sentBytes - first.totals.sentBytes) / seconds)
        }
    }
}
