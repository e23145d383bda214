import Synchronization

extension CacheShardAddress {
    /// Visits some entries: see `GroupTable.scan`.
    ///
    /// Under the lock.
    ///
    /// - Parameters:
    ///   - position: 0, or what the last call returned.
    ///   - body: Gets each entry. It must not change the shard.
    /// - Returns: Where to go on, or `nil` at the end.
    @usableFromInline
    func scan(from position: UInt64, _ body: (CacheBlock) -> Void) -> UInt64? {
        pointee.table.scan(
            from: position, groupCount: 4, hashOf: { CacheBlock($0.pointer).hash }, { body(CacheBlock($0.pointer)) })
    }

    /// Takes all entries out.
    ///
    /// Under the lock.
    ///
    /// - Parameter body: Gets each entry after it was unlinked.
    func removeAll(_ body: (CacheBlock) -> Void) {
        pointee.table.removeAll { slot in
            let block = CacheBlock(slot.pointer)
            pointee.policy.remove(block.slot)
            pointee.entries[Int(block.slot)] = nil
            body(block)
        }
        pointee.liveCount.store(0, ordering: .relaxed)
        pointee.heldWeight.store(0, ordering: .relaxed)
    }

    /// Hands out all entries, retired ones too, when nobody else can reach the shard any more.
    @usableFromInline
    func takeAll(_ body: (CacheBlock) -> Void) {
        pointee.table.forEach { body(CacheBlock($0.pointer)) }
        pointee.retired.drain { memory, byteCount in
            if byteCount == 0 { body(CacheBlock(memory)) } else { memory.deallocate() }
        }
    }
}
