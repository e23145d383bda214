import Strata
import StrataRESP

extension UnsafeRawBufferPointer {
    /// Whether the bytes spell a word, in whatever case.
    ///
    /// - Parameter word: The word in capital letters.
    /// - Returns: Whether they do.
    func spells(_ word: StaticString) -> Bool {
        guard count == word.utf8CodeUnitCount else { return false }
        for index in 0..<count {
            let byte = self[index]
            let isSmall = byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z")
            if (isSmall ? byte & 0xDF : byte) != word.utf8Start[index] { return false }
        }
        return true
    }

    /// The bytes as text for an error message: up to the first zero byte, where messages end in C.
    var shown: String { String(decoding: prefix { $0 != 0 }, as: UTF8.self) }
}

extension CommandContext {
    /// The time of day of the request, in milliseconds since 1970.
    var unixMilliseconds: Int64 { WallClock.unixMilliseconds(fromTicks: now) }

    /// Whether the argument at an index spells a word, given in capital letters.
    func argument(_ index: Int, is word: StaticString) -> Bool {
        arguments[index].spells(word)
    }

    /// The argument at an index as an integer.
    func integer(_ index: Int) throws(CommandError) -> Int64 {
        guard let value = DecimalInteger.parse(arguments[index]) else { throw .notInteger }
        return value
    }

    /// The argument at an index as an integer of a range, refused with a text of the command's own.
    func integer(_ index: Int, in range: ClosedRange<Int64>, orElse error: CommandError) throws(CommandError) -> Int64 {
        guard let value = DecimalInteger.parse(arguments[index]), range.contains(value) else { throw error }
        return value
    }

    /// The argument at an index as the number of a database.
    func databaseNumber(_ index: Int) throws(CommandError) -> Int {
        let value = try integer(index)
        guard let number = Int32(exactly: value) else { throw .outOfIntRange }
        guard number >= 0, number < Databases.count else { throw .databaseOutOfRange }
        return Int(number)
    }

    /// The entry of a key that must be a string if it exists; the key's shard is locked.
    func lockedString(_ key: Key) throws(CommandError) -> Entry? {
        guard let entry = access.entry(key) else { return nil }
        guard entry.kind == .string else { throw .wrongType }
        return entry
    }

    /// The entry of a key that must be a hash if it exists; the key's shard is locked.
    func lockedHash(_ key: Key) throws(CommandError) -> Entry? {
        guard let entry = access.entry(key) else { return nil }
        guard entry.kind == .hash else { throw .wrongType }
        return entry
    }

    /// Reads a key that must be a string if it exists.
    func readString(_ key: Key, _ body: (Entry?) throws(CommandError) -> Void) throws(CommandError) {
        try read(key) { entry throws(CommandError) in
            if let entry, entry.kind != .string { throw .wrongType }
            try body(entry)
        }
    }

    /// Reads one field, or properties of the whole that are a single number, of a key that must be a hash if it exists.
    func readHash(_ key: Key, _ body: (Entry?) throws(CommandError) -> Void) throws(CommandError) {
        try read(key) { entry throws(CommandError) in
            if let entry, entry.kind != .hash { throw .wrongType }
            try body(entry)
        }
    }

    /// Reads several fields of a key that must be a hash if it exists, all as they were at one moment.
    ///
    /// A compact hash is one immutable block and is read without a lock. A table may change between two fields, so it
    /// is read again under the lock of its shard.
    func readWholeHash(_ key: Key, _ body: (Entry?) throws(CommandError) -> Void) throws(CommandError) {
        var needsLock = false
        try readHash(key) { entry throws(CommandError) in
            if let entry, heldAccess == nil, entry.isTable {
                needsLock = true
                return
            }
            try body(entry)
        }
        guard needsLock else { return }
        try withAccess(to: key) { access throws(CommandError) in
            let entry = access.entry(key)
            if let entry, entry.kind != .hash { throw .wrongType }
            try body(entry)
        }
    }

    /// Runs a closure with the shard of a key locked, as it is already in a transaction.
    func withAccess(
        to key: Key, _ body: (HashStore.Access) throws(CommandError) -> Void
    ) throws(CommandError) {
        if let heldAccess { return try body(heldAccess) }
        try store.withExclusiveAccess(to: key, now: now, body)
    }

    /// Removes those of some fields that have expired.
    ///
    /// Called where a read has come across one.
    ///
    /// - Parameters:
    ///   - key: The key of a hash, if it still is one.
    ///   - names: The positions of the names in the request.
    func collectExpiredFields(_ key: Key, _ names: Range<Int>) {
        let collect = { (access: HashStore.Access) in
            guard access.entry(key)?.kind == .hash else { return }
            access.collectExpiredFields(key, count: names.count) { self.arguments[names.lowerBound + $0] }
        }
        if let heldAccess { collect(heldAccess) } else { store.withExclusiveAccess(to: key, now: now, collect) }
    }

    /// The live field of a hash at a position of the request.
    ///
    /// One that has expired is removed, and with the last one
    /// the hash, so that the entry must not be used any more.
    func lockedField(_ key: Key, of entry: Entry?, at index: Int) -> HashStore.Field? {
        switch entry?.lookup(arguments[index], now: now) {
        case .live(let field): return field
        case .expired:
            access.collectExpiredFields(key, count: 1) { _ in arguments[index] }
            return nil
        case .missing, nil: return nil
        }
    }
}

extension CommandError {
    /// An integer exceeds 32 bits where the protocol has a C `int`.
    static let outOfIntRange = CommandError("ERR value is out of range, value must between -2147483648 and 2147483647")
    /// No database has this number.
    static let databaseOutOfRange = CommandError("ERR DB index is out of range")
    /// A string would become longer than a bulk string may be.
    static let stringTooLong = CommandError("ERR string exceeds maximum allowed size (proto-max-bulk-len)")
    /// The sum of a float increment is no finite number.
    static let notFinite = CommandError("ERR increment would produce NaN or Infinity")
    /// Source and destination are the same.
    static let sameObject = CommandError("ERR source and destination objects are the same")
}
