import CStrataProbe

/// Makes a report of what is in a channel.
struct ReportBuilder {
    let channel: ProbeChannel
    let clock: ProbeClock

    init(_ channel: ProbeChannel) {
        self.channel = channel
        clock = ProbeClock(channel.summary)
    }

    /// Types, growths and single storages; who calls adds what it knows about the process.
    func report(chains: GrowthChains, interval: Int, seconds: Double, symbols: Symbolizer?) -> AllocationReport {
        var chains = chains
        chains.read(channel, clock, isLast: true)
        let summary = channel.summary
        var remarks: [String] = []
        if summary.lost_types > 0 {
            remarks.append(
                "\(summary.lost_types) calls were for types beyond the \(STRATA_PROBE_TYPES) that there is room for.")
        }
        if summary.lost_transitions > 0 {
            remarks.append("\(summary.lost_transitions) growths found no room and are not in the report.")
        }
        if chains.missed > 0 {
            remarks.append(
                "\(chains.missed) growths came too fast to be followed one by one; they are counted all the same.")
        }
        return AllocationReport(
            program: [], processIdentifier: Int(summary.pid), ending: "", seconds: seconds, samplingInterval: interval,
            remarks: remarks, threadCount: Int(summary.threads), types: types(), growths: growths(),
            storages: storages(chains, seconds), backtraces: symbols.map(backtraces) ?? [], threads: [])
    }

    private func types() -> [AllocationReport.TypeAllocations] {
        let room = Int(STRATA_PROBE_TYPES)
        let counts = [strata_probe_counts](unsafeUninitializedCapacity: room) { buffer, count in
            if let start = buffer.baseAddress {
                strata_probe_read_counts(channel.pointer, start)
                count = room
            }
        }
        var sampleTypes = [UInt32](repeating: 0, count: Int(STRATA_PROBE_SAMPLES))
        var sampleTicks = [UInt64](repeating: 0, count: Int(STRATA_PROBE_SAMPLES))
        let alive = strata_probe_read_samples(channel.pointer, &sampleTypes, &sampleTicks)
        var stillAlive: [Int: Int] = [:]
        for type in sampleTypes.prefix(alive) {
            stillAlive[Int(type), default: 0] += 1
        }
        // Metadata that is made in several modules is one type all the same.
        var byName: [String: AllocationReport.TypeAllocations] = [:]
        for (index, count) in counts.enumerated() where count.allocations > 0 {
            var type = strata_probe_type_summary()
            strata_probe_read_type(channel.pointer, UInt32(index), &type)
            guard let name = type.name.map({ String(cString: $0) }) else { continue }
            let one = AllocationReport.TypeAllocations(
                type: name, count: Int(count.allocations), bytes: Int(count.bytes), freed: Int(count.frees),
                storageBytes: Int(max(0, count.storage_bytes)), sampled: Int(type.sampled),
                latency: DurationHistogram(type.latency, clock), lifetime: DurationHistogram(type.lifetime, clock),
                stillAlive: (stillAlive[index] ?? 0) + Int(type.dropped))
            byName[name] = byName[name].map { $0.adding(one) } ?? one
        }
        return byName.values.sorted { ($0.bytes, $1.type) > ($1.bytes, $0.type) }
    }

    private func growths() -> [AllocationReport.StorageGrowths] {
        var byType: [String: AllocationReport.StorageGrowths] = [:]
        var names: [UInt32: (name: String, kind: String)] = [:]
        for growth in channel.growths where growth.count > 0 {
            let (name, kind) = names[growth.type] ?? nameAndKind(growth.type)
            names[growth.type] = (name, kind)
            let step = AllocationReport.Step(
                cause: Self.cause(growth.cause), oldCapacity: Int(growth.old_capacity),
                newCapacity: Int(growth.new_capacity), bytes: Int(growth.bytes), count: Int(growth.count),
                timed: Int(growth.timed), nanoseconds: clock.nanoseconds(growth.ticks),
                longest: clock.nanoseconds(growth.longest))
            var type =
                byType[name] ?? AllocationReport.StorageGrowths(type: name, kind: kind, growths: [], others: [])
            let isGrowth = growth.cause <= STRATA_PROBE_REGROWN.rawValue
            if isGrowth {
                type.growths.add(step)
            } else {
                type.others.add(step)
            }
            byType[name] = type
        }
        return byType.values.map { type in
            var type = type
            type.growths.sort { ($0.oldCapacity, $0.newCapacity) < ($1.oldCapacity, $1.newCapacity) }
            type.others.sort { ($0.oldCapacity, $0.newCapacity) < ($1.oldCapacity, $1.newCapacity) }
            return type
        }
        .sorted { ($0.largestBytes, $1.type) > ($1.largestBytes, $0.type) }
    }

