import Strata
import Synchronization
import Testing

/// A clock that a test moves by hand.
final class ManualClock: Sendable {
    private let nanoseconds = Atomic<Int64>(1_000_000_000)

    var clock: CacheClock { CacheClock { [self] in .nanoseconds(nanoseconds.load(ordering: .relaxed)) } }

    func advance(by duration: Duration) {
        let (seconds, attoseconds) = duration.components
        nanoseconds.add(seconds * 1_000_000_000 + attoseconds / 1_000_000_000, ordering: .relaxed)
    }
}

/// What a removal listener was told, in order.
final class Departures<Key: Hashable & Sendable, Value: Equatable & Sendable>: Sendable {
    struct Departure: Equatable, Sendable {
        var key: Key
        var value: Value
        var cause: RemovalCause
    }

    private let told = Mutex<[Departure]>([])

    var listener: @Sendable (Key, Value, RemovalCause) -> Void {
        { [self] key, value, cause in
            told.withLock { $0.append(Departure(key: key, value: value, cause: cause)) }
        }
    }

    var all: [Departure] { told.withLock { $0 } }

    /// What was told since the last call.
    func take() -> [Departure] {
        told.withLock { told in
            defer { told = [] }
            return told
        }
    }

    /// The causes since the last call.
    func takeCauses() -> [RemovalCause] { take().map(\.cause) }
}

/// A cache whose hashes are the same in every run.
func makeCache<Key: Hashable & Sendable, Value: Sendable>(
    _ bound: Cache<Key, Value>.Configuration = .init(),
    _ change: (inout Cache<Key, Value>.Configuration) -> Void = { _ in }
) -> Cache<Key, Value> {
    var configuration = bound
    configuration.hashKey = HashKey(seed: 7)
    change(&configuration)
    return Cache(configuration)
}

/// Reports what is wrong with a cache that nobody uses at the moment.
func expectValid<Key, Value>(_ cache: Cache<Key, Value>, _ comment: Comment? = nil) {
    #expect(cache.checkInvariants() == [], comment)
}
