/// Why something can't be registered.
public enum RegistryError: Error, Hashable, Sendable, CustomStringConvertible {
    /// `name` is empty.
    case nameIsEmpty
    /// `name` takes more bytes of UTF-8 than allowed.
    case nameIsTooLong(name: String, limit: Int)
    /// `name` belongs to something that is registered.
    case nameIsTaken(name: String)
    /// `limit` is 0 or less.
    case limitIsNotPositive(name: String, limit: MapLimit)
    /// As many are registered as may be.
    case isFull(limit: Int)

    /// What is wrong, and with which name.
    public var description: String {
        switch self {
        case .nameIsEmpty: "name: it must not be empty"
        case .nameIsTooLong(let name, let limit): "name: \"\(name.prefix(limit))…\" takes more than \(limit) bytes"
        case .nameIsTaken(let name): "name: \"\(name)\" is registered already"
        case .limitIsNotPositive(let name, let limit):
            "limit: \(limit.amount) \(limit.unit.rawValue) of \"\(name)\" is no limit; it must be more than 0"
        case .isFull(let limit): "registry: \(limit) are registered, which is the limit"
        }
    }
}
