/// Says of one read where its answers came from; to be put into ``TieredReadOptions/provenance``.
///
/// ```swift
/// let provenance = ReadProvenance()
/// _ = try await cache.get("user:1", "name", options: .init(provenance: provenance))
/// print(provenance.fields)
/// ```
public final class ReadProvenance: Sendable {
    /// Where the answer for one field came from.
    public struct Field: Hashable, Sendable {
        /// The field.
        public var name: [UInt8]
        /// The tier that had the answer.
        public var tier: Tier
        /// How long ago the answer was read from a tier below, or written; `nil` if that was now.
        public var age: Duration?
        /// The epoch of the shard that it was read in.
        public var epoch: UInt64
        /// Why the first tier's answer wasn't good enough, or was served only for want of a better one.
        public var missReason: MissReason?
        /// Whether the answer may be out of date.
        public var isStale: Bool
    }

    private let state = Guarded<[Field]>([])

    /// Nothing is known yet.
    public init() {}

    /// What is known, one for each field, in the order in which they were answered.
    public var fields: [Field] { state.withLock { $0 } }

    func add(_ field: Field) { state.withLock { $0.append(field) } }
}
