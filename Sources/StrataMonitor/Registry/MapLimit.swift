/// How much something may hold before it hurts: what a forecast looks ahead to.
///
/// A cache that is full makes room and does what it is there for: it needs no limit. A map that only grows, a store whose memory is counted, or a
/// pool that mustn't run dry do.
public struct MapLimit: Hashable, Codable, Sendable {
    /// What is counted.
    public enum Unit: String, Codable, Sendable {
        /// Entries; of a pool, the objects in use.
        case entries
        /// Bytes of memory, tables included.
        case bytes
    }

    /// What is counted.
    public let unit: Unit
    /// How much there may be of it.
    public let amount: Int

    /// A number of entries; of a pool, of objects in use.
    public static func entries(_ amount: Int) -> MapLimit { MapLimit(unit: .entries, amount: amount) }

    /// A number of bytes.
    public static func bytes(_ amount: Int) -> MapLimit { MapLimit(unit: .bytes, amount: amount) }

    /// What counts of a map's figures.
    func value(of figures: MapFigures) -> Double {
        switch unit {
        case .entries: Double(figures.pool?.inUseCount ?? figures.count)
        case .bytes: Double(figures.byteCount)
        }
    }
}
