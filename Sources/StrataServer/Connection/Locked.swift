import Strata

/// A value behind a lock, for what is changed rarely or off the path of ordinary commands.
final class Locked<Value>: @unchecked Sendable {
    // Reason for `@unchecked`: `value` is only reached through `withLock`.

    private let lock = ShardLock()
    private var value: Value

    init(_ value: Value) {
        self.value = value
    }

    /// Runs `body` with the value while nobody else has it.
    ///
    /// `body` must be short and must not lock anything else of the kind.
    func withLock<Result>(_ body: (inout Value) -> Result) -> Result {
        lock.lock()
        defer { lock.unlock() }
        return body(&value)
    }
}
