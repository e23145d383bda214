public import Strata

/// A counter that too many count in for one key: split over several, and perhaps over slices of time.
///
/// Each addition goes to one of the parts, a read adds all of them up. The parts' keys have hash tags of their own, so in a cluster they
/// lie on different primaries, and no single one carries the whole load.
///
/// ```swift
/// let views = SplitCounter(cache, key: "video:42", field: "views", ways: 16)
/// try await views.increment()
/// let count = try await views.value()
/// ```
///
/// A read is a sum of numbers read one after the other: additions under way may or may not be in it.
public struct SplitCounter: Sendable {
    /// A window of time that a counter looks back on.
    public struct Window: Hashable, Sendable {
        /// How long a slice is.
        public var slice: Duration
        /// How many slices are added up, the present one included.
        public var count: Int

        /// A window as given.
        public init(slice: Duration, count: Int) {
            precondition(slice > .zero && count > 0)
            self.slice = slice
            self.count = count
        }
    }

    private let cache: TieredHash
    private let key: [UInt8]
    private let field: [UInt8]
    private let ways: Int
    private let window: Window?

    /// A counter.
    ///
    /// - Parameters:
    ///   - cache: Where it is kept.
    ///   - key: Names it; nothing is kept under this key itself.
    ///   - field: The field of the parts.
    ///   - ways: How many parts it has; all who use it must agree.
    ///   - window: How far back it counts; `nil` for ever.
    public init(
        _ cache: TieredHash, key: some ByteKey, field: some ByteKey, ways: Int = 16, window: Window? = nil
    ) {
        self.cache = cache
        self.key = key.copied
        self.field = field.copied
        self.ways = max(ways, 1)
        self.window = window
    }

    /// Adds to it.
    ///
    /// - Throws: ``TieredError``; with ``TieredError/Code/unknownOutcome`` it isn't known whether it was counted.
    public func increment(by amount: Int64 = 1) async throws {
        let part = min(Int(cache.jitter() * Double(ways)), ways - 1)
        let key = HotKeySplitter.partKey(slicedKey(back: 0), part)
        _ = try await cache.increment(key, field, by: amount)
    }

    /// All parts added up.
    ///
    /// - Throws: ``TieredError``.
    public func value(options: TieredReadOptions = .init()) async throws -> Int64 {
        var sum: Int64 = 0
        for back in 0..<(window?.count ?? 1) {
            let sliced = slicedKey(back: back)
            let values = try await withThrowingTaskGroup(of: Int64.self) { group in
                for part in 0..<ways {
                    group.addTask {
                        let value = try await cache.get(HotKeySplitter.partKey(sliced, part), field, options: options)
                        return value.flatMap { Int64(String(decoding: $0, as: UTF8.self)) } ?? 0
                    }
                }
                return try await group.reduce(0, &+)
            }
            sum &+= values
        }
        return sum
    }

    /// The key of a slice of time, so many before the present one: by the time of day, which all processes share.
    private func slicedKey(back: Int) -> [UInt8] {
        guard let window else { return key }
        let length = max(Int64(window.slice / .milliseconds(1)), 1)
        let slice = cache.clock.unixMilliseconds() / length - Int64(back)
        return key + Array("@\(slice)".utf8)
    }
}
