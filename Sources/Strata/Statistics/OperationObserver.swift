/// What a thread does with a map, cache, store or pool, as far as figures tell it apart.
@frozen
public enum MapOperation: UInt8, CaseIterable, Hashable, Sendable {
    /// A value was asked for.
    case get
    /// A key got a value.
    case set
    /// A key lost its value.
    case remove
    /// A key's value was computed from the one before.
    case update
    /// The values of several keys were asked for by one call.
    case getMany
}

/// One operation of a sample.
package struct OperationSample: Sendable {
    /// What was done.
    package var operation: MapOperation
    /// How long it took, the whole call for several keys; `nil` if that wasn't measured.
    package var nanoseconds: Int?
    /// How many operations this one stands for.
    package var weight: Int
    /// Of the keys that were read, how many had a value.
    package var foundCount: Int
    /// How many keys were read.
    package var keyCount: Int
    /// The hash of the key, as the map sees it; `nil` for many keys.
    package var hash: UInt64?

    /// A sample of an operation on one key.
    package init(_ operation: MapOperation, nanoseconds: Int?, weight: Int, wasFound: Bool, hash: UInt64?) {
        self.operation = operation
        self.nanoseconds = nanoseconds
        self.weight = weight
        self.foundCount = wasFound ? 1 : 0
        self.keyCount = 1
        self.hash = hash
    }
}

/// Is told of a sample of a map's operations.
package protocol OperationObserver: AnyObject, Sendable {
    /// Called after a sampled operation, on the thread that did it, outside of locks and pins. Must not wait and must not use the map.
    ///
    /// - Parameters:
    ///   - sample: What was done.
    ///   - key: Makes a text of the key; to be called within the call, if at all.
    func observe(_ sample: OperationSample, key: () -> String)
}
