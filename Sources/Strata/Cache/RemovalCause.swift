/// Why an entry left a cache.
public enum RemovalCause: Sendable, Hashable, CaseIterable {
    /// The caller removed it.
    case explicit
    /// The caller, or a refresh, put another value in its place.
    case replaced
    /// It had to make room, or was itself too heavy to be let in.
    case size
    /// Its deadline passed.
    case expired

    /// Whether the cache removed it by itself.
    public var isEviction: Bool { self == .size || self == .expired }
}
