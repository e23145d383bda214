/// A journal's events as sentences; the beginning and the end of a growth become one event.
struct DashboardEvents {
    private let events: [EventJournal.Event]
    private let epoch: Double

    /// - Parameters:
    ///   - events: Oldest first.
    ///   - epoch: Seconds from the monitor's clock to those since 1970.
    init(_ events: [EventJournal.Event], epoch: Double) {
        self.events = events
        self.epoch = epoch
    }

    /// The events, oldest first.
    ///
    /// - Parameter now: The time on the monitor's clock: growth that has no end yet lasts until then.
    /// - Returns: One event for each of the journal's, but for the ends of growth.
    func events(now: Double) -> [DashboardEvent] {
        var result: [DashboardEvent] = []
        var growing: [String: (index: Int, event: EventJournal.Event)] = [:]
        for event in events {
            var shown = DashboardEvent(
                number: event.number, time: event.time + epoch, until: nil, kind: Self.kind(event.kind),
                name: event.name, text: Self.text(event))
            if event.kind == .growthEnded {
                guard let (index, beginning) = growing.removeValue(forKey: event.name) else { continue }
                result[index].until = shown.time
                result[index].text = Self.text(beginning, verb: "grew")
                continue
            }
            if event.kind == .growthBegan {
                growing[event.name] = (result.count, event)
                shown.until = now + epoch
            }
            result.append(shown)
        }
        return result
    }

    private static func kind(_ kind: EventJournal.Kind) -> String {
        switch kind {
        case .growthBegan, .growthEnded: "growth"
        case .shrink: "shrink"
        case .cleaning: "cleaning"
        case .evictionStorm: "evictionStorm"
        case .expirySweep: "expirySweep"
        case .breakerChange: "breakerChange"
        case .scaleAdvice: "scaleAdvice"
        case .forecastWarning: "forecastWarning"
        }
    }

    private static func text(_ event: EventJournal.Event, verb: String = "grows") -> String {
        let name = event.name
        let first = event.figures.first ?? 0
        let second = event.figures.count > 1 ? event.figures[1] : 0
        switch event.kind {
        case .growthBegan, .growthEnded:
            return "\(name) \(verb) from \(Readable.count(first)) to \(Readable.count(second)) slots"
        case .shrink: return "\(name) shrank from \(Readable.count(first)) to \(Readable.count(second)) slots"
        case .cleaning: return "\(name) was cleaned of \(Readable.count(first)) tombstones"
        case .evictionStorm:
            return
                "\(name) evicted \(Readable.count(first.rounded())) entries in a second, usually \(Readable.count(second.rounded()))"
        case .expirySweep: return "\(name) removed \(Readable.count(first.rounded())) expired entries in a second"
        case .breakerChange:
            let words = ["closed", "began a trial", "opened"]
            return "the breaker of \(name) \(words[min(max(Int(second), 0), 2)])"
        case .scaleAdvice:
            return first > 0
                ? "more capacity is advised, at a load of \(Readable.percent(second / 100))"
                : "the advice to add capacity ended"
        case .forecastWarning:
            return first > 0
                ? "\(name) is going to be full in \(Readable.duration(second))"
                : "\(name) is no longer going to be full soon"
        }
    }
}
