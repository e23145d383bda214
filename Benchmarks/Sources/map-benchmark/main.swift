// ConcurrentMap beside a Dictionary under a Mutex, in one run and in turns; and the cache by itself.
//
//     Benchmarks/run-map-benchmark [rounds] [read|strings|growth|cache]

let rounds = CommandLine.arguments.count > 1 ? Int(CommandLine.arguments[1]) ?? 7 : 7
let wished = CommandLine.arguments.dropFirst(2)

func isWished(_ name: String) -> Bool { wished.isEmpty || wished.contains(name) }

if isWished("read") { ReadBenchmark.integers(rounds: rounds) }
if isWished("strings") { ReadBenchmark.strings(rounds: rounds) }
if isWished("growth") { GrowthBenchmark.run(rounds: max(rounds / 2, 1)) }
if isWished("cache") { CacheBenchmark.run(rounds: rounds) }
