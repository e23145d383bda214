public import CStrata
public import Synchronization

/// What a pool and its handles share; on the heap until the pool and the last handle are gone.
///
/// ```
/// thread 0 ── lane 0 ──┐
/// thread 1 ── lane 1 ──┼── overflow (bounded, under a lock)
///    …                 │
/// threads beyond ──────┘
/// ```
///
/// A thread takes from its own lane and returns to it: plain loads and stores. An empty lane fetches half a lane from the overflow, a full one
/// moves half of itself there. Which lane is a thread's is told by the number of its epoch record, which no other live thread has.
///
/// **The end.** A handle may come back while the pool ends, or after it. A return is pinned while it looks at `isClosed` and uses a lane; the end
/// of the pool closes, waits until all pins of before have ended, and then owns the lanes. Later returns only count down `balance`:
/// the end adds the number of handles still out, each late return takes one away, and whoever makes it 0 frees the core.
@usableFromInline
struct PoolCore<Object>: ~Copyable {
    /// Where an object is for all its life, in and out of the pool: handing it on moves a pointer and counts no reference.
    @usableFromInline typealias Cell = UnsafeMutablePointer<Object>

    @usableFromInline let lanes: UnsafeMutablePointer<PoolLane<Cell>>
    @usableFromInline let laneCount: UInt32
    @usableFromInline let laneCapacity: Int
    @usableFromInline let make: @Sendable () -> Object
    @usableFromInline let reset: (@Sendable (Object) -> Void)?
    /// Guards what follows.
    private let lock = ShardLock()
    private let overflow: UnsafeMutablePointer<Cell>
    private let overflowCapacity: Int
    /// Behind a pointer, so that no method of the core is a change of the whole core, which threads share.
    private let overflowCounter: UnsafeMutablePointer<Int>
    /// The counters of threads that have no lane; its items aren't used, and its writers use read-modify-write operations.
    private let others = PoolLane<Cell>()
    @usableFromInline let isClosed = Atomic<Bool>(false)
    private let balance = Atomic<Int>(0)

    init(
        laneCount: Int, laneCapacity: Int, overflowCapacity: Int, make: @escaping @Sendable () -> Object,
        reset: (@Sendable (Object) -> Void)?
    ) {
        self.laneCount = UInt32(laneCount)
        self.laneCapacity = laneCapacity
        self.overflowCapacity = overflowCapacity
        self.make = make
        self.reset = reset
        lanes = UnsafeMutableRawPointer.allocate(
            byteCount: laneCount * MemoryLayout<PoolLane<Cell>>.stride, alignment: 128
        ).bindMemory(to: PoolLane<Cell>.self, capacity: laneCount)
        for index in 0..<laneCount { (lanes + index).initialize(to: PoolLane()) }
        overflow = .allocate(capacity: max(overflowCapacity, 1))
        overflowCounter = .allocate(capacity: 1)
        overflowCounter.initialize(to: 0)
    }

    deinit {
        releaseIdle()
        for index in 0..<Int(laneCount) {
            lanes[index].items?.deallocate()
            (lanes + index).deinitialize(count: 1)
        }
        UnsafeMutableRawPointer(lanes).deallocate()
        overflow.deallocate()
        overflowCounter.deallocate()
    }

    /// The number of objects in the overflow; the lock's holder's.
    private var overflowCount: Int {
        get { overflowCounter.pointee }
        nonmutating set { overflowCounter.pointee = newValue }
    }

    /// The lane of the calling thread, `nil` if it has none.
    @inlinable @inline(__always)
    var laneOfThread: UnsafeMutablePointer<PoolLane<Cell>>? {
        let index = strata_epoch_record_of_thread().unsafelyUnwrapped.pointee.index
        return index < laneCount ? lanes + Int(index) : nil
    }
}

// MARK: - Taking
extension PoolCore {
    /// An idle object, or a new one.
    @inlinable @inline(__always)
    func take() -> Cell {
        if let lane = laneOfThread {
            let count = lane.pointee.count.load(ordering: .relaxed)
            if count > 0, let items = lane.pointee.items {
                lane.pointee.count.store(count &- 1, ordering: .relaxed)
                lane.pointee.takeCount.addAlone(1)
                return items[count &- 1]
            }
        }
        return takeSlowly()
    }

    @usableFromInline @inline(never)
    func takeSlowly() -> Cell {
        guard let lane = laneOfThread else {
            others.takeCount.wrappingAdd(1, ordering: .relaxed)
            if let object = takeFromOverflow() { return object }
            others.creationCount.wrappingAdd(1, ordering: .relaxed)
            return makeCell()
        }
        lane.pointee.takeCount.addAlone(1)
        let items = items(of: lane)
        lock.lock()
        let fetched = min(max(laneCapacity / 2, 1), overflowCount)
        overflowCount -= fetched
        items.moveInitialize(from: overflow + overflowCount, count: fetched)
        lock.unlock()
        guard fetched > 0 else {
            lane.pointee.creationCount.addAlone(1)
            return makeCell()
        }
        lane.pointee.transferCount.addAlone(1)
        lane.pointee.count.store(fetched - 1, ordering: .relaxed)
        return items[fetched - 1]
    }

    private func makeCell() -> Cell {
        let cell = Cell.allocate(capacity: 1)
        cell.initialize(to: make())
        return cell
    }

    /// Lets an object go with its cell.
    @usableFromInline
    static func destroy(_ cell: Cell) {
        cell.deinitialize(count: 1)
        cell.deallocate()
    }

    private func takeFromOverflow() -> Cell? {
        lock.lock()
        defer { lock.unlock() }
        guard overflowCount > 0 else { return nil }
        overflowCount -= 1
        return overflow[overflowCount]
    }

