/// How a client wants to be told that keys it has read were changed.
struct TrackingOptions {
    /// Whether every change of a key with one of ``prefixes`` is reported, read or not.
    var isBroadcast = false
    /// Whether only keys read right after `CLIENT CACHING YES` count.
    var isOptIn = false
    /// Whether keys read right after `CLIENT CACHING NO` don't count.
    var isOptOut = false
    /// Whether the client's own changes are left out.
    var isNoLoop = false
    /// The client that is told instead; 0 for none.
    var redirection: UInt64 = 0
    /// The prefixes of a broadcast client; one that is empty stands for all keys.
    var prefixes: Set<[UInt8]> = []

    /// Whether keys read by the next command are remembered.
    func remembersKeys(cachingGiven: Bool) -> Bool {
        !isBroadcast && !(isOptIn && !cachingGiven) && !(isOptOut && cachingGiven)
    }
}

/// Keys changed by one event loop since it last reported them, and by which client each was changed last.
struct BroadcastBatch {
    private(set) var keys: [[UInt8]: UInt64] = [:]

    /// Whether there is nothing to report.
    @inline(__always)
    var isEmpty: Bool { keys.isEmpty }

    /// Enters a key; 0 stands for a change by the server itself.
    mutating func add(_ key: UnsafeRawBufferPointer, changedBy client: UInt64) {
        keys[Array(key)] = client
    }

    /// Forgets everything.
    mutating func removeAll() {
        keys.removeAll(keepingCapacity: keys.count < 1024)
    }
}
