public import Strata

/// A key that too many read for one primary: its hash is kept several times, under keys that lie on different ones.
///
/// Writes go to all copies, a reader always asks the same one, picked at random when it begins. The first tier of each process
/// relieves a hot key already; this is for keys that are hot in the second tier, because very many processes ask, or values change
/// too often to be kept.
///
/// Copies are written one after the other, so readers of different copies may see a change at different times.
public struct HotKeySplitter: Sendable {
    private let cache: TieredHash
    private let key: [UInt8]
    private let copies: Int
    private let own: Int

    /// A key in several copies.
    ///
    /// - Parameters:
    ///   - cache: Where they are kept.
    ///   - key: Names them; nothing is kept under this key itself.
    ///   - copies: How many there are; all who use it must agree.
    public init(_ cache: TieredHash, key: some ByteKey, copies: Int = 4) {
        self.cache = cache
        self.key = key.copied
        self.copies = max(copies, 1)
        own = min(Int(cache.jitter() * Double(self.copies)), self.copies - 1)
    }

    /// The key of a part: the number is inside the braces, so that it decides the slot.
    ///
    /// Braces of the key itself are left out: they would send all parts to one slot.
    package static func partKey(_ key: [UInt8], _ part: Int) -> [UInt8] {
        let bare = key.filter { $0 != UInt8(ascii: "{") && $0 != UInt8(ascii: "}") }
        return [UInt8(ascii: "{")] + bare + Array("#\(part)}".utf8)
    }

    /// The key of the copy that this process reads.
    public var readKey: [UInt8] { Self.partKey(key, own) }

    /// The value of a field in the copy that this process reads.
    ///
    /// - Throws: ``TieredError``.
    public func get(_ field: some ByteKey, options: TieredReadOptions = .init()) async throws -> [UInt8]? {
        try await cache.get(readKey, field, options: options)
    }

    /// The value of a field, loaded if the copy that this process reads doesn't have it.
    ///
    /// - Throws: What the loader throws; ``TieredError``.
    public func load(
        _ field: some ByteKey, options: TieredReadOptions = .init(), loader: @escaping FieldLoader
    ) async throws -> [UInt8]? {
        let key = key
        return try await cache.load(readKey, field, options: options) { _, fields in try await loader(key, fields) }
    }

    /// Sets a field in all copies, the one that this process reads last.
    ///
    /// - Throws: ``TieredError``; then some copies may have it.
    public func set(
        _ field: some ByteKey, to value: some ByteKey, lifetime: Duration? = nil, options: TieredWriteOptions = .init()
    ) async throws {
        let field = field.copied
        let value = value.copied
        for part in order {
            try await cache.set(Self.partKey(key, part), field, to: value, lifetime: lifetime, options: options)
        }
    }

    /// Removes all copies.
    ///
    /// - Throws: ``TieredError``; then some may be left.
    public func remove(options: TieredWriteOptions = .init()) async throws {
        for part in order { try await cache.remove(Self.partKey(key, part), options: options) }
    }

    private var order: [Int] { (0..<copies).filter { $0 != own } + [own] }
}
