import Strata
import Synchronization

/// Something that hands objects out and takes them back, used by several threads at once.
package protocol PoolSubject: AnyObject, Sendable {
    /// What a thread holds of it.
    associatedtype Desk: PoolDesk
    /// Makes one that has handed out nothing.
    ///
    /// - Parameter holding: How many objects each thread will hold at once.
    init(holding: Int)
    /// A place for a thread to work at.
    func desk() -> Desk
}

/// The objects that one thread holds, and what is timed.
///
/// Used by one thread.
package protocol PoolDesk: AnyObject {
    /// Takes an object, uses it and gives it back.
    func takeAndReturn(_ value: UInt64) -> UInt64
    /// Gives the object of a place back, takes another for the place and uses it.
    func replace(_ place: Int, _ value: UInt64) -> UInt64
}

/// ``ObjectPool``.
final class ObjectPoolSubject<Payload: PoolPayload>: PoolSubject {
    private let pool: ObjectPool<Payload>
    private let holding: Int

    init(holding: Int) {
        self.holding = holding
        pool = ObjectPool(make: { Payload.make() })
    }

    func desk() -> Desk { Desk(pool, holding) }

    final class Desk: PoolDesk {
        private let pool: ObjectPool<Payload>
        private let places: UnsafeMutableBufferPointer<Pooled<Payload>>

        init(_ pool: ObjectPool<Payload>, _ holding: Int) {
            self.pool = pool
            places = .allocate(capacity: holding)
            for index in 0..<holding { (places.baseAddress! + index).initialize(to: pool.take()) }
        }

        deinit {
            places.deinitialize()
            places.deallocate()
        }

        @inline(__always)
        func takeAndReturn(_ value: UInt64) -> UInt64 {
            let handle = pool.take()
            return handle.object.use(value)
        }

        @inline(__always)
        func replace(_ place: Int, _ value: UInt64) -> UInt64 {
            // SAFETY: every place is initialised from init to deinit, but for the moment between these two lines.
            (places.baseAddress.unsafelyUnwrapped + place).deinitialize(count: 1)
            (places.baseAddress.unsafelyUnwrapped + place).initialize(to: pool.take())
            return places[place].object.use(value)
        }
    }
}

/// A new object each time.
final class AllocationSubject<Payload: PoolPayload>: PoolSubject {
    private let holding: Int

    init(holding: Int) { self.holding = holding }
    func desk() -> Desk { Desk(holding) }

    final class Desk: PoolDesk {
        private let places: UnsafeMutableBufferPointer<Payload>

        init(_ holding: Int) {
            places = .allocate(capacity: holding)
            for index in 0..<holding { (places.baseAddress! + index).initialize(to: Payload.make()) }
        }

        deinit {
            places.deinitialize()
            places.deallocate()
        }

        @inline(__always)
        func takeAndReturn(_ value: UInt64) -> UInt64 { Payload.make().use(value) }

        @inline(__always)
        func replace(_ place: Int, _ value: UInt64) -> UInt64 {
            // SAFETY: as above.
            (places.baseAddress.unsafelyUnwrapped + place).deinitialize(count: 1)
            (places.baseAddress.unsafelyUnwrapped + place).initialize(to: Payload.make())
            return places[place].use(value)
        }
    }
}

/// What one writes first: a list of idle objects behind a lock.
final class MutexPoolSubject<Payload: PoolPayload>: PoolSubject {
    private final class Idle: @unchecked Sendable {
        // Sendable because `list` is only touched with the lock held.
        let lock = Mutex(())
        var list: [Payload] = []
    }

    private let idle = Idle()
    private let holding: Int

    init(holding: Int) {
        self.holding = holding
        idle.list.reserveCapacity(1024)
    }

    func desk() -> Desk { Desk(self, holding) }

    @inline(__always)
    fileprivate func take() -> Payload {
        let idle = idle
        let found = idle.lock.withLock { _ in UncheckedObject(object: idle.list.popLast()) }
        return found.object ?? Payload.make()
    }

    @inline(__always)
    fileprivate func putBack(_ object: Payload) {
        let idle = idle
        let given = UncheckedObject(object: object)
        idle.lock.withLock { _ in if let object = given.object { idle.list.append(object) } }
    }

    /// Carries an object over the lock.
    private struct UncheckedObject: @unchecked Sendable {
        // Sendable because an object has one user at a time, and the lock orders one before the next.
        let object: Payload?
    }

    final class Desk: PoolDesk {
        private let pool: MutexPoolSubject
        private var places: [Payload]

        init(_ pool: MutexPoolSubject, _ holding: Int) {
            self.pool = pool
            places = (0..<holding).map { _ in Payload.make() }
        }

        @inline(__always)
        func takeAndReturn(_ value: UInt64) -> UInt64 {
            let object = pool.take()
            defer { pool.putBack(object) }
            return object.use(value)
        }

        @inline(__always)
        func replace(_ place: Int, _ value: UInt64) -> UInt64 {
            pool.putBack(places[place])
            places[place] = pool.take()
            return places[place].use(value)
        }
    }
}

/// ``ValueArena``, with eight words for each value.
final class ArenaSubject: PoolSubject {
    fileprivate typealias Arena = ValueArena<InlineArray<8, UInt64>>
    private let arena: Arena
    private let holding: Int

    init(holding: Int) {
        self.holding = holding
        arena = Arena(capacity: 1 << 16)
    }

    func desk() -> Desk { Desk(arena, holding) }

    final class Desk: PoolDesk {
        private let arena: Arena
        private var places: [Arena.Index]

        fileprivate init(_ arena: Arena, _ holding: Int) {
            self.arena = arena
            places = (0..<holding).compactMap { _ in arena.insert(.init(repeating: 0)) }
        }

        deinit { for index in places { arena.remove(index) } }

        @inline(__always)
        func takeAndReturn(_ value: UInt64) -> UInt64 {
            guard let index = arena.insert(.init(repeating: value)) else { return 0 }
            return arena.remove(index)?[0] ?? 0
        }

        @inline(__always)
        func replace(_ place: Int, _ value: UInt64) -> UInt64 {
            let old = arena.remove(places[place])?[0] ?? 0
            if let index = arena.insert(.init(repeating: value)) { places[place] = index }
            return old
        }
    }
}

/// The subjects by the names under which they are asked for.
package enum PoolSubjectName: String, Codable, Sendable, CaseIterable {
    /// `ObjectPool`.
    case pool
    /// `ValueArena`.
    case arena
    /// A new object each time.
    case allocation = "class"
    /// A list behind a lock.
    case mutex

    /// What it is called in reports.
    package var title: String {
        switch self {
        case .pool: "ObjectPool"
        case .arena: "ValueArena"
        case .allocation: "class allocation"
        case .mutex: "Array + Mutex"
        }
    }
}
