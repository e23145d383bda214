import Strata

extension RegisteredMap {
    /// How many entries' probe lengths are looked at in a second.
    private static let probeSampleCount = 512

    /// Enters what has happened since the last tick.
    ///
    /// - Parameters:
    ///   - time: Seconds on the monitor's clock.
    ///   - elapsed: Seconds since the last tick.
    ///   - processNanoseconds: Processor time the process has used since then.
    ///   - journal: Where events go.
    func tick(time: Double, elapsed: Double, processNanoseconds: Int, journal: EventJournal) {
        guard let figures = figures(probeSampleCount: Self.probeSampleCount) else { return }
        let distribution = recorder.distribution
        let reads = recorder.count(.get)
        let writes = recorder.count(.set) + recorder.count(.update) + recorder.count(.remove)
        let bulk = recorder.distribution(.getMany).sum
        let counts = MapOperation.allCases.map { recorder.count($0) }
        let stripes = recorder.stripeCounts
        recorder.hotKeys.decay(seconds: elapsed)
        let second = Int(time)
        past.withLock { past in
            let former = past.figures ?? figures
            let recent = distribution.subtracting(past.distribution)
            windows.load.add(figures.count, of: figures.capacity, at: second)
            windows.collisions.add(figures.collisionCount, of: figures.probedCount, at: second)
            windows.hits.add(
                max(figures.hitTotal - former.hitTotal, 0), of: max(figures.requestTotal - former.requestTotal, 0),
                at: second)
            windows.reads.add(max(reads - past.reads, 0), at: second)
            windows.writes.add(max(writes - past.writes, 0), at: second)
            windows.evictions.add(max(figures.evictionTotal - former.evictionTotal, 0), at: second)
            windows.expirations.add(max(figures.expirationTotal - former.expirationTotal, 0), at: second)
            let busy = recent.sum + max(bulk - past.bulk, 0)
            windows.time.add(min(busy, processNanoseconds), of: processNanoseconds, at: second)
            // The operations of the second that has just ended.
            past.matrix.add(recent, at: max(second - 1, 0))
            past.note(from: former, to: figures, name: name, time: time, elapsed: elapsed, journal)
            let decay = Exponential.power(0.5, elapsed / 60)
            for index in stripes.indices {
                past.stripes[index] = past.stripes[index] * decay + Double(stripes[index] - past.stripeTotals[index])
            }
            past.stripeTotals = stripes
            past.reads = reads
            past.writes = writes
            past.bulk = bulk
            past.recent = recent
            past.remember(distribution, counts, time: time)
            past.distribution = distribution
            past.figures = figures
        }
    }
}

extension MapPast {
    /// Evictions count as a storm from so many a second on, and so many times the usual number.
    private static let stormFloor = 100.0
    private static let stormFactor = 8.0
    /// Expirations count as a sweep from so many a second on, and this part of what is left.
    private static let sweepFloor = 100.0
    private static let sweepPart = 0.05

    /// Writes down what the difference between two ticks' figures means.
    mutating func note(
        from former: MapFigures, to figures: MapFigures, name: String, time: Double, elapsed: Double,
        _ journal: EventJournal
    ) {
        let isGrowing = figures.movingCount > 0 && figures.capacity > figures.previousCapacity
        let grew = figures.growthTotal > former.growthTotal || figures.capacity > former.capacity
        if capacityBeforeGrowth == nil, grew {
            capacityBeforeGrowth = former.capacity
            journal.record(.growthBegan, name, time: time, Double(former.capacity), Double(figures.capacity))
        }
        if capacityBeforeGrowth != nil, !isGrowing || figures.movingCount == 0 {
            capacityBeforeGrowth = nil
            journal.record(
                .growthEnded, name, time: time, Double(figures.movedSlotTotal - former.movedSlotTotal),
                Double(figures.capacity))
        }
        if figures.shrinkTotal > former.shrinkTotal || figures.capacity < former.capacity {
            journal.record(.shrink, name, time: time, Double(former.capacity), Double(figures.capacity))
        }
        if figures.cleaningTotal > former.cleaningTotal {
            journal.record(.cleaning, name, time: time, Double(former.tombstoneCount), Double(figures.capacity))
        }
        noteRemovals(from: former, to: figures, name: name, time: time, elapsed: elapsed, journal)
    }

    private mutating func noteRemovals(
        from former: MapFigures, to figures: MapFigures, name: String, time: Double, elapsed: Double,
        _ journal: EventJournal
    ) {
        let seconds = max(elapsed, 0.001)
        let evictions = Double(figures.evictionTotal - former.evictionTotal) / seconds
        let isStorm = evictions >= Self.stormFloor && evictions > usualEvictions * Self.stormFactor
        if isStorm, !isStorming {
            journal.record(.evictionStorm, name, time: time, evictions, usualEvictions)
        }
        isStorming = isStorm
        // A fiftieth each second: what goes on for minutes is usual.
        usualEvictions += (evictions - usualEvictions) * min(seconds / 50, 1)
        let expirations = Double(figures.expirationTotal - former.expirationTotal) / seconds
        let isSweep = expirations >= max(Self.sweepFloor, Double(figures.count) * Self.sweepPart)
        if isSweep, !isSweeping {
            journal.record(.expirySweep, name, time: time, expirations, Double(figures.count))
        }
        isSweeping = isSweep
    }
}

extension RegisteredTiers {
    /// Looks at the tiers, and writes down which breakers have changed.
    func tick(time: Double, journal: EventJournal) {
        guard let figures = figures() else { return }
        let former = past.withLock { past -> TierFigures? in
            defer { past = figures }
            return past
        }
        for breaker in figures.breakers {
            let before = former?.breakers.first { $0.name == breaker.name }?.state ?? .closed
            guard before != breaker.state else { continue }
            journal.record(
                .breakerChange, "\(name)/\(breaker.name)", time: time, Double(before.rawValue),
                Double(breaker.state.rawValue))
        }
    }
}
