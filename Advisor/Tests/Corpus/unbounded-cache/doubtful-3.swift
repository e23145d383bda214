// What the keys are, its users know.
final class KeyedCache<Key: Hashable & Sendable, Value> {
    private let cached = LockedValue<[Key: Value]>([:]) // expect: unbounded-cache

    func value(_ key: Key) -> Value {
        cached.withLock { table in
            if let value = table[key] { return value }
            let value = make(key)
            table[key] = value
            return value
        }
    }
}