    private func items(of lane: UnsafeMutablePointer<PoolLane<Cell>>) -> UnsafeMutablePointer<Cell> {
        if let items = lane.pointee.items { return items }
        let items = UnsafeMutablePointer<Cell>.allocate(capacity: laneCapacity)
        lane.pointee.items = items
        return items
    }

    /// Makes idle objects ahead of their use, as far as the overflow has room.
    func prewarm(_ wished: Int) {
        for _ in 0..<max(wished, 0) {
            let object = makeCell()
            others.creationCount.wrappingAdd(1, ordering: .relaxed)
            if let left = putIntoOverflow(object) {
                others.discardCount.wrappingAdd(1, ordering: .relaxed)
                return Self.destroy(left)
            }
        }
    }
}

// MARK: - Returning
extension PoolCore {
    /// Takes an object back whose reset has run.
    ///
    /// The caller is pinned and has found the pool open.
    ///
    /// - Returns: The object, if there is no room for it; its destructor must run outside of the pin.
    @inlinable @inline(__always)
    func put(_ object: Cell) -> Cell? {
        if let lane = laneOfThread {
            let count = lane.pointee.count.load(ordering: .relaxed)
            if count < laneCapacity, let items = lane.pointee.items {
                (items + count).initialize(to: object)
                lane.pointee.count.store(count &+ 1, ordering: .relaxed)
                lane.pointee.returnCount.addAlone(1)
                return nil
            }
        }
        return putSlowly(object)
    }

    @usableFromInline @inline(never)
    func putSlowly(_ object: Cell) -> Cell? {
        guard let lane = laneOfThread else {
            let left = putIntoOverflow(object)
            others.returnCount.wrappingAdd(1, ordering: .relaxed)
            if left != nil { others.discardCount.wrappingAdd(1, ordering: .relaxed) }
            return left
        }
        let items = items(of: lane)
        var count = lane.pointee.count.load(ordering: .relaxed)
        if count == laneCapacity {
            lock.lock()
            let moved = min(max(laneCapacity / 2, 1), overflowCapacity - overflowCount)
            (overflow + overflowCount).moveInitialize(from: items + (count - moved), count: moved)
            overflowCount += moved
            lock.unlock()
            if moved > 0 { lane.pointee.transferCount.addAlone(1) }
            count -= moved
        }
        lane.pointee.returnCount.addAlone(1)
        guard count < laneCapacity else {
            lane.pointee.discardCount.addAlone(1)
            return object
        }
        (items + count).initialize(to: object)
        lane.pointee.count.store(count + 1, ordering: .relaxed)
        return nil
    }

    private func putIntoOverflow(_ object: Cell) -> Cell? {
        lock.lock()
        defer { lock.unlock() }
        guard overflowCount < overflowCapacity else { return object }
        (overflow + overflowCount).initialize(to: object)
        overflowCount += 1
        return nil
    }

    /// Counts an object that doesn't come back: its user has kept it.
    ///
    /// The caller is pinned and has found the pool open.
    func forget() {
        // Counted as returned and let go, so that what is in use stays right.
        if let lane = laneOfThread {
            lane.pointee.returnCount.addAlone(1)
            lane.pointee.discardCount.addAlone(1)
        } else {
            others.returnCount.wrappingAdd(1, ordering: .relaxed)
            others.discardCount.wrappingAdd(1, ordering: .relaxed)
        }
    }
}

// MARK: - The end, and figures
extension PoolCore {
    /// Ends the pool: waits for returns that are under way, and counts the handles that are out.
    ///
    /// - Returns: Whether nobody needs the core any more.
    func close() -> Bool {
        // Sequentially consistent, then two advances: a return either sees it, or was pinned before and is waited for.
        isClosed.store(true, ordering: .sequentiallyConsistent)
        // Inside a pin of this thread there is no waiting: then the core is left as it is, for good.
        guard Epoch.waitForReaders() else { return false }
        let out = statistics().inUseCount
        releaseIdle()
        // acquiringAndReleasing: pairs with countLateReturn(), so that whoever frees sees all that others did.
        return balance.wrappingAdd(out, ordering: .acquiringAndReleasing).newValue == 0
    }

    /// Lets all idle objects go.
    ///
    /// Nobody else uses the lanes or the overflow any more.
    private func releaseIdle() {
        for index in 0..<Int(laneCount) {
            guard let items = lanes[index].items else { continue }
            let count = lanes[index].count.load(ordering: .relaxed)
            lanes[index].count.store(0, ordering: .relaxed)
            for place in 0..<count { Self.destroy(items[place]) }
        }
        let count = overflowCount
        overflowCount = 0
        for place in 0..<count { Self.destroy(overflow[place]) }
    }

    /// Counts a handle that came back after the end.
    ///
    /// - Returns: Whether it was the last.
    func countLateReturn() -> Bool {
        balance.wrappingSubtract(1, ordering: .acquiringAndReleasing).newValue == 0
    }

    func statistics() -> PoolStatistics {
        lock.lock()
        var sum = PoolStatistics()
        sum.idleCount = overflowCount
        lock.unlock()
        sum.add(others)
        for index in 0..<Int(laneCount) { sum.add(lanes[index]) }
        return sum
    }
}

extension PoolStatistics {
    fileprivate mutating func add<Cell>(_ lane: borrowing PoolLane<Cell>) {
        // Returns first: what is in use is never negative.
        returnCount += lane.returnCount.load(ordering: .acquiring)
        takeCount += lane.takeCount.load(ordering: .relaxed)
        creationCount += lane.creationCount.load(ordering: .relaxed)
        discardCount += lane.discardCount.load(ordering: .relaxed)
        overflowTransferCount += lane.transferCount.load(ordering: .relaxed)
        idleCount += lane.count.load(ordering: .relaxed)
    }
}
