import Strata

extension CommandContext {
    /// Visits some keys of the selected database, inside a transaction too.
    ///
    /// - Parameters:
    ///   - cursor: 0 to begin, or what an earlier call returned.
    ///   - limit: About how many keys to visit.
    ///   - body: Receives each key with its entry.
    /// - Returns: Where to go on; 0 when every key has been visited.
    func scanKeys(
        cursor: UInt64, limit: Int, _ body: (UnsafeRawBufferPointer, Entry) -> Void
    ) -> UInt64 {
        store.scan(cursor: cursor, limit: limit, now: now, isLocked: heldAccess != nil, body)
    }

    /// A key of the selected database, each about as likely as the others; inside a transaction too.
    func randomKey() -> [UInt8]? {
        store.randomKey(now: now, isLocked: heldAccess != nil)
    }
}
