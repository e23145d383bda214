import Foundation
import Strata
import Synchronization

/// A bounded cache that is measured, used by several threads at once.
package protocol CacheSubject: AnyObject, Sendable {
    /// What it is called in reports.
    static var title: String { get }
    /// Makes an empty cache for a number of entries.
    init(capacity: Int)
    /// Looks a key up and, if it isn't there, puts it in.
    ///
    /// - Returns: Whether it was there.
    func getOrPut(_ key: UInt64) -> Bool
}

/// The cache of this package.
package final class StrataCacheSubject: CacheSubject {
    /// What it is called in reports.
    package static var title: String { "Cache" }
    private let cache: Cache<UInt64, UInt64>

    /// Makes an empty cache.
    package init(capacity: Int) { cache = Cache(.init(maximumCount: capacity)) }
    /// Looks a key up and, if it isn't there, puts it in.
    @inline(__always)
    package func getOrPut(_ key: UInt64) -> Bool {
        if cache.get(key) != nil { return true }
        cache.put(key, forKey: key)
        return false
    }
}

/// What one writes first: a dictionary and a list in the order of use, behind one lock.
package final class LeastRecentlyUsedSubject: CacheSubject {
    /// What it is called in reports.
    package static var title: String { "LRU: Dictionary + list + Mutex" }

    private struct State {
        var places: [UInt64: Int] = [:]
        /// Entry i is between `previous[i]` and `next[i]`; the last element is the list's head.
        var keys: [UInt64]
        var next: [Int]
        var previous: [Int]

        init(capacity: Int) {
            keys = []
            next = [Int](repeating: capacity, count: capacity + 1)
            previous = [Int](repeating: capacity, count: capacity + 1)
            places.reserveCapacity(capacity)
        }

        mutating func getOrPut(_ key: UInt64) -> Bool {
            let head = next.count - 1
            if let place = places[key] {
                unlink(place)
                link(place, head)
                return true
            }
            let place: Int
            if keys.count < head {
                place = keys.count
                keys.append(key)
            } else {
                place = previous[head]
                unlink(place)
                places.removeValue(forKey: keys[place])
                keys[place] = key
            }
            places[key] = place
            link(place, head)
            return false
        }

        private mutating func unlink(_ place: Int) {
            next[previous[place]] = next[place]
            previous[next[place]] = previous[place]
        }

        private mutating func link(_ place: Int, _ head: Int) {
            next[place] = next[head]
            previous[place] = head
            previous[next[head]] = place
            next[head] = place
        }
    }

    private let state: Mutex<State>

    /// Makes an empty cache.
    package init(capacity: Int) { state = Mutex(State(capacity: capacity)) }
    /// Looks a key up and, if it isn't there, puts it in.
    @inline(__always)
    package func getOrPut(_ key: UInt64) -> Bool { state.withLock { $0.getOrPut(key) } }
}

/// Foundation's cache with a limit on its count.
package final class FoundationBoundedSubject: CacheSubject, @unchecked Sendable {
    // Sendable because NSCache may be used from any thread.

    /// What it is called in reports.
    package static var title: String { "NSCache" }
    private let cache = NSCache<NSNumber, NSNumber>()

    /// Makes an empty cache.
    package init(capacity: Int) { cache.countLimit = capacity }
    /// Looks a key up and, if it isn't there, puts it in.
    package func getOrPut(_ key: UInt64) -> Bool {
        let number = NSNumber(value: key)
        if cache.object(forKey: number) != nil { return true }
        cache.setObject(number, forKey: number)
        return false
    }
}

/// The caches by the names under which they are asked for.
package enum CacheSubjectName: String, Codable, Sendable, CaseIterable {
    /// `Cache`.
    case strata
    /// Least recently used, behind a lock.
    case lru
    /// Foundation's cache.
    case foundation = "nscache"

    /// What it is called in reports.
    package var title: String {
        switch self {
        case .strata: StrataCacheSubject.title
        case .lru: LeastRecentlyUsedSubject.title
        case .foundation: FoundationBoundedSubject.title
        }
    }
}
