/// Decides which entries of one shard of a cache go when room is needed.
///
/// **Problem.** No fixed rule is good everywhere: recency loses on loops and scans, frequency on drifts, and each by tens
/// of points. A hit, though, may cost no more than one store.
///
/// **How.** Every entry has one word: when it was last asked for, how often, and after which gap. A ``ReuseModel``, taught
/// by a ``ReuseMonitor`` from a sample of all keys, says what an entry with such a word is worth at its age. To evict, some
/// entries are drawn, and of these and the worst left over from earlier draws the one worth least goes (per unit of weight).
/// Its word stays behind in a ``GhostTable``, so that a key that returns isn't taken for a new one. There are no queues:
/// a change of what is worth keeping holds at once for all entries, and any entry can be removed at any time.
///
/// **Time** is counted in insertions.
///
/// **Use.** `insert` → while `isOverBudget`: `victim`, take it out of the table, `evict`. Whatever else leaves the table
/// leaves by `remove`. Hits go through `recorder`. All but the recorder needs the shard's lock.
///
/// **Bounds.** An insertion looks at 16 slots of the monitor, one set of ghosts and one class of the model at most; an
/// eviction looks at half of 64 adjacent slots (eight lines) and of 16 others, more only where most slots are free. Nothing is
/// allocated except when the number of entries has changed by more than a factor of two.
///
/// **Invariants** (kept by the holder of the shard's lock)
/// - I1: a slot below `usedSlots` is in use, with its weight in `weights`, or on the free list, with `freeBit` set and the
///   next free slot in the other bits.
/// - I2: `count` is the number of slots in use and `totalWeight` the sum of their weights.
/// - I3: nothing but the words and the log is ever read or written without the lock.
///
/// Sampled eviction by a learned rank follows Beckmann, Chen and Cidon, "LHD" (NSDI 2018); the left-over candidates are
/// those of Redis' approximated LRU.
package struct CachePolicy: ~Copyable {
    /// What entries are worth.
    var model: ReuseModel
    /// What teaches the model.
    var monitor: ReuseMonitor
    /// What is remembered of evicted entries.
    var ghosts: GhostTable
    /// The words of the slots.
    ///
    /// Those from `usedSlots` on are uninitialised.
    var words: UnsafeMutablePointer<UInt64>
    /// The weights of the slots, see I1.
    ///
    /// Those from `usedSlots` on are uninitialised.
    var weights: UnsafeMutablePointer<UInt32>
    /// What ``HitRecorder`` calls the header.
    let header: UnsafeMutablePointer<UInt64>
    /// The worst entries of earlier draws.
    var candidates = EvictionCandidates()

    /// How many slots there are.
    package private(set) var slotCapacity: Int
    /// How many slots were ever in use.
    private(set) var usedSlots = 0
    private var firstFree = noSlot
    /// How many entries there are.
    package private(set) var count = 0
    /// What they weigh together.
    package private(set) var totalWeight: UInt64 = 0
    /// What they may weigh together.
    package private(set) var maximumWeight: UInt64

    /// The number of insertions.
    private(set) var now: UInt32 = 1
    /// The entry inserted last, which isn't evicted for its own sake.
    private(set) var newest = noSlot
    /// The one before, which is always looked at: among keys seen once the latest are often the worst.
    private(set) var secondNewest = noSlot
    /// State of the generator of draws.
    var random: UInt64
    /// How many evictions the candidates are good for.
    var evictionsBeforeDraw = 0
    /// Whether any entry ever weighed more than 1.
    private(set) var isWeighted = false
    private var stepDebt = 0
    private var stepInterval = 0

    /// Set in the weight of a free slot.
    static let freeBit: UInt32 = 1 << 31
    /// No slot at all.
    static let noSlot = UInt32.max
    /// The heaviest an entry can be.
    package static let maximumEntryWeight = UInt32(Int32.max - 1)
    /// How often per capacity the worth of each class is worked out anew, at most one class in four insertions.
    private static let roundsPerScale = 4

    /// Makes a policy without entries.
    ///
    /// - Parameters:
    ///   - maximumWeight: What the entries may weigh together; their number if each weighs 1.
    ///   - expectedCount: About how many entries that is. A wrong guess is corrected when the cache is full.
    ///   - slotCapacity: How many entries there can be before ``grow()`` is needed. Memory that isn't reached isn't touched.
    ///   - seed: Of the draws. The same seed and calls give the same victims.
    package init(maximumWeight: UInt64, expectedCount: Int, slotCapacity: Int? = nil, seed: UInt64 = 1) {
        let scale = UInt32(clamping: max(expectedCount, 1))
        model = ReuseModel(scale: scale)
        monitor = ReuseMonitor(scale: scale, horizon: model.horizon)
        ghosts = GhostTable(scale: scale, horizon: model.horizon)
        self.slotCapacity = max(slotCapacity ?? expectedCount + 1, 2)
        words = Self.allocate(self.slotCapacity)
        weights = Self.allocate(self.slotCapacity)
        let headerCount = HitRecorder.ringPlace + HitRecorder.ringCount
        header = UnsafeMutableRawPointer.allocate(byteCount: headerCount * 8, alignment: 64)
            .assumingMemoryBound(to: UInt64.self)
        header.initialize(repeating: 0, count: headerCount)
        header[HitRecorder.clockPlace] = UInt64(now)
        self.maximumWeight = maximumWeight
        random = seed
        stepInterval = Self.stepInterval(scale: scale)
    }

    deinit {
        words.deallocate()
        weights.deallocate()
        header.deallocate()
    }

    /// Records hits without the lock.
    ///
    /// Changes when the policy grows or adapts to another number of entries.
    package var recorder: HitRecorder {
        HitRecorder(words: words, header: header, sampleMask: monitor.sampleMask)
    }

    /// Whether entries have to go.
    package var isOverBudget: Bool { totalWeight > maximumWeight }

    /// Whether ``grow()`` has to be called before the next insertion.
    package var needsGrowth: Bool { firstFree == Self.noSlot && usedSlots == slotCapacity }

    /// Whether a slot holds an entry.
    func isInUse(_ index: UInt32) -> Bool {
        Int(index) < usedSlots && weights[Int(index)] & Self.freeBit == 0
    }

    /// What the entry in a slot weighs.
    func weight(_ index: UInt32) -> UInt32 { weights[Int(index)] }

    /// The word of a slot.
    func word(_ index: UInt32) -> ReuseWord { ReuseWord(bits: recorder.word(index).loadRelaxed()) }

    /// Memory that begins with a line.
    private static func allocate<Element>(_ count: Int) -> UnsafeMutablePointer<Element> {
        UnsafeMutableRawPointer.allocate(byteCount: count * MemoryLayout<Element>.stride, alignment: 64)
            .bindMemory(to: Element.self, capacity: count)
    }

    private static func stepInterval(scale: UInt32) -> Int {
        max(4, Int(scale) / roundsPerScale / ReuseModel.classCount)
    }
}