    private func nameAndKind(_ index: UInt32) -> (name: String, kind: String) {
        var type = strata_probe_type_summary()
        strata_probe_read_type(channel.pointer, index, &type)
        let kind: String
        switch type.kind {
        case STRATA_PROBE_DICTIONARY.rawValue: kind = "dictionary"
        case STRATA_PROBE_SET.rawValue: kind = "set"
        default: kind = "array"
        }
        return (type.name.map { String(cString: $0) } ?? "?", kind)
    }

    private static func cause(_ cause: UInt32) -> String {
        switch cause {
        case STRATA_PROBE_GROWTH.rawValue: return "growth"
        case STRATA_PROBE_REGROWN.rawValue: return "growth of a shared storage"
        case STRATA_PROBE_COPY.rawValue: return "copy"
        case STRATA_PROBE_NEW.rawValue: return "new"
        default: return "replacement"
        }
    }

    private func storages(_ chains: GrowthChains, _ now: Double) -> [AllocationReport.GrowingStorage] {
        chains.largestEver(200).map { chain, isReleased in
            AllocationReport.GrowingStorage(
                type: channel.typeName(Int(chain.type)), bytes: chain.bytes, growths: chain.moments,
                isReleased: isReleased, nextGrowth: isReleased ? nil : chain.nextGrowth(at: now))
        }
    }

    private func backtraces(_ symbols: Symbolizer) -> [AllocationReport.Backtrace] {
        // Calls from different places in a function are one to a reader.
        var found: [[String]: AllocationReport.Backtrace] = [:]
        for index in 0..<STRATA_PROBE_STACKS {
            var stack = strata_probe_stack_summary()
            strata_probe_read_stack(channel.pointer, index, &stack)
            guard stack.depth > 0, let frames = stack.frames else { continue }
            let addresses = UnsafeBufferPointer(start: frames, count: Int(stack.depth)).filter { !symbols.isProbe($0) }
            let names = addresses.map(symbols.name(of:))
            let type = channel.typeName(Int(stack.type))
            var place =
                found[[type] + names]
                ?? AllocationReport.Backtrace(
                    type: type, isStorage: stack.kind != STRATA_PROBE_OTHER.rawValue, count: 0, bytes: 0, frames: names)
            place.count += Int(stack.count)
            place.bytes += Int(stack.bytes)
            found[[type] + names] = place
        }
        return found.values.sorted { ($0.bytes, $0.count) > ($1.bytes, $1.count) }
    }
}

extension AllocationReport.TypeAllocations {
    fileprivate func adding(_ other: Self) -> Self {
        var sum = self
        sum.count += other.count
        sum.bytes += other.bytes
        sum.freed += other.freed
        sum.storageBytes += other.storageBytes
        sum.sampled += other.sampled
        sum.stillAlive += other.stillAlive
        sum.latency = latency.adding(other.latency)
        sum.lifetime = lifetime.adding(other.lifetime)
        return sum
    }
}

extension AllocationReport.StorageGrowths {
    fileprivate var largestBytes: Int { max(growths.map(\.bytes).max() ?? 0, others.map(\.bytes).max() ?? 0) }
}

extension [AllocationReport.Step] {
    /// Adds a step to the one of the same capacities, if there is one.
    fileprivate mutating func add(_ step: AllocationReport.Step) {
        let same = firstIndex {
            $0.cause == step.cause && $0.oldCapacity == step.oldCapacity && $0.newCapacity == step.newCapacity
        }
        guard let same else {
            append(step)
            return
        }
        self[same].count += step.count
        self[same].timed += step.timed
        self[same].nanoseconds += step.nanoseconds
        self[same].longest = Swift.max(self[same].longest, step.longest)
    }
}

extension DurationHistogram {
    fileprivate func adding(_ other: DurationHistogram) -> DurationHistogram {
        var counts: [Double: Int] = [:]
        for bucket in buckets + other.buckets {
            counts[bucket.nanoseconds, default: 0] += bucket.count
        }
        return DurationHistogram(buckets: counts.sorted { $0.key < $1.key }.map { Bucket(nanoseconds: $0, count: $1) })
    }
}
