import CStrata

/// Follows a sample of the keys, resident or not, and teaches the model when keys are asked for again.
///
/// Keys are picked by their hash, so all requests of a key are seen or none (spatial sampling: Waldspurger et al., "SHARDS",
/// FAST 2015). The share is chosen so that what the horizon holds fits the slots; small caches follow every key.
///
/// A set of four slots is one cache line. The slots are also walked through, a few per insertion, to count how long keys
/// wait that aren't asked for: without it the model would learn only from those that come back.
struct ReuseMonitor: ~Copyable {
    /// One followed key; free while `key` is 0.
    struct Slot {
        /// Bits of the hash.
        var key: UInt32 = 0
        /// When it was last asked for.
        var tick: UInt32 = 0
        /// Up to when its waiting is counted.
        var counted: UInt32 = 0
        /// As in ``ReuseWord``.
        var requests: UInt16 = 0
        /// As in ``ReuseWord``.
        var octave: UInt16 = 0
    }

    /// How many slots a set has.
    private static let ways = 4
    /// How many keys are followed at most.
    ///
    /// Sixteen bytes each.
    private static let maximumSlotCount = 8192
    /// How often all slots are walked through while as many entries are inserted as the cache holds.
    private static let walksPerScale = 4
    /// How many slots are walked through per insertion at most.
    private static let maximumWalk = 16

    private let slotCount: Int
    private let slots: UnsafeMutablePointer<Slot>
    /// Keys with all of these hash bits clear are followed.
    let sampleMask: UInt64
    /// How many slots are walked through per 16 insertions.
    private let walkSpeed: Int
    private var walkDebt = 0
    private var hand = 0

    /// Makes a monitor for a cache of so many entries.
    init(scale: UInt32, horizon: UInt32) {
        // What the horizon holds and half as much again, as some sets fill before others.
        let wanted = Int(horizon) + Int(horizon) / 2
        var count = 64
        while count < wanted, count < Self.maximumSlotCount { count *= 2 }
        var rate = 0
        while (wanted >> rate) > count { rate += 1 }
        slotCount = count
        slots = .allocate(capacity: count)
        slots.initialize(repeating: Slot(), count: count)
        sampleMask = ((1 << UInt64(rate)) - 1) << 32
        walkSpeed = min(max(count * 16 * Self.walksPerScale / max(Int(scale), 1), 1), 16 * Self.maximumWalk)
    }

    deinit { slots.deallocate() }

    /// Notes a request of a followed key.
    mutating func request(hash: UInt64, at now: UInt32, model: inout ReuseModel) {
        let key = UInt32(truncatingIfNeeded: hash) | 1
        let place = Int(truncatingIfNeeded: ((hash >> 40) &* 0x9E37_79B1) >> 8) & (slotCount - 1) & ~(Self.ways - 1)
        let set = slots + place
        var chosen = 0
        var oldest: UInt32 = 0
        for way in 0..<Self.ways {
            if set[way].key == key {
                again(set + way, at: now, model: &model)
                return
            }
            let age = set[way].key == 0 ? .max : now &- set[way].tick
            if age >= oldest {
                oldest = age
                chosen = way
            }
        }
        if set[chosen].key != 0 { countWaiting(set + chosen, at: now, model: &model) }
        set[chosen] = Slot(key: key, tick: now, counted: now, requests: 1, octave: 0)
    }

    private func again(_ slot: UnsafeMutablePointer<Slot>, at now: UInt32, model: inout ReuseModel) {
        let age = now &- slot.pointee.tick
        guard age <= model.horizon else {
            countWaiting(slot, at: now, model: &model)
            slot.pointee = Slot(key: slot.pointee.key, tick: now, counted: now, requests: 1, octave: 0)
            return
        }
        let number = model.classNumber(
            requests: UInt32(slot.pointee.requests), octave: UInt32(slot.pointee.octave))
        model.expose(
            class: number, from: Float(slot.pointee.counted &- slot.pointee.tick), to: Float(age) + 0.5)
        model.countRequest(class: number, age: age)
        slot.pointee.requests = min(slot.pointee.requests + 1, 15)
        slot.pointee.octave = UInt16(ReuseAge.octave(age))
        slot.pointee.tick = now
        slot.pointee.counted = now
    }

    /// Counts how long a key has waited since that was last counted.
    private func countWaiting(_ slot: UnsafeMutablePointer<Slot>, at now: UInt32, model: inout ReuseModel) {
        let number = model.classNumber(
            requests: UInt32(slot.pointee.requests), octave: UInt32(slot.pointee.octave))
        let start = slot.pointee.tick
        model.expose(
            class: number, from: Float(slot.pointee.counted &- start), to: Float(min(now &- start, model.horizon)))
        slot.pointee.counted = now
    }

    /// Walks through the next few slots.
    ///
    /// Called once per insertion.
    mutating func walk(at now: UInt32, model: inout ReuseModel) {
        walkDebt += walkSpeed
        while walkDebt >= 16 {
            walkDebt -= 16
            let slot = slots + hand
            hand = (hand + 1) & (slotCount - 1)
            guard slot.pointee.key != 0 else { continue }
            countWaiting(slot, at: now, model: &model)
            if now &- slot.pointee.tick > model.horizon { slot.pointee.key = 0 }
        }
        strata_prefetch(slots + hand)
        strata_prefetch(slots + (hand + 2 & (slotCount - 1)))
    }
}
