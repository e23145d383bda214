/// An object on loan from an ``ObjectPool``; it goes back by itself when the handle ends.
///
/// It can't be copied, and can't be used after ``giveBack()``: the compiler sees to both. What can't be seen is a copy of the reference taken out of
/// ``object``; don't keep one.
///
/// A handle may be moved to another thread or task and come back there. It may outlive its pool: the object is then released instead.
public struct Pooled<Object>: ~Copyable {
    /// `nil` once the object was taken out.
    @usableFromInline var cell: UnsafeMutablePointer<Object>?
    @usableFromInline let core: UnsafeMutablePointer<PoolCore<Object>>

    @inlinable @inline(__always)
    init(_ cell: UnsafeMutablePointer<Object>, core: UnsafeMutablePointer<PoolCore<Object>>) {
        self.cell = cell
        self.core = core
    }

    @inlinable @inline(__always)
    deinit {
        if let cell { ObjectPool<Object>.takeBack(cell, core) }
    }

    /// The object.
    @inlinable
    public var object: Object {
        @inline(__always) _read { yield cell.unsafelyUnwrapped.pointee }
    }

    /// Gives the object back now instead of at the end of the handle's scope.
    @inlinable @inline(__always)
    public consuming func giveBack() {}

    /// Takes the object out for good: it doesn't go back, and the pool makes another when it needs one.
    public consuming func keep() -> Object {
        let taken = cell.unsafelyUnwrapped
        cell = nil
        ObjectPool<Object>.letGo(core)
        let object = taken.move()
        taken.deallocate()
        return object
    }
}

// What is on loan belongs to one user at a time, wherever that is; see ObjectPool for why objects needn't be Sendable.
extension Pooled: @unchecked Sendable {}
