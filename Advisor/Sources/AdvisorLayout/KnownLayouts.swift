/// Layouts of types that the package's source doesn't declare: of the standard library, Synchronization and Foundation, on 64-bit Linux.
///
/// Tests compare each with `MemoryLayout`.
enum KnownLayouts {
    static let pointer = TypeLayout(
        size: 8, alignment: 8, extraInhabitants: 1, spareBits: Array(repeating: 0, count: 8))
    /// A string: the compiler sees no unused bits in it.
    static let text = TypeLayout(
        size: 16, alignment: 8, extraInhabitants: TypeLayout.manyInhabitants, spareBits: Array(repeating: 0, count: 16))
    /// A dictionary or set: a reference, but without unused bits.
    static let hashTable = TypeLayout(
        size: 8, alignment: 8, extraInhabitants: TypeLayout.manyInhabitants, spareBits: Array(repeating: 0, count: 8))
    static let function = TypeLayout(size: 16, alignment: 8, extraInhabitants: TypeLayout.manyInhabitants)

    static let plain: [String: TypeLayout] = [
        "Int": .number(8), "UInt": .number(8), "Int8": .number(1), "UInt8": .number(1), "Int16": .number(2),
        "UInt16": .number(2), "Int32": .number(4), "UInt32": .number(4), "Int64": .number(8), "UInt64": .number(8),
        "Int128": .number(16), "UInt128": .number(16), "Float": .number(4), "Double": .number(8), "Float16": .number(2),
        "CGFloat": .number(8), "TimeInterval": .number(8), "CInt": .number(4), "CUnsignedInt": .number(4),
        "CChar": .number(1),
        "CLong": .number(8),
        "Bool": TypeLayout(size: 1, alignment: 1, extraInhabitants: 254, spareBits: [0xFE]),
        "String": text, "Character": text,
        "Substring": TypeLayout(size: 32, alignment: 8, extraInhabitants: TypeLayout.manyInhabitants),
        "StaticString": TypeLayout(size: 17, alignment: 8),
        "AnyObject": .reference, "ObjectIdentifier": pointer, "OpaquePointer": pointer, "UnsafeRawPointer": pointer,
        "UnsafeMutableRawPointer": pointer,
        "UnsafeRawBufferPointer": TypeLayout(size: 16, alignment: 8),
        "UnsafeMutableRawBufferPointer": TypeLayout(size: 16, alignment: 8),
        "AnyHashable": TypeLayout(size: 40, alignment: 8, extraInhabitants: TypeLayout.manyInhabitants),
        "Duration": TypeLayout(size: 16, alignment: 8), "UUID": .number(16, alignment: 1), "Date": .number(8),
        "Data": TypeLayout(size: 16, alignment: 8, extraInhabitants: TypeLayout.manyInhabitants),
        "DispatchQueue": .reference, "NSLock": .reference, "NSRecursiveLock": .reference,
        "DispatchSemaphore": .reference,
        "CheckedContinuation": .reference,
        "ContinuousClock.Instant": TypeLayout(size: 16, alignment: 8),
        "SuspendingClock.Instant": TypeLayout(size: 16, alignment: 8),
    ]

    /// Types with arguments whose layout doesn't depend on these.
    static let generic: [String: TypeLayout] = [
        "UnsafePointer": pointer, "UnsafeMutablePointer": pointer, "Unmanaged": .reference,
        "UnsafeBufferPointer": TypeLayout(size: 16, alignment: 8),
        "UnsafeMutableBufferPointer": TypeLayout(size: 16, alignment: 8),
        "ContiguousArray": .reference, "KeyPath": .reference, "WritableKeyPath": .reference,
        "ManagedBuffer": .reference,
        "ManagedAtomic": .reference, "NIOLockedValueBox": .reference,
    ]
}
