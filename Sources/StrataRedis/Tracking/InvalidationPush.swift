import StrataRESP

/// What a server pushes to a connection that tracks keys.
enum InvalidationPush: Hashable, Sendable {
    /// These keys were changed, removed, or ended.
    case keys([[UInt8]])
    /// All keys were removed; or something came that can't be understood, and it may have meant any key.
    case everything
    /// Something else.
    case unrelated

    /// Reads a push message.
    init(_ values: [RESPValue]) {
        guard values.first?.bytes == Array("invalidate".utf8) else {
            self = .unrelated
            return
        }
        guard values.count == 2, let elements = values[1].elements else {
            self = .everything
            return
        }
        let keys = elements.compactMap(\.bytes)
        self = keys.count == elements.count ? .keys(keys) : .everything
    }
}
