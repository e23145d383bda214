import Strata

/// A value behind a small lock, for what is looked at a few times a second.
///
/// `Synchronization.Mutex` was not enough: the thread sanitizer can't follow it when it is contended.
final class LockedValue<Value>: @unchecked Sendable {
    // Sendable because `value` is only reached with the lock held.

    private let lock = ShardLock()
    private var value: Value

    /// A value that nobody holds.
    init(_ value: sending Value) { self.value = value }

    /// Runs a closure with the value while nobody else has it.
    func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
        lock.lock()
        defer { lock.unlock() }
        return try body(&value)
    }

    /// Runs a closure with the value unless somebody else has it.
    ///
    /// - Returns: Whether it ran.
    func withLockIfAvailable(_ body: (inout Value) -> Void) -> Bool {
        guard lock.lockIfAvailable() else { return false }
        defer { lock.unlock() }
        body(&value)
        return true
    }
}