// MARK: - Entries
extension CachePolicy {
    /// Takes in a new entry.
    ///
    /// - Parameters:
    ///   - hash: Of its key, well mixed in all bits, always the same for the same key.
    ///   - weight: Its cost towards the bound, at most ``maximumEntryWeight``.
    /// - Returns: Its slot, below ``slotCapacity``, for as long as it stays.
    package mutating func insert(hash: UInt64, weight: UInt32 = 1) -> UInt32 {
        precondition(!needsGrowth && weight <= Self.maximumEntryWeight)
        let fragment = ReuseWord.fragment(of: hash)
        ghosts.prefetch(fragment: fragment)
        readLog()
        now &+= 1
        recorder.headerWord(HitRecorder.clockPlace).storeRelaxed(UInt64(now))
        if hash & monitor.sampleMask == 0 { monitor.request(hash: hash, at: now, model: &model) }
        monitor.walk(at: now, model: &model)
        stepDebt += 1
        if stepDebt >= stepInterval {
            stepDebt = 0
            model.step(at: now)
        }
        var requests: UInt32 = 1
        var octave: UInt32 = 0
        if let ghost = ghosts.take(fragment: fragment, at: now) {
            requests = ghost.requests + 1
            octave = ReuseAge.octave(ghost.age)
        }
        let index = takeSlot()
        let word = ReuseWord(
            tick: now & ReuseWord.tickMask, requests: requests, octave: octave, fragment: fragment)
        recorder.word(index).storeRelaxed(word.bits)
        weights[Int(index)] = weight
        if weight > 1 { isWeighted = true }
        totalWeight += UInt64(weight)
        count += 1
        secondNewest = newest
        newest = index
        return index
    }

    /// Takes out an entry that ``victim()`` named and remembers it in case its key comes back.
    package mutating func evict(_ index: UInt32) {
        ghosts.insert(word(index), at: now)
        remove(index)
        prepareEviction()
    }

