package import Strata

/// The map of this package.
package final class StrataMapSubject<Key: SubjectKey, Value: SubjectValue>: MapSubject {
    /// What it is called in reports.
    package static var title: String { "ConcurrentMap" }
    private let map = ConcurrentMap<Key, Value>()

    /// Makes an empty map.
    package init() {}
    /// The value of a key.
    @inline(__always)
    package func value(forKey key: Key) -> Value? { map[key] }
    /// Gives a key a value.
    @inline(__always)
    package func setValue(_ value: Value, forKey key: Key) { map.updateValue(value, forKey: key) }
    /// Takes a key out.
    @inline(__always)
    package func removeValue(forKey key: Key) { map.removeValue(forKey: key) }
    /// Replaces the value of a key by one made from it.
    @inline(__always)
    package func modifyValue(forKey key: Key, _ change: (Value?) -> Value) { map.update(key) { $0 = change($0) } }
    /// The values of many keys, with their cache misses overlapped.
    @inline(__always)
    package func values(forKeys keys: ArraySlice<Key>) -> [Value?] { map.values(forKeys: keys) }
    /// There is a way of its own.
    package static var hasBulkReads: Bool { true }
    /// As the map counts.
    package var maximumSlotsMoved: Int? { map.statistics.maximumSlotsMoved }
    /// As the map counts.
    package var byteCount: Int? { map.statistics.byteCount }
    /// What the map knows of itself.
    package var statistics: MapStatistics { map.statistics }
}
