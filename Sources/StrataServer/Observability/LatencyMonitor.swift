import Strata

/// The events that took longer than a threshold, by kind, for `LATENCY`.
final class LatencyMonitor: Sendable {
    /// The worst delay of one kind within one second.
    struct Sample: Sendable {
        var unixSeconds: Int
        var milliseconds: Int
    }

    /// What is known of one kind of event.
    struct Event: Sendable {
        var samples: [Sample] = []
        var maximum = 0
    }

    /// How many samples are kept of each kind.
    private static let maximumSampleCount = 160

    /// From how many milliseconds an event is entered; 0 switches the monitor off.
    let thresholdMilliseconds = RelaxedInteger(0)
    private let events = Locked<[String: Event]>([:])

    /// Enters an event if it took long enough.
    func record(_ kind: String, milliseconds: Int) {
        let threshold = thresholdMilliseconds.current
        guard threshold > 0, milliseconds >= threshold else { return }
        let now = MonotonicClock.unixMicroseconds() / 1_000_000
        events.withLock { events in
            var event = events[kind, default: Event()]
            event.maximum = max(event.maximum, milliseconds)
            if event.samples.last?.unixSeconds == now {
                let last = event.samples.count - 1
                event.samples[last].milliseconds = max(event.samples[last].milliseconds, milliseconds)
            } else {
                event.samples.append(Sample(unixSeconds: now, milliseconds: milliseconds))
                if event.samples.count > Self.maximumSampleCount { event.samples.removeFirst() }
            }
            events[kind] = event
        }
    }

    /// Everything known, by kind.
    func all() -> [(kind: String, event: Event)] {
        events.withLock { $0.map { ($0.key, $0.value) } }.sorted { $0.kind < $1.kind }
    }

    /// What is known of one kind.
    func event(_ kind: String) -> Event? {
        events.withLock { $0[kind] }
    }

    /// Forgets one kind or, for `nil`, all.
    ///
    /// - Returns: How many kinds were forgotten.
    func reset(_ kind: String?) -> Int {
        events.withLock { events in
            guard let kind else {
                defer { events = [:] }
                return events.count
            }
            return events.removeValue(forKey: kind) == nil ? 0 : 1
        }
    }
}
