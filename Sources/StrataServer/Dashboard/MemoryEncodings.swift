import Strata
import StrataMonitor

/// What the memory of a server's databases is used for, from samples that are taken once a second.
///
/// Older samples count too, less and less: a single one of some hundred entries would make the picture restless.
///
/// **Concurrency:** from any thread.
final class MemoryEncodings: Sendable {
    private static let sampleCount = 256
    /// How much of a former sample's weight is left after one more.
    private static let memory = 0.9

    private struct Share: Sendable {
        var count = 0.0
        var bytes = 0.0

        mutating func add(_ part: HashStore.EncodingSample.Part) {
            count = count * MemoryEncodings.memory + Double(part.count)
            bytes = bytes * MemoryEncodings.memory + Double(part.byteCount)
        }
    }

    private struct Shares: Sendable {
        var strings = Share()
        var compactHashes = Share()
        var tableHashes = Share()

        var all: [(name: String, share: Share)] {
            [("strings", strings), ("compact hashes", compactHashes), ("hash tables", tableHashes)]
        }
    }

    private let shares = Locked<[Int: Shares]>([:])

    /// No samples yet.
    init() {}

    /// Takes a sample of each database that holds something.
    ///
    /// - Returns: The parts of the memory, estimated; empty while nothing is held.
    func parts(_ databases: Databases) -> [DashboardState.MemoryPart] {
        var counts: [String: (count: Double, bytes: Double)] = [:]
        var tables = 0
        for index in 0..<Databases.count {
            let store = databases[index]
            guard store.keyCount > 0 else {
                shares.withLock { $0[index] = nil }
                continue
            }
            let sample = store.sampleEncodings(count: Self.sampleCount)
            let shares = shares.withLock { shares -> Shares in
                var own = shares[index] ?? Shares()
                own.strings.add(sample.strings)
                own.compactHashes.add(sample.compactHashes)
                own.tableHashes.add(sample.tableHashes)
                shares[index] = own
                return own
            }
            tables += sample.tableByteCount
            let counted = max(shares.all.reduce(0) { $0 + $1.share.count }, 1)
            let weighed = max(shares.all.reduce(0) { $0 + $1.share.bytes }, 1)
            let entryBytes = Double(max(store.byteCount - sample.tableByteCount, 0))
            for (name, share) in shares.all where share.count > 0 {
                counts[name, default: (0, 0)].count += Double(store.keyCount) * share.count / counted
                counts[name, default: (0, 0)].bytes += entryBytes * share.bytes / weighed
            }
        }
        guard !counts.isEmpty else { return [] }
        return Shares().all.compactMap { name, _ in
            counts[name].map { .init(name: name, bytes: Int($0.bytes), count: Int($0.count.rounded())) }
        } + [.init(name: "tables of keys", bytes: tables, count: nil)]
    }
}
