import CStrata

extension Cache {
    /// The value of a key, computed by the calling thread and put in if the cache has none.
    ///
    /// Of several threads that miss a key at once one computes it, and the others block until it has; all get its value, or the
    /// error if it is of a type they can throw. No lock is held meanwhile, so `make` may use the cache. If a task is
    /// loading the key (``load(_:loader:)``), this doesn't wait for it: blocking a thread for a task may block the task. It computes a
    /// value of its own then, and what is stored first stays.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - make: Computes the value. Must not ask for the same key in this way: it would wait for itself, and the program
    ///     is stopped instead.
    /// - Returns: The value.
    /// - Throws: What `make` throws; nothing is stored then.
    ///
    /// **Concurrency:** from any thread; blocks on a miss while another thread computes the key's value.
    @inlinable
    public func get<Failure: Error>(
        _ key: Key, orInsert make: () throws(Failure) -> Value
    ) throws(Failure) -> Value {
        if let value = get(key) { return value }
        let hash = MapHashing.hash(key, hashKey)
        while true {
            switch joinComputation(key, hash) {
            case .present(let value):
                return value
            case .leader(let flight):
                let start = computationStart()
                do {
                    let value = try make()
                    finishComputation(flight, key, hash, .value(value), start)
                    return value
                } catch {
                    finishComputation(flight, key, hash, .failure(error), start)
                    throw error
                }
            case .waiter(let flight):
                if isComputedByThread(flight) {
                    switch waitForThread(flight) {
                    case .value(let value): return value
                    case .failure(let error): if let error = error as? Failure { throw error }
                    case .absent: break
                    }
                } else {
                    let value = try make()
                    return putIfAbsent(value, forKey: key) ?? value
                }
            }
        }
    }

    @usableFromInline
    func joinComputation(_ key: Key, _ hash: UInt64) -> Part {
        let thread = UInt(bitPattern: strata_epoch_record_of_thread())
        let part = join(key, hash, computingThread: thread)
        if case .waiter(let flight) = part {
            precondition(
                flight.computingThread != thread,
                "get(_:orInsert:) waits for itself: asked for a key while computing it")
        }
        return part
    }

    @usableFromInline
    func isComputedByThread(_ flight: CacheFlight<Value>) -> Bool { flight.computingThread != 0 }

    @usableFromInline
    func waitForThread(_ flight: CacheFlight<Value>) -> CacheFlight<Value>.Outcome { flight.waitForThread() }

    @usableFromInline
    func computationStart() -> Int64 { timing.clock.preciseNanoseconds() }

    @usableFromInline
    func finishComputation(
        _ flight: CacheFlight<Value>, _ key: Key, _ hash: UInt64, _ outcome: CacheFlight<Value>.Outcome, _ start: Int64
    ) {
        if case .value = outcome {
            countLoad(since: start, isFailure: false)
        } else {
            countLoad(since: start, isFailure: true)
        }
        land(flight, key, hash, outcome)
    }
}
