/// What a reader needs to record a hit without a lock: where the words of a ``CachePolicy`` and its log are.
///
/// A hit is one plain store to the entry's word, none if the word says so already. Hits of the keys that the policy
/// follows (all keys of a small cache, 1 in 16 with 10 000 entries, 1 in 256 with 150 000) are also noted in a ring of
/// 256 hashes, with two more plain stores. Stores that collide lose a hit, nothing else: the policy is exact only when
/// nobody races, and needn't be.
///
/// - Important: A copy may be used as long as the words it points to are allocated, see ``CachePolicy/grow()``.
@frozen
@usableFromInline
package struct HitRecorder {
    /// The words of the entries.
    @usableFromInline
    let words: UnsafeMutablePointer<UInt64>
    /// The clock, the cursor and the ring, see the constants below.
    @usableFromInline
    let header: UnsafeMutablePointer<UInt64>
    /// Keys whose hash has none of these bits are followed.
    @usableFromInline
    let sampleMask: UInt64

    /// The word of the header that counts insertions.
    @inlinable static var clockPlace: Int { 0 }
    /// The word of the header that counts logged hits, on a line of its own.
    @inlinable static var cursorPlace: Int { 8 }
    /// The first word of the ring.
    @inlinable static var ringPlace: Int { 16 }
    /// How many hashes the ring holds.
    @inlinable static var ringCount: Int { 256 }

    /// A recorder for some memory.
    @inlinable
    init(words: UnsafeMutablePointer<UInt64>, header: UnsafeMutablePointer<UInt64>, sampleMask: UInt64) {
        self.words = words
        self.header = header
        self.sampleMask = sampleMask
    }

    @inlinable @inline(__always)
    func word(_ index: UInt32) -> AtomicWord {
        // SAFETY: the caller's index was handed out by the policy, so it lies within the words.
        AtomicWord(words + Int(index))
    }

    @inlinable @inline(__always)
    func headerWord(_ place: Int) -> AtomicWord {
        // SAFETY: places are below ringPlace + ringCount, which is how many words the header has.
        AtomicWord(header + place)
    }

    /// Records a hit.
    ///
    /// **Concurrency:** from any thread, with or without the shard's lock.
    ///
    /// - Parameters:
    ///   - index: The entry's slot.
    ///   - hash: The hash it was inserted with.
    @inlinable @inline(__always)
    package func recordHit(_ index: UInt32, hash: UInt64) {
        let word = word(index)
        let now = UInt32(truncatingIfNeeded: headerWord(Self.clockPlace).loadRelaxed())
        let before = word.loadRelaxed()
        let after = ReuseWord(bits: before).requested(at: now).bits
        if after != before { word.storeRelaxed(after) }
        if hash & sampleMask == 0 {
            let cursor = headerWord(Self.cursorPlace)
            let number = cursor.loadRelaxed()
            headerWord(Self.ringPlace + Int(number) & (Self.ringCount - 1)).storeRelaxed(hash)
            cursor.storeRelaxed(number &+ 1)
        }
    }
}
