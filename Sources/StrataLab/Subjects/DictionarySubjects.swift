import Glibc
import Synchronization

/// A dictionary behind one lock of the standard library: what one writes first.
package final class MutexDictionarySubject<Key: SubjectKey, Value: SubjectValue>: MapSubject {
    /// What it is called in reports.
    package static var title: String { "Dictionary + Mutex" }
    private let map = Mutex<[Key: Value]>([:])

    /// Makes an empty map.
    package init() {}
    /// The value of a key.
    @inline(__always)
    package func value(forKey key: Key) -> Value? { map.withLock { $0[key] } }
    /// Gives a key a value.
    @inline(__always)
    package func setValue(_ value: Value, forKey key: Key) { map.withLock { $0[key] = value } }
    /// Takes a key out.
    @inline(__always)
    package func removeValue(forKey key: Key) { map.withLock { _ = $0.removeValue(forKey: key) } }
    /// Replaces the value of a key by one made from it.
    @inline(__always)
    package func modifyValue(forKey key: Key, _ change: (Value?) -> Value) {
        map.withLock { $0[key] = change($0[key]) }
    }
}

/// 32 dictionaries behind a lock each: what one writes next.
package final class ShardedDictionarySubject<Key: SubjectKey, Value: SubjectValue>: MapSubject {
    /// What it is called in reports.
    package static var title: String { "32 × Dictionary + Mutex" }
    private let shards: [Shard]

    /// One dictionary, with room so that no two locks share a cache line.
    private final class Shard: Sendable {
        let before = InlineArray<16, UInt64>(repeating: 0)
        let map = Mutex<[Key: Value]>([:])
        let behind = InlineArray<16, UInt64>(repeating: 0)
    }

    /// Makes an empty map.
    package init() { shards = (0..<32).map { _ in Shard() } }
    @inline(__always)
    private func shard(_ key: Key) -> Shard { shards[key.shardBits & 31] }
    /// The value of a key.
    @inline(__always)
    package func value(forKey key: Key) -> Value? { shard(key).map.withLock { $0[key] } }
    /// Gives a key a value.
    @inline(__always)
    package func setValue(_ value: Value, forKey key: Key) { shard(key).map.withLock { $0[key] = value } }
    /// Takes a key out.
    @inline(__always)
    package func removeValue(forKey key: Key) { shard(key).map.withLock { _ = $0.removeValue(forKey: key) } }
    /// Replaces the value of a key by one made from it.
    @inline(__always)
    package func modifyValue(forKey key: Key, _ change: (Value?) -> Value) {
        shard(key).map.withLock { $0[key] = change($0[key]) }
    }
}

/// A dictionary behind the system's read-write lock: readers share it, and all of them write the lock's counter.
package final class ReadWriteLockDictionarySubject<Key: SubjectKey, Value: SubjectValue>: MapSubject,
    @unchecked Sendable
{
    // Sendable because the dictionary is read only under the lock and written only under the lock taken for writing.

    /// What it is called in reports.
    package static var title: String { "Dictionary + RW lock" }
    private let lock: UnsafeMutablePointer<pthread_rwlock_t>
    private let map: UnsafeMutablePointer<[Key: Value]>

    /// Makes an empty map.
    package init() {
        lock = .allocate(capacity: 1)
        lock.initialize(to: pthread_rwlock_t())
        pthread_rwlock_init(lock, nil)
        map = .allocate(capacity: 1)
        map.initialize(to: [:])
    }

    deinit {
        pthread_rwlock_destroy(lock)
        lock.deallocate()
        map.deinitialize(count: 1)
        map.deallocate()
    }

    /// The value of a key.
    @inline(__always)
    package func value(forKey key: Key) -> Value? {
        pthread_rwlock_rdlock(lock)
        defer { pthread_rwlock_unlock(lock) }
        return map.pointee[key]
    }
    /// Gives a key a value.
    @inline(__always)
    package func setValue(_ value: Value, forKey key: Key) {
        pthread_rwlock_wrlock(lock)
        defer { pthread_rwlock_unlock(lock) }
        map.pointee[key] = value
    }
    /// Takes a key out.
    @inline(__always)
    package func removeValue(forKey key: Key) {
        pthread_rwlock_wrlock(lock)
        defer { pthread_rwlock_unlock(lock) }
        map.pointee.removeValue(forKey: key)
    }
    /// Replaces the value of a key by one made from it.
    @inline(__always)
    package func modifyValue(forKey key: Key, _ change: (Value?) -> Value) {
        pthread_rwlock_wrlock(lock)
        defer { pthread_rwlock_unlock(lock) }
        map.pointee[key] = change(map.pointee[key])
    }
}
