import Logging
import Strata
import StrataTesting
import StrataTiering

// What a hit of the first tier costs beside a read of the bare hash store: 1000 hashes of 8 fields of 32 bytes, all in the processor's cache,
// one thread, the variants in turns. Run: swift run -c release --package-path Benchmarks peek-cost

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

var layout = InMemoryRemoteStore.Configuration()
layout.capabilities.tracking = false
var configuration = TieredHash.Configuration()
configuration.local.maximumLifetime = .seconds(3600)
let clock = TieringClock.system
let node = TieredHash(
    remote: InMemoryRemoteStore(configuration: layout, clock: clock), configuration: configuration, clock: clock,
    logger: Logger(label: "peek-cost") { _ in SwiftLogNoOpLogHandler() })
let running = Task { try await node.run() }
try await Task.sleep(for: .milliseconds(100))

var storeLayout = HashStore.Configuration()
storeLayout.encoding = EncodingLimits(maximumCompactFieldCount: 128, maximumCompactValueLength: 1024)
let bare = HashStore(configuration: storeLayout)
let keys = (0..<1000).map { bytes("user:\($0)") }
let names = (0..<8).map { bytes("field\($0)") }
let value = [UInt8](repeating: 7, count: 32)
for key in keys {
    try await node.set(key, Dictionary(uniqueKeysWithValues: names.map { ($0, value) }), lifetime: .seconds(3600))
    for name in names { try bare.setField(key, name, to: value) }
}

let reads: [(title: String, read: ([UInt8], [UInt8]) -> Int)] = [
    ("hash store, lent", { bare.withField($0, $1) { $0?.byteCount ?? 0 } }),
    ("peek, lent", { node.withPeeked($0, $1) { $0?.byteCount ?? 0 } }),
    ("hash store, copied", { bare[$0, $1]?.count ?? 0 }),
    ("peek, copied", { node.peek($0, $1)?.count ?? 0 }),
]
let rounds = 300_000
var best = [Double](repeating: .infinity, count: reads.count)
var sum = 0
for _ in 0..<9 {
    for (variant, subject) in reads.enumerated() {
        let start = ContinuousClock.now
        for index in 0..<rounds { sum += subject.read(keys[index % 1000], names[index & 7]) }
        best[variant] = min(best[variant], start.duration(to: .now) / .nanoseconds(1) / Double(rounds))
    }
}
precondition(sum == 9 * reads.count * rounds * value.count, "some read found nothing")
for (subject, time) in zip(reads, best) { print("\(subject.title): \(Int(time.rounded())) ns") }
print("ratio lent \(best[1] / best[0]), copied \(best[3] / best[2])")
running.cancel()
