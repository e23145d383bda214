import Strata

/// A value behind a small lock.
///
/// `Synchronization.Mutex` was not enough: the thread sanitizer can't follow it when it is contended.
package final class Guarded<Value>: @unchecked Sendable {
    // Sendable because `value` is only reached through `withLock`.

    private let lock = ShardLock()
    private var value: Value

    /// A value that nobody holds.
    package init(_ value: sending Value) { self.value = value }

    /// Runs a closure with the value while nobody else has it.
    ///
    /// The closure must be short, and take no other lock of this kind.
    @inline(__always)
    package func withLock<Result, Failure: Error>(
        _ body: (inout Value) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        lock.lock()
        defer { lock.unlock() }
        return try body(&value)
    }
}
