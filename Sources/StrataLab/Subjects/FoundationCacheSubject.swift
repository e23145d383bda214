import Foundation
import Synchronization

/// Foundation's cache, without a limit: keys and values are boxed, as it wants objects.
package final class FoundationCacheSubject<Key: SubjectKey, Value: SubjectValue>: MapSubject, @unchecked Sendable {
    // Sendable because NSCache may be used from any thread.

    /// What it is called in reports.
    package static var title: String { "NSCache" }
    private let cache = NSCache<KeyBox, ValueBox>()
    private let lock = Mutex(())

    private final class KeyBox: NSObject {
        let key: Key
        init(_ key: Key) { self.key = key }
        override var hash: Int { key.hashValue }
        override func isEqual(_ other: Any?) -> Bool { (other as? KeyBox)?.key == key }
    }

    private final class ValueBox {
        let value: Value
        init(_ value: Value) { self.value = value }
    }

    /// Makes an empty cache.
    package init() {}
    /// The value of a key.
    @inline(__always)
    package func value(forKey key: Key) -> Value? { cache.object(forKey: KeyBox(key))?.value }
    /// Gives a key a value.
    @inline(__always)
    package func setValue(_ value: Value, forKey key: Key) { cache.setObject(ValueBox(value), forKey: KeyBox(key)) }
    /// Takes a key out.
    @inline(__always)
    package func removeValue(forKey key: Key) { cache.removeObject(forKey: KeyBox(key)) }
    /// Replaces the value of a key by one made from it; the cache has no such operation, so a lock makes it one.
    package func modifyValue(forKey key: Key, _ change: (Value?) -> Value) {
        lock.withLock { _ in setValue(change(value(forKey: key)), forKey: key) }
    }
}
