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

    /// By the address of the storage that each has now.
    private(set) var chains: [UInt64: Chain] = [:]
    private var next: UInt64 = 0
    /// Events that were overwritten before they were read.
    private(set) var missed = 0
    private let maximum = 4096

    /// Reads what happened since the last time.
    mutating func read(_ channel: ProbeChannel, _ clock: ProbeClock) {
        let end = channel.summary.events
        let room = UInt64(STRATA_PROBE_EVENTS)
        if end > next + room {
            missed += Int(end - room - next)
            next = end - room
        }
        while next < end {
            if let event = channel.event(next) {
                add(event, clock)
            } else {
                missed += 1
            }
            next += 1
        }
    }

    private mutating func add(_ event: strata_probe_event, _ clock: ProbeClock) {
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

    /// The storages, largest first.
    func largest(_ count: Int) -> [Chain] {
        Array(chains.values.sorted { ($0.bytes, $0.moments.count) > ($1.bytes, $1.moments.count) }.prefix(count))
    }
}