    /// Takes out any entry for any other reason.
    package mutating func remove(_ index: UInt32) {
        precondition(isInUse(index), "no entry in slot \(index)")
        totalWeight -= UInt64(weights[Int(index)])
        // The bits of `noSlot` without `freeBit` are no slot either: weights end below them.
        weights[Int(index)] = Self.freeBit | firstFree
        recorder.word(index).storeRelaxed(ReuseWord.free.bits)
        firstFree = index
        count -= 1
        if index == newest { newest = Self.noSlot }
    }

    /// Sees to it that an entry goes before all that are worth anything, when its deadline has passed, say.
    package mutating func markWorthless(_ index: UInt32) {
        precondition(isInUse(index), "no entry in slot \(index)")
        let old = word(index)
        let tick = (now &- 2 &* model.horizon &- 2) & ReuseWord.tickMask
        let word = ReuseWord(tick: tick, requests: 1, octave: 0, fragment: old.fragment)
        recorder.word(index).storeRelaxed(word.bits)
        candidates.offer(index, worth: 0)
    }

    /// Changes what an entry weighs.
    package mutating func setWeight(_ weight: UInt32, of index: UInt32) {
        precondition(isInUse(index) && weight <= Self.maximumEntryWeight)
        if weight > 1 { isWeighted = true }
        totalWeight = totalWeight - UInt64(weights[Int(index)]) + UInt64(weight)
        weights[Int(index)] = weight
    }

    /// Changes the bound.
    ///
    /// Entries that are too many go by ``victim()``, as many at a time as the caller likes.
    package mutating func setMaximumWeight(_ weight: UInt64) { maximumWeight = weight }

    /// All slots of the free list, for checking.
    func freeSlots() -> [UInt32] {
        var slots: [UInt32] = []
        var next = firstFree
        while next != Self.noSlot, slots.count <= usedSlots {
            slots.append(next)
            next = weights[Int(next)] & ~Self.freeBit
            if next == Self.noSlot & ~Self.freeBit { next = Self.noSlot }
        }
        return slots
    }

    private mutating func takeSlot() -> UInt32 {
        guard firstFree != Self.noSlot else {
            usedSlots += 1
            return UInt32(usedSlots - 1)
        }
        let index = firstFree
        let next = weights[Int(index)] & ~Self.freeBit
        firstFree = next == Self.noSlot & ~Self.freeBit ? Self.noSlot : next
        return index
    }

    /// Learns from the hits since the last insertion.
    ///
    /// They are of the present tick, as the clock has stood still.
    private mutating func readLog() {
        let cursor = recorder.headerWord(HitRecorder.cursorPlace)
        let logged = Int(truncatingIfNeeded: min(cursor.loadRelaxed(), UInt64(HitRecorder.ringCount)))
        guard logged > 0 else { return }
        cursor.storeRelaxed(0)
        for place in 0..<logged {
            let hash = recorder.headerWord(HitRecorder.ringPlace + place).loadRelaxed()
            monitor.request(hash: hash, at: now, model: &model)
        }
    }
}

// MARK: - Size
extension CachePolicy {
    /// Doubles the number of slots.
    ///
    /// - Returns: The former words, to be deallocated by the caller once no reader can hold the former ``recorder``.
    /// - Complexity: O(``slotCapacity``).
    package mutating func grow() -> UnsafeMutablePointer<UInt64> {
        let former = words
        let formerWeights = weights
        words = Self.allocate(slotCapacity * 2)
        weights = Self.allocate(slotCapacity * 2)
        for index in 0..<usedSlots {
            words[index] = AtomicWord(former + index).loadRelaxed()
            weights[index] = formerWeights[index]
        }
        formerWeights.deallocate()
        slotCapacity *= 2
        return former
    }

    /// Starts to learn anew if the full cache holds far more or fewer entries than it was laid out for.
    ///
    /// - Returns: Whether it does.
    mutating func adaptToCount() -> Bool {
        guard count > 2 * Int(model.scale) || count < Int(model.scale) / 4, count > 1 else { return false }
        let scale = UInt32(clamping: count)
        model = ReuseModel(scale: scale)
        monitor = ReuseMonitor(scale: scale, horizon: model.horizon)
        ghosts = GhostTable(scale: scale, horizon: model.horizon)
        stepInterval = Self.stepInterval(scale: scale)
        return true
    }
}
