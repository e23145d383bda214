import CStrata

extension CachePolicy {
    /// How many adjacent slots are looked at per eviction: four lines of words.
    private static let drawnSlots = 32

    /// The entry to evict next.
    ///
    /// - Returns: An entry, `nil` without any. The one inserted last only if there is no other.
    package mutating func victim() -> UInt32? {
        adaptToCount()
        guard count > 0 else { return nil }
        refreshCandidates()
        if isInUse(secondNewest), secondNewest != newest { candidates.offer(secondNewest, worth: worth(secondNewest)) }
        var first = draw()
        var looked = 0
        repeat {
            let end = min(first + Self.drawnSlots, usedSlots)
            offer(slots: first..<end)
            // One draw finds something unless most slots are free.
            looked += Self.drawnSlots
            first = end == usedSlots ? 0 : end
        } while candidates.count == 0 && looked < usedSlots + Self.drawnSlots
        prefetchNextDraw()
        return candidates.takeLeast() ?? (isInUse(newest) ? newest : nil)
    }

    /// The entry that looks most likely to be the next victim, `nil` if there is no guess.
    var likelyVictim: UInt32? { candidates.count > 0 ? candidates[candidates.count - 1] : nil }

    /// Asks the processor for what the eviction of an entry will touch.
    func prefetchEviction(of index: UInt32) { ghosts.prefetch(fragment: word(index).fragment) }

    /// Asks the processor for the slots that the next draw will look at.
    private func prefetchNextDraw() {
        let first = firstSlot(drawnBy: nextRandom)
        for slot in stride(from: first, to: first + Self.drawnSlots, by: 8) { strata_prefetch(words + slot) }
        strata_prefetch(weights + first)
        strata_prefetch(weights + first + 16)
    }

    /// What an entry is worth per unit of weight.
    @inline(__always)
    func worth(_ index: UInt32) -> Float {
        let weight = weights[Int(index)]
        let worth = model.worth(of: word(index), at: now)
        return weight <= 1 ? worth : worth / Float(weight)
    }

    /// Drops the candidates that are gone and works out anew what the others are worth.
    private mutating func refreshCandidates() {
        var kept = EvictionCandidates()
        for place in 0..<candidates.count {
            let index = candidates[place]
            guard isInUse(index), index != newest else { continue }
            kept.offer(index, worth: worth(index))
        }
        candidates = kept
    }

    /// Puts those of some slots among the candidates that are in use and worth little.
    private mutating func offer(slots: Range<Int>) {
        let newest = newest
        var kept = candidates
        for slot in slots {
            let index = UInt32(truncatingIfNeeded: slot)
            guard weights[slot] & Self.freeBit == 0, index != newest else { continue }
            kept.offer(index, worth: worth(index))
        }
        candidates = kept
    }

    /// The first slot of a random stretch.
    private mutating func draw() -> Int {
        random = nextRandom
        return firstSlot(drawnBy: random)
    }

    /// Knuth's linear congruential generator; only the high bits are used.
    private var nextRandom: UInt64 { random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407 }

    private func firstSlot(drawnBy random: UInt64) -> Int {
        let stretches = UInt64((usedSlots + Self.drawnSlots - 1) / Self.drawnSlots)
        return Int(((random >> 32) &* stretches) >> 32) * Self.drawnSlots
    }
}

extension CachePolicy {
    /// What is wrong with the policy's state; nothing if all is well.
    ///
    /// - Complexity: O(number of slots).
    package func checkInvariants() -> [String] {
        var problems: [String] = []
        var inUse = 0
        var weight: UInt64 = 0
        for index in 0..<usedSlots where weights[index] & Self.freeBit == 0 {
            inUse += 1
            weight += UInt64(weights[index])
        }
        if inUse != count { problems.append("I2: \(inUse) slots in use, count is \(count)") }
        if weight != totalWeight { problems.append("I2: entries weigh \(weight), totalWeight is \(totalWeight)") }
        let free = freeSlots()
        if Set(free).count != usedSlots - inUse { problems.append("I1: \(free.count) free of \(usedSlots - inUse)") }
        for index in free where isInUse(index) || Int(index) >= usedSlots { problems.append("I1: slot \(index)") }
        return problems
    }
}
