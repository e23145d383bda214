import Strata
import Synchronization

/// What is measured: a map that several threads use.
protocol Subject<Key, Value>: AnyObject, Sendable {
    associatedtype Key: Hashable & Sendable
    associatedtype Value: Sendable

    static var title: String { get }
    init()
    func get(_ key: Key) -> Value?
    func set(_ key: Key, _ value: Value)
}

/// The map of this package.
final class StrataSubject<Key: Hashable & Sendable, Value: Sendable>: Subject {
    static var title: String { "ConcurrentMap" }
    let map = ConcurrentMap<Key, Value>()

    @inline(__always) func get(_ key: Key) -> Value? { map[key] }
    @inline(__always) func set(_ key: Key, _ value: Value) { map.updateValue(value, forKey: key) }
}

/// What one writes without it.
final class MutexSubject<Key: Hashable & Sendable, Value: Sendable>: Subject {
    static var title: String { "Dictionary + Mutex" }
    private let map = Mutex<[Key: Value]>([:])

    @inline(__always) func get(_ key: Key) -> Value? { map.withLock { $0[key] } }
    @inline(__always) func set(_ key: Key, _ value: Value) { map.withLock { $0[key] = value } }
}
