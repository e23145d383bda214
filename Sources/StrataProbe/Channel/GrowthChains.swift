import CStrataProbe

/// Follows single storages from growth to growth by their addresses, and tells when the next growth is due.
///
/// When a storage grows, it is full: it holds as many elements as its old capacity. Two growths therefore tell how fast it fills, exactly, without
/// looking into it, and from that when it will be full again.
struct GrowthChains {
    struct Chain {
        var type: UInt32
        var bytes: Int
        var moments: [AllocationReport.Moment]

        /// Elements per second between the last two growths; `nil` if there was one growth or they were at the same time.
        var rate: Double? {
            guard moments.count > 1 else { return nil }
            let last = moments[moments.count - 1]
            let before = moments[moments.count - 2]
            let elapsed = last.seconds - before.seconds
            return elapsed > 0 ? Double(last.oldCapacity - before.oldCapacity) / elapsed : nil
        }

        /// When it is full again if it goes on as it did, in seconds since the watching began.
        ///
        /// If it was to be full before `now` and isn't, it has become slower: then it is taken to fill as slowly as it must have.
        func nextGrowth(at now: Double) -> Double? {
            guard let rate, rate > 0, let last = moments.last else { return nil }
            let missing = Double(last.newCapacity - last.oldCapacity)
            let due = last.seconds + missing / rate
            return due >= now ? due : now + (now - last.seconds)
        }
    }

    /// Those that are there, by the address of the storage that each has now.
    private(set) var chains: [UInt64: Chain] = [:]
    /// Those that were freed, the largest of them.
    private(set) var released: [Chain] = []
    /// Events that were overwritten before they were read.
    private(set) var missed = 0
    private var next: UInt64 = 0
    private var generation: UInt32 = 0
    private let maximum = 4096

    /// Reads what happened since the last time.
    ///
    /// An event that is being written is left for the next time, unless there is none because the program has ended.
    mutating func read(_ channel: ProbeChannel, _ clock: ProbeClock, isLast: Bool = false) {
        let summary = channel.summary
        if summary.generation != generation {
            self = GrowthChains()
            generation = summary.generation
        }
        let room = UInt64(STRATA_PROBE_EVENTS)
        if summary.events > next + room {
            missed += Int(summary.events - room - next)
            next = summary.events - room
        }
        while next < summary.events {
            if let event = channel.event(next) {
                add(event, clock)
            } else if isLast || channel.summary.events > next + room {
                missed += 1
            } else {
                return
            }
            next += 1
        }
    }

    private mutating func add(_ event: strata_probe_event, _ clock: ProbeClock) {
        if event.cause == STRATA_PROBE_RELEASED.rawValue {
            release(event.object)
            return
        }
        guard event.cause == STRATA_PROBE_GROWTH.rawValue else { return }
        var chain = event.original == 0 ? nil : chains.removeValue(forKey: event.original)
        if chain?.type != event.type {
            chain = nil
        }
        var grown = chain ?? Chain(type: event.type, bytes: 0, moments: [])
        grown.bytes = Int(event.bytes)
        grown.moments.append(
            AllocationReport.Moment(
                seconds: clock.seconds(at: event.ticks), oldCapacity: Int(event.old_capacity),
                newCapacity: Int(event.new_capacity), nanoseconds: clock.nanoseconds(event.duration)))
        chains[event.object] = grown
        if chains.count > maximum {
            // The smaller half goes: what matters is what becomes large.
            let kept = chains.sorted { $0.value.bytes > $1.value.bytes }.prefix(maximum / 2)
            chains = Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0.value) })
        }
    }

    private mutating func release(_ object: UInt64) {
        guard let chain = chains.removeValue(forKey: object) else { return }
        released.append(chain)
        if released.count > maximum {
            released = Array(released.sorted { $0.bytes > $1.bytes }.prefix(maximum / 2))
        }
    }

    /// The storages that are there, largest first.
    func largest(_ count: Int) -> [Chain] { Self.largest(count, of: Array(chains.values)) }

    /// All storages, those that were freed as well.
    func largestEver(_ count: Int) -> [(chain: Chain, isReleased: Bool)] {
        let ended = Self.largest(count, of: released).map { (chain: $0, isReleased: true) }
        let all = largest(count).map { (chain: $0, isReleased: false) } + ended
        return Array(
            all.sorted { ($0.chain.bytes, $0.chain.moments.count) > ($1.chain.bytes, $1.chain.moments.count) }.prefix(
                count))
    }

    private static func largest(_ count: Int, of chains: [Chain]) -> [Chain] {
        Array(chains.sorted { ($0.bytes, $0.moments.count) > ($1.bytes, $1.moments.count) }.prefix(count))
    }
}
