/// Wakes those who wait until something happens to a key.
package final class KeyWaiters: Sendable {
    private let signals = Guarded<[[UInt8]: (signal: Signal<Void>, count: Int)]>([:])

    /// Nobody waits.
    package init() {}

    /// Begins to watch a key.
    ///
    /// What happens from here on ends the signal.
    ///
    /// Each call is to be paired with one of `leave`.
    package func watch(_ key: [UInt8]) -> Signal<Void> {
        signals.withLock { signals in
            let signal = signals[key]?.signal ?? Signal()
            signals[key, default: (signal, 0)].count += 1
            return signal
        }
    }

    /// Ends the watch.
    package func leave(_ key: [UInt8], _ signal: Signal<Void>) {
        signals.withLock { signals in
            guard var watched = signals[key], watched.signal === signal else { return }
            watched.count -= 1
            signals[key] = watched.count == 0 ? nil : watched
        }
    }

    /// Something happened to a key.
    package func wake(_ key: [UInt8]) {
        signals.withLock { $0.isEmpty ? nil : $0.removeValue(forKey: key) }?.signal.send(())
    }

    /// Something may have happened to any key.
    package func wakeAll() {
        let all = signals.withLock { signals in
            defer { signals = [:] }
            return signals.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value.signal)
        }
        for signal in all { signal.send(()) }
    }
}
