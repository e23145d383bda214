/// Why an operation of a ``HashStore`` was refused.
///
/// The store is unchanged then.
public enum HashStoreError: Error, Hashable, Sendable {
    /// The key holds a string where a hash is needed, or the other way round.
    case wrongType
    /// The value is not the decimal form of a 64-bit integer.
    case notAnInteger
    /// The value is not the decimal form of a finite number.
    case notANumber
    /// The result would not fit into a 64-bit integer, or would not be a finite number.
    case overflow
    /// A key, name or value is longer than ``HashStore/maximumValueLength``.
    case tooLong
    /// The memory budget is used up and its policy finds nothing to remove.
    case outOfMemory
}

extension HashStoreError: CustomStringConvertible {
    /// The reason in words.
    public var description: String {
        switch self {
        case .wrongType: "the key holds another kind of value"
        case .notAnInteger: "the value is not an integer of 64 bits"
        case .notANumber: "the value is not a finite number"
        case .overflow: "the result is out of range"
        case .tooLong: "a key, name or value is too long"
        case .outOfMemory: "the memory budget is used up"
        }
    }
}
