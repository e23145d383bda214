/// ARC: keys asked for once and more often in two LRU lists, whose share follows the hits in what either lost.
struct AdaptiveReplacementCache: SimulatedCache {
    private enum Place { case nowhere, recent, frequent, lostRecent, lostFrequent }
    private let capacity: Int
    private var target = 0
    private var recent: KeyQueue
    private var frequent: KeyQueue
    private var lostRecent: KeyQueue
    private var lostFrequent: KeyQueue
    private var place: [Place]

    init(capacity: Int, keyCount: Int) {
        self.capacity = capacity
        recent = KeyQueue(keyCount: keyCount)
        frequent = recent
        lostRecent = recent
        lostFrequent = recent
        place = [Place](repeating: .nowhere, count: keyCount)
    }

    mutating func request(_ key: Int) -> Bool {
        let from = place[key]
        switch from {
        case .recent: recent.remove(key)
        case .frequent: frequent.remove(key)
        case .lostRecent:
            target = min(capacity, target + max(1, lostFrequent.count / max(1, lostRecent.count)))
            replace(isLostFrequent: false)
            lostRecent.remove(key)
        case .lostFrequent:
            target = max(0, target - max(1, lostRecent.count / max(1, lostFrequent.count)))
            replace(isLostFrequent: true)
            lostFrequent.remove(key)
        case .nowhere:
            makeRoom()
            recent.append(key)
            place[key] = .recent
            return false
        }
        frequent.append(key)
        place[key] = .frequent
        return from == .recent || from == .frequent
    }

    private mutating func makeRoom() {
        if recent.count + lostRecent.count == capacity {
            if recent.count < capacity {
                place[lostRecent.removeOldest()] = .nowhere
                replace(isLostFrequent: false)
            } else {
                place[recent.removeOldest()] = .nowhere
            }
        } else if recent.count + frequent.count + lostRecent.count + lostFrequent.count >= capacity {
            if recent.count + frequent.count + lostRecent.count + lostFrequent.count == 2 * capacity {
                place[lostFrequent.removeOldest()] = .nowhere
            }
            replace(isLostFrequent: false)
        }
    }

    private mutating func replace(isLostFrequent: Bool) {
        guard recent.count + frequent.count >= capacity else { return }
        if recent.count > 0, recent.count > target || (isLostFrequent && recent.count == target) || frequent.count == 0
        {
            let key = recent.removeOldest()
            place[key] = .lostRecent
            lostRecent.append(key)
        } else {
            let key = frequent.removeOldest()
            place[key] = .lostFrequent
            lostFrequent.append(key)
        }
    }
}
