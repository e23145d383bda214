import CStrata

extension CachePolicy {
    /// How many adjacent slots a draw looks at: eight lines of words.
    private static let drawnSlots = 64
    /// How many entries are evicted per draw.
    private static let evictionsPerDraw = 2
    /// How many draws may find nothing but free slots that late hits have made look like entries.
    private static let drawLimit = 8

    /// The entry to evict next.
    ///
    /// - Returns: An entry, `nil` without any. The one inserted last only if there is no other.
    package mutating func victim() -> UInt32? {
        guard count > 0 else { return nil }
        if adaptToCount() { evictionsBeforeDraw = 0 }
        if isInUse(secondNewest), secondNewest != newest {
            candidates.offer(secondNewest, worth: worth(secondNewest))
        }
        if evictionsBeforeDraw > 0, let index = takeLeast() { return index }
        // The first time, or after all candidates have left: else they were drawn when the last victim had gone.
        for _ in 0..<Self.drawLimit {
            drawCandidates()
            guard candidates.count > 0 else { break }
            if let index = takeLeast() { return index }
        }
        return isInUse(newest) ? newest : anyEntry
    }

    /// The entry that looks most likely to be the next victim, `nil` if there is no guess.
    var likelyVictim: UInt32? { candidates.first }

    /// Asks the processor for what the eviction of an entry will touch.
    @inline(__always)
    func prefetchEviction(of index: UInt32) {
        strata_prefetch(weights + Int(index))
        ghosts.prefetch(fragment: word(index).fragment)
    }

    /// Draws new candidates for the evictions to come, every few evictions.
    mutating func prepareEviction() {
        evictionsBeforeDraw -= 1
        if evictionsBeforeDraw <= 0 {
            drawCandidates()
        } else if evictionsBeforeDraw == 1 {
            prefetchNextDraw()
        }
    }

    /// What an entry is worth per unit of weight.
    func worth(_ index: UInt32) -> Float { rating.worth(index) }

    /// Takes the candidate worth least, as far as that is still so.
    private mutating func takeLeast() -> UInt32? {
        // Each is looked at once more at most: one that is put back has its present worth.
        for _ in 0..<2 * EvictionCandidates.limit {
            guard let index = candidates.takeLeast() else { return nil }
            guard isInUse(index) else {
                // A late hit has made it look like an entry.
                recorder.word(index).storeRelaxed(ReuseWord.free.bits)
                continue
            }
            guard index != newest else { continue }
            let worth = worth(index)
            if worth <= candidates.leastWorth { return index }
            candidates.offer(index, worth: worth)
        }
        return nil
    }

    /// The first entry in the order of slots, for when luck is out.
    private var anyEntry: UInt32? { (0..<UInt32(usedSlots)).first { isInUse($0) } }

    /// Looks at the next few slots, and again at what is left of the former ones.
    private mutating func drawCandidates() {
        evictionsBeforeDraw = Self.evictionsPerDraw
        refreshCandidates()
        var first = draw()
        var looked = 0
        repeat {
            let end = min(first + Self.drawnSlots, usedSlots)
            rate(slots: first..<end)
            // One draw finds something unless most slots are free.
            looked += Self.drawnSlots
            first = end == usedSlots ? 0 : end
        } while candidates.count == 0 && looked < usedSlots + Self.drawnSlots
    }

    /// Drops the candidates that are gone and works out anew what the others are worth.
    private mutating func refreshCandidates() {
        let rating = rating
        let newest = newest
        candidates.refresh { index in
            let worth = rating.worth(index)
            return worth == .infinity || index == newest ? nil : worth
        }
    }

    /// Puts those of some slots among the candidates that are worth little.
    ///
    /// The word of a free slot says that it is one: nothing is worth as much. If a late hit has changed it, `takeLeast` notices.
    private mutating func rate(slots: Range<Int>) {
        let rating = rating
        let newest = newest
        var ceiling = candidates.ceiling
        for slot in slots {
            let index = UInt32(truncatingIfNeeded: slot)
            let worth = rating.worth(index)
            if worth < ceiling, index != newest {
                candidates.offer(index, worth: worth)
                ceiling = candidates.ceiling
            }
        }
    }

    private var rating: SlotRating {
        SlotRating(words: words, weights: weights, table: model.table, now: now, isWeighted: isWeighted)
    }

    @inline(never)
    private mutating func offer(_ index: UInt32) {
        guard isInUse(index), index != newest else { return }
        candidates.offer(index, worth: worth(index))
    }

    /// The first slot of a random stretch.
    private mutating func draw() -> Int {
        random = nextRandom
        return firstSlot(drawnBy: random)
    }

    /// Asks the processor for the slots that the next draw will look at.
    private func prefetchNextDraw() {
        let first = firstSlot(drawnBy: nextRandom)
        for slot in stride(from: first, to: first + Self.drawnSlots, by: 8) { strata_prefetch(words + slot) }
        guard isWeighted else { return }
        for slot in stride(from: first, to: first + Self.drawnSlots, by: 16) { strata_prefetch(weights + slot) }
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

/// Rates entries; copies of what doesn't change meanwhile, which the compiler can't see by itself.
private struct SlotRating {
    let words: UnsafeMutablePointer<UInt64>
    let weights: UnsafeMutablePointer<UInt32>
    let table: ReuseModel.Table
    let now: UInt32
    let isWeighted: Bool

    /// What an entry is worth per unit of weight.
    @inline(__always)
    func worth(_ index: UInt32) -> Float {
        // relaxed: a hit may change it at any time.
        let word = ReuseWord(bits: AtomicWord(words + Int(index)).loadRelaxed())
        let worth = table.worth(of: word, at: now)
        return isWeighted ? worth / Float(max(weights[Int(index)] & ~CachePolicy.freeBit, 1)) : worth
    }
}
