/// How a map hashes its keys.
@usableFromInline
enum MapHashing {
    /// The hash of a key: 64 well mixed bits that depend on the map's secret.
    ///
    /// Standard integers go through the keyed integer hash in 1–2 ns, byte strings (``ShortBytes``, ``ByteString``, `[UInt8]`)
    /// through the keyed hash of bytes in about 5, ASCII strings as `StringHashing` says; which type it is folds to a constant
    /// where the key type is known. Every other type goes through its own `Hashable` and the standard library's seeded SipHash.
    @inlinable @inline(__always)
    static func hash<Key: Hashable>(_ key: Key, _ hashKey: HashKey) -> UInt64 {
        if let word = integer(key) { return hashKey.hash(word) }
        if let hash = byteString(key, hashKey) { return hash }
        if Key.self == String.self {
            // SAFETY: the words are only looked at; strings have 16 bytes.
            let words = unsafeBitCast(key, to: (UInt64, UInt64).self)
            return StringHashing.shortHash(words, hashKey) ?? StringHashing.hash(key as! String, hashKey)
        }
        return UInt64(truncatingIfNeeded: key._rawHashValue(seed: Int(truncatingIfNeeded: hashKey.high)))
    }

    // SAFETY: each cast is from a type to itself.
    @inlinable @inline(__always)
    static func integer<Key: Hashable>(_ key: Key) -> UInt64? {
        if Key.self == Int.self { return UInt64(truncatingIfNeeded: unsafeBitCast(key, to: Int.self)) }
        if Key.self == UInt64.self { return unsafeBitCast(key, to: UInt64.self) }
        if Key.self == Int64.self { return UInt64(truncatingIfNeeded: unsafeBitCast(key, to: Int64.self)) }
        if Key.self == UInt.self { return UInt64(truncatingIfNeeded: unsafeBitCast(key, to: UInt.self)) }
        if Key.self == UInt32.self { return UInt64(truncatingIfNeeded: unsafeBitCast(key, to: UInt32.self)) }
        if Key.self == Int32.self { return UInt64(truncatingIfNeeded: unsafeBitCast(key, to: Int32.self)) }
        if Key.self == UInt16.self { return UInt64(truncatingIfNeeded: unsafeBitCast(key, to: UInt16.self)) }
        if Key.self == Int16.self { return UInt64(truncatingIfNeeded: unsafeBitCast(key, to: Int16.self)) }
        if Key.self == UInt8.self { return UInt64(truncatingIfNeeded: unsafeBitCast(key, to: UInt8.self)) }
        if Key.self == Int8.self { return UInt64(truncatingIfNeeded: unsafeBitCast(key, to: Int8.self)) }
        return nil
    }

    // SAFETY: each cast is from a type to itself.
    @inlinable @inline(__always)
    static func byteString<Key: Hashable>(_ key: Key, _ hashKey: HashKey) -> UInt64? {
        if Key.self == ShortBytes.self { return unsafeBitCast(key, to: ShortBytes.self).hash(hashKey) }
        if Key.self == ByteString.self { return (key as! ByteString).hash(hashKey) }
        if Key.self == [UInt8].self { return (key as! [UInt8]).withUnsafeBytes { hashKey.hash($0) } }
        return nil
    }

    /// What is to be done before keys of a type are hashed.
    @inlinable
    static func prepare<Key: Hashable>(for type: Key.Type) {
        if Key.self == String.self { StringHashing.learnLayout() }
    }
}
