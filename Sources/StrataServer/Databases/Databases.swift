import Strata
import Synchronization

/// The numbered databases of a server.
///
/// Each is a ``HashStore``; all share one memory budget, one set of encoding limits and one hash seed, so that a key hashed for one is
/// valid in all. `SWAPDB` exchanges the stores of two numbers, so the store behind a number is only certain while its locks are held.
///
/// **Concurrency:** lookups are lock-free. Exchanging needs all locks of both stores.
final class Databases: @unchecked Sendable {
    // Reason for `@unchecked`: `current` is a fixed block of atomics, initialised before the object is shared and freed after its
    // last use; everything else is `Sendable` by itself.

    /// How many databases there are.
    static let count = 16

    /// Every store that was ever reachable, by its first number; never changes, so the raw references below stay valid.
    let stores: [HashStore]
    let budget: MemoryBudget
    let encoding: EncodingLimits

    /// The store behind each number.
    ///
    /// Writers: ``swap(_:_:)`` under all locks of both stores. Readers: anybody. A relaxed load may see the old store for a moment, which is
    /// as if the reader had come a moment earlier; whoever takes locks checks again afterwards.
    private let current: UnsafeMutablePointer<Atomic<UInt>>
    /// Bit n is set once database n was selected by anybody; it is never cleared.
    private let used = Atomic<UInt>(1)

    /// Creates empty databases.
    init(budget: MemoryBudget, encoding: EncodingLimits, observer: (any HashStoreObserver)?, now: Int64) {
        self.budget = budget
        self.encoding = encoding
        var configuration = HashStore.Configuration()
        configuration.encoding = encoding
        var generator = SystemRandomNumberGenerator()
        configuration.hashSeed = generator.next()
        stores = (0..<Self.count).map { _ in HashStore(configuration: configuration, budget: budget, now: now) }
        current = .allocate(capacity: Self.count)
        for (index, store) in stores.enumerated() {
            if let observer { store.observer = observer }
            (current + index).initialize(to: Atomic(UInt(bitPattern: Unmanaged.passUnretained(store).toOpaque())))
        }
    }

    deinit {
        current.deinitialize(count: Self.count)
        current.deallocate()
    }

    /// The store behind a number, which must be less than ``count``.
    subscript(index: Int) -> HashStore {
        reference(index)._withUnsafeGuaranteedRef { $0 }
    }

    /// The store behind a number, without counting a reference; this object keeps it alive.
    @inline(__always)
    func reference(_ index: Int) -> Unmanaged<HashStore> {
        precondition(index >= 0 && index < Self.count)
        // relaxed: the pointer is one of `stores`, which were published with this object.
        let raw = current[index].load(ordering: .relaxed)
        // SAFETY: `stores` keeps every store alive as long as this object.
        return Unmanaged.fromOpaque(UnsafeRawPointer(bitPattern: raw).unsafelyUnwrapped)
    }

    /// Exchanges two databases.
    ///
    /// The caller holds all locks of both.
    func swap(_ first: Int, _ second: Int) {
        markUsed(first)
        markUsed(second)
        let one = current[first].load(ordering: .relaxed)
        let other = current[second].load(ordering: .relaxed)
        current[first].store(other, ordering: .relaxed)
        current[second].store(one, ordering: .relaxed)
    }

    /// Remembers that a database is no longer untouched.
    func markUsed(_ index: Int) {
        used.bitwiseOr(1 << UInt(index), ordering: .relaxed)
    }

    /// Whether a database may hold or have held anything.
    func isUsed(_ index: Int) -> Bool {
        used.load(ordering: .relaxed) & (1 << UInt(index)) != 0
    }

    /// The number of a store.
    func index(of store: HashStore) -> Int {
        (0..<Self.count).first { self[$0] === store } ?? 0
    }

    /// Locks every shard of every database, always in the same order.
    func lockAll() {
        for store in stores { store.lockAll() }
    }

    /// Undoes ``lockAll()``.
    func unlockAll() {
        for store in stores.reversed() { store.unlockAll() }
    }
}
