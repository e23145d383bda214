import Synchronization

/// The last things that happened inside of maps and tiers, for showing beside latencies on one time axis.
///
/// A ring of fixed size; the newest push out the oldest. Names are kept apart, so that an event is a few words.
///
/// **Concurrency:** writing is wait-free from any thread but for the first event of a name; an event that two threads fight over a place for is counted
/// as lost.
public final class EventJournal: Sendable {
    /// What happened.
    public enum Kind: Int, CaseIterable, Codable, Sendable {
        /// Tables began to grow; figures: slots before and after.
        case growthBegan
        /// All tables have grown; figures: entries moved, slots now.
        case growthEnded
        /// Tables became smaller; figures: slots before and after.
        case shrink
        /// Tables were cleaned of tombstones; figures: tombstones before, slots.
        case cleaning
        /// Far more entries than usual made room for others; figures: evictions in the last second, usual number.
        case evictionStorm
        /// Many entries that had expired were removed; figures: expirations in the last second, entries left.
        case expirySweep
        /// A breaker changed its state; figures: state before and after (0 closed, 1 half open, 2 open).
        case breakerChange
        /// An advice to add capacity began (1) or ended (0); figures: that, and the load in percent.
        case scaleAdvice
        /// A forecast began (1) or ceased (0) to warn; figures: that, and the seconds left.
        case forecastWarning
    }

    /// One event.
    public struct Event: Hashable, Codable, Sendable {
        /// Its number since the journal was made.
        public var number: Int
        /// When, in seconds on the monitor's clock.
        public var time: Double
        /// What.
        public var kind: Kind
        /// The map, tier or breaker.
        public var name: String
        /// Two figures, see ``Kind``.
        public var figures: [Double]
    }

    private let ring: StampedRing
    private let next = Atomic<UInt64>(0)
    private let lost = Atomic<Int>(0)
    private let names = LockedValue<[String]>([])

    /// An empty journal.
    ///
    /// - Parameter capacity: How many events are kept, 1 to 65 536.
    public init(capacity: Int = 512) {
        ring = StampedRing(capacity: min(max(capacity, 1), 1 << 16), wordCount: 4)
    }

    /// Writes an event down.
    public func record(_ kind: Kind, _ name: String, time: Double, _ first: Double = 0, _ second: Double = 0) {
        let name = number(of: name)
        // relaxed: a number of one's own is all that is needed.
        let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
        let isWritten = ring.write(number) { index in
            switch index {
            case 0: time.bitPattern
            case 1: UInt64(kind.rawValue) << 32 | UInt64(name)
            case 2: first.bitPattern
            default: second.bitPattern
            }
        }
        if !isWritten { lost.wrappingAdd(1, ordering: .relaxed) }
    }

    /// The events that are still there, oldest first.
    ///
    /// - Parameter number: Only those from this number on.
    /// - Returns: The events; one that is being written right then is missing.
    public func events(from number: Int = 0) -> [Event] {
        let end = Int(next.load(ordering: .acquiring))
        let names = names.withLock { $0 }
        var words: [UInt64] = []
        return (max(end - ring.capacity, number, 0)..<max(end, number, 0)).compactMap { number -> Event? in
            guard ring.read(UInt64(number), &words), let kind = Kind(rawValue: Int(words[1] >> 32)) else { return nil }
            let name = Int(words[1] & 0xffff_ffff)
            return Event(
                number: number, time: Double(bitPattern: words[0]), kind: kind,
                name: name < names.count ? names[name] : "",
                figures: [Double(bitPattern: words[2]), Double(bitPattern: words[3])])
        }
    }

    /// Events that were not kept because two threads wrote to the same place at once.
    public var lostCount: Int { lost.load(ordering: .relaxed) }

    private func number(of name: String) -> Int {
        names.withLock { names in
            if let index = names.firstIndex(of: name) { return index }
            // Names are those of registered things, which are few; beyond that they are not told apart.
            guard names.count < 4096 else { return names.count }
            names.append(name)
            return names.count - 1
        }
    }
}
