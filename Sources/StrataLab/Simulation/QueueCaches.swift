/// LRU, and FIFO, which differs in that a hit moves nothing.
struct RecencyCache: SimulatedCache {
    private let capacity: Int
    private let movesOnHit: Bool
    private var queue: KeyQueue
    private var isPresent: [Bool]

    init(capacity: Int, movesOnHit: Bool, keyCount: Int) {
        self.capacity = capacity
        self.movesOnHit = movesOnHit
        queue = KeyQueue(keyCount: keyCount)
        isPresent = [Bool](repeating: false, count: keyCount)
    }

    mutating func request(_ key: Int) -> Bool {
        let hit = isPresent[key]
        if hit {
            guard movesOnHit else { return true }
            queue.remove(key)
        } else if queue.count == capacity {
            isPresent[queue.removeOldest()] = false
        }
        queue.append(key)
        isPresent[key] = true
        return hit
    }
}

/// SIEVE: a queue in which a hand passes over entries that were hit since it was last there.
struct SieveCache: SimulatedCache {
    private let capacity: Int
    private var queue: KeyQueue
    private var isPresent: [Bool]
    private var wasHit: [Bool]
    private var hand = -1

    init(capacity: Int, keyCount: Int) {
        self.capacity = capacity
        queue = KeyQueue(keyCount: keyCount)
        isPresent = [Bool](repeating: false, count: keyCount)
        wasHit = isPresent
    }

    mutating func request(_ key: Int) -> Bool {
        guard !isPresent[key] else {
            wasHit[key] = true
            return true
        }
        if queue.count == capacity {
            var victim = hand >= 0 ? hand : queue.oldest
            while wasHit[victim] {
                wasHit[victim] = false
                let next = queue.keyAfter(victim)
                victim = next >= 0 ? next : queue.oldest
            }
            hand = queue.keyAfter(victim)
            queue.remove(victim)
            isPresent[victim] = false
        }
        queue.append(key)
        isPresent[key] = true
        wasHit[key] = false
        return false
    }
}

/// S3-FIFO: a small queue that all new keys pass, a main one with second chances, and a queue of names.
struct S3FIFOCache: SimulatedCache {
    private enum Place { case nowhere, small, main, ghost }
    private let capacity: Int
    private let smallCapacity: Int
    private var small: KeyQueue
    private var main: KeyQueue
    private var ghosts: KeyQueue
    private var place: [Place]
    private var hits: [UInt8]

    init(capacity: Int, keyCount: Int) {
        self.capacity = capacity
        smallCapacity = max(1, capacity / 10)
        small = KeyQueue(keyCount: keyCount)
        main = small
        ghosts = small
        place = [Place](repeating: .nowhere, count: keyCount)
        hits = [UInt8](repeating: 0, count: keyCount)
    }

    mutating func request(_ key: Int) -> Bool {
        if place[key] == .small || place[key] == .main {
            hits[key] = min(hits[key] + 1, 3)
            return true
        }
        let isKnown = place[key] == .ghost
        if isKnown { ghosts.remove(key) }
        place[key] = .nowhere
        while small.count + main.count >= capacity { evict() }
        hits[key] = 0
        place[key] = isKnown ? .main : .small
        if isKnown { main.append(key) } else { small.append(key) }
        return false
    }

    private mutating func evict() {
        if small.count >= smallCapacity || main.count == 0 {
            let key = small.removeOldest()
            if hits[key] > 1 {
                hits[key] = 0
                place[key] = .main
                main.append(key)
            } else {
                place[key] = .ghost
                ghosts.append(key)
                if ghosts.count > capacity - smallCapacity { place[ghosts.removeOldest()] = .nowhere }
            }
        } else {
            let key = main.removeOldest()
            if hits[key] > 0 {
                hits[key] -= 1
                main.append(key)
            } else {
                place[key] = .nowhere
            }
        }
    }
}
