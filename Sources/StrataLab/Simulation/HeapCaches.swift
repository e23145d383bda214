/// LFU of those present: counts start anew when a key comes back; of equals the one hit longest ago goes.
struct FrequencyCache: SimulatedCache {
    private let capacity: Int
    private var present: [Bool]
    private var rank: [UInt64]
    private var heap = RankHeap()
    private var count = 0
    private var time: UInt64 = 0

    init(capacity: Int, keyCount: Int) {
        self.capacity = capacity
        present = [Bool](repeating: false, count: keyCount)
        rank = [UInt64](repeating: 0, count: keyCount)
    }

    mutating func request(_ key: Int) -> Bool {
        time += 1
        let hit = present[key]
        if !hit, count == capacity {
            // Ranks are put in anew when they change: what no longer holds is passed over.
            while let least = heap.removeLeast() {
                guard present[least.key], rank[least.key] == least.rank else { continue }
                present[least.key] = false
                count -= 1
                break
            }
        }
        if !hit { count += 1 }
        present[key] = true
        rank[key] = ((hit ? rank[key] >> 40 : 0) + 1) << 40 | time
        heap.insert(key: key, rank: rank[key])
        return hit
    }
}

/// Belady's optimum: of all present and the new one, that goes which is asked for latest.
struct OptimalCache: SimulatedCache {
    private let capacity: Int
    /// The number of the next request of the same key, for each request.
    private let next: [Int]
    private var request = 0
    private var rank: [UInt64]
    private var present: [Bool]
    private var count = 0
    private var heap = RankHeap()

    init(capacity: Int, keys: [Int], keyCount: Int) {
        self.capacity = capacity
        var latest = [Int](repeating: keys.count, count: keyCount)
        var next = [Int](repeating: 0, count: keys.count)
        for number in stride(from: keys.count - 1, through: 0, by: -1) {
            next[number] = latest[keys[number]]
            latest[keys[number]] = number
        }
        self.next = next
        rank = [UInt64](repeating: 0, count: keyCount)
        present = [Bool](repeating: false, count: keyCount)
    }

    mutating func request(_ key: Int) -> Bool {
        let hit = present[key]
        present[key] = true
        rank[key] = UInt64(next.count - next[request])
        heap.insert(key: key, rank: rank[key])
        request += 1
        if !hit { count += 1 }
        while count > capacity, let least = heap.removeLeast() {
            guard present[least.key], rank[least.key] == least.rank else { continue }
            present[least.key] = false
            count -= 1
        }
        return hit
    }
}

/// A binary heap of keys by rank, the least first.
private struct RankHeap {
    private var items: [(key: Int, rank: UInt64)] = []

    mutating func insert(key: Int, rank: UInt64) {
        items.append((key, rank))
        var place = items.count - 1
        while place > 0, items[(place - 1) / 2].rank > items[place].rank {
            items.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    mutating func removeLeast() -> (key: Int, rank: UInt64)? {
        guard let least = items.first else { return nil }
        let last = items.removeLast()
        guard !items.isEmpty else { return least }
        items[0] = last
        var place = 0
        while true {
            var child = 2 * place + 1
            guard child < items.count else { return least }
            if child + 1 < items.count, items[child + 1].rank < items[child].rank { child += 1 }
            guard items[child].rank < items[place].rank else { return least }
            items.swapAt(place, child)
            place = child
        }
    }
}
