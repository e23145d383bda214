import Strata
import StrataRESP

/// Looking ahead in a pipeline, so that the cache misses of its keys overlap instead of following each other.
extension Client {
    /// How many requests are looked at ahead: more misses at a time than a core can have under way gain nothing.
    private static let window = 16

    /// Asks the processor for what the next requests will look up.
    ///
    /// - Returns: How far the look went; less than a whole request ahead when there is no pipeline.
    func prefetchKeys(in bytes: UnsafeRawBufferPointer, from offset: Int) -> Int {
        var scanner = RESPKeyScanner(bytes, from: offset)
        guard let first = scanner.next(), scanner.offset < bytes.count else { return bytes.count }
        return worker.server.databases.reference(database)._withUnsafeGuaranteedRef { store in
            withUnsafeTemporaryAllocation(of: UInt64.self, capacity: Self.window) { hashes in
                // Pinned already here: a table is looked at to know where in it to prefetch.
                store.pin()
                defer { store.unpin() }
                hashes[0] = store.key(first).hash
                store.prefetchPlace(ofHash: hashes[0])
                var count = 1
                while count < Self.window, let key = scanner.next() {
                    hashes[count] = store.key(key).hash
                    store.prefetchPlace(ofHash: hashes[count])
                    count += 1
                }
                for hash in hashes[..<count] { store.prefetchEntry(ofHash: hash) }
                return max(scanner.offset, offset + 1)
            }
        }
    }
}
