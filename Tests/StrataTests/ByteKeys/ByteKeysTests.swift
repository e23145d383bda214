import Testing

@testable import Strata

@Suite
struct ByteKeysTests {
    @Test
    func keepsUpToFifteenBytes() throws {
        for count in 0...15 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37 + 200) }
            let short = try #require(ShortBytes(bytes))
            #expect(short.count == count)
            #expect(short.withBytes { $0.withUnsafeBytes { [UInt8]($0) } } == bytes)
        }
        #expect(ShortBytes([UInt8](repeating: 1, count: 16)) == nil)
        #expect(ShortBytes(Array("sixteen bytes, 1".utf8)) == nil)
    }

    @Test
    func tellsTrailingZerosApart() {
        #expect(ShortBytes([1] as [UInt8]) != ShortBytes([1, 0] as [UInt8]))
        #expect(ShortBytes([] as [UInt8]) != ShortBytes([0] as [UInt8]))
        #expect(ByteString([1] as [UInt8]) != ByteString([1, 0] as [UInt8]))
    }

    @Test
    func comparesBytesNotText() {
        // One letter with an accent, composed and decomposed: equal as strings.
        #expect("\u{e9}" == "e\u{301}")
        #expect(ByteString("\u{e9}") != ByteString("e\u{301}"))
        #expect(ShortBytes("\u{e9}") != ShortBytes("e\u{301}"))
    }

    @Test
    func ordersAsBytes() {
        let words: [[UInt8]] = [[], [0], [0, 0], [0, 1], [1], [1, 2, 3], [2], [200], [200, 0], [255, 255]]
        let long = words.map { $0 + [UInt8](repeating: 7, count: 20) }
        for (first, second) in zip(words, words.dropFirst()) {
            #expect(ShortBytes(first)! < ShortBytes(second)!)
            #expect(ByteString(first) < ByteString(second))
        }
        let sorted = long.sorted { $0.lexicographicallyPrecedes($1) }
        #expect(long.map { ByteString($0) }.sorted() == sorted.map { ByteString($0) })
    }

    @Test
    func hashesEqualBytesAlike_whateverTheyCameFrom() {
        let key = HashKey(seed: 1)
        for text in ["", "a", "fifteen bytes..", "sixteen bytes...", "a text that takes an array of its own"] {
            let hash = ByteString(text).hash(key)
            #expect(ByteString(Array(text.utf8)) == ByteString(text))
            #expect(ByteString(Array(text.utf8)).hash(key) == hash)
            #expect(ByteString(text).hash(HashKey(seed: 2)) != hash)
            if let short = ShortBytes(text) { #expect(short.hash(key) == hash) }
            #expect(ByteString(text).description == text)
        }
    }

    @Test
    func spreadsKeysThatDifferInOneByte() {
        let map = ConcurrentMap<ShortBytes, Int>(shardCount: 1, hashKey: HashKey(seed: 2))
        let random = ConcurrentMap<UInt64, Int>(shardCount: 1, hashKey: HashKey(seed: 2))
        var generator = SeededGenerator(seed: 2)
        for number in 0..<20_000 {
            map.updateValue(number, forKey: ShortBytes("user:\(number)") ?? "")
            random.updateValue(number, forKey: generator.next())
        }
        func meanProbeLength(_ lengths: [Int]) -> Double {
            Double(lengths.enumerated().reduce(0) { $0 + ($1.offset + 1) * $1.element }) / 20_000
        }
        #expect(meanProbeLength(map.statistics.probeLengths) < 1.1 * meanProbeLength(random.statistics.probeLengths))
        #expect(map["user:777"] == 777)
    }

    @Test
    func keysACache() {
        let cache = Cache<ByteString, Int>(Cache.Configuration(maximumCount: 100))
        cache.put(1, forKey: "a long key, longer than fifteen bytes")
        #expect(cache.peek("a long key, longer than fifteen bytes") == 1)
    }
}
