/// A queue of keys from which any key can be taken out: a doubly linked list through arrays indexed by key.
struct KeyQueue {
    /// How many keys are in it.
    private(set) var count = 0
    private var older: [Int32]
    private var newer: [Int32]
    /// The key that came in first, -1 without keys.
    private(set) var oldest: Int = -1
    /// The key that came in last, -1 without keys.
    private(set) var newest: Int = -1

    init(keyCount: Int) {
        older = [Int32](repeating: -1, count: keyCount)
        newer = [Int32](repeating: -1, count: keyCount)
    }

    /// The key that came in just after another, -1 after the last.
    func keyAfter(_ key: Int) -> Int { Int(newer[key]) }

    /// Puts a key at the newest end.
    ///
    /// It must not be in the queue.
    mutating func append(_ key: Int) {
        older[key] = Int32(newest)
        newer[key] = -1
        if newest >= 0 { newer[newest] = Int32(key) } else { oldest = key }
        newest = key
        count += 1
    }

    /// Takes out a key that is in the queue.
    mutating func remove(_ key: Int) {
        let before = Int(older[key])
        let after = Int(newer[key])
        if before >= 0 { newer[before] = Int32(after) } else { oldest = after }
        if after >= 0 { older[after] = Int32(before) } else { newest = before }
        count -= 1
    }

    /// Takes out the oldest key of a queue that isn't empty.
    mutating func removeOldest() -> Int {
        let key = oldest
        remove(key)
        return key
    }
}
