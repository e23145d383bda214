/// One thing done to a map.
package enum OperationKind: UInt8, Codable, Sendable, CaseIterable {
    /// Reads the value of a key.
    case read = 0
    /// Gives a key another value.
    case update = 1
    /// Gives a key that was never there a value.
    case insert = 2
    /// Removes a key.
    case remove = 3
    /// Replaces the value of a key by one made from it, in one step that no other writer comes between.
    case modify = 4
}

/// How many of a hundred operations are of which kind.
package struct OperationMix: Codable, Hashable, Sendable {
    /// One share for each ``OperationKind``, in percent; they add up to 100.
    package let shares: [Int]

    /// A mix.
    ///
    /// - Returns: `nil` if the shares are negative or don't add up to 100.
    package init?(read: Int, update: Int = 0, insert: Int = 0, remove: Int = 0, modify: Int = 0) {
        let shares = [read, update, insert, remove, modify]
        guard shares.allSatisfy({ (0...100).contains($0) }), shares.reduce(0, +) == 100 else { return nil }
        self.shares = shares
    }

    private init(shares: [Int]) {
        self.shares = shares
    }

    /// Reads a mix as people write it: "95/5" is reads and updates, "60/30/10" reads, updates and removals, two more numbers insertions
    /// and modifications.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard (1...5).contains(parts.count), !parts.contains(nil) else { return nil }
        let numbers = parts.compactMap { $0 } + Array(repeating: 0, count: 5 - parts.count)
        self.init(read: numbers[0], update: numbers[1], insert: numbers[3], remove: numbers[2], modify: numbers[4])
    }

    /// Reads only.
    package static let readOnly = OperationMix(shares: [100, 0, 0, 0, 0])
    /// 95 reads, 5 updates.
    package static let mostlyReads = OperationMix(shares: [95, 5, 0, 0, 0])
    /// As many reads as updates.
    package static let halfReads = OperationMix(shares: [50, 50, 0, 0, 0])
    /// Updates only.
    package static let updatesOnly = OperationMix(shares: [0, 100, 0, 0, 0])

    /// Whether nothing is changed.
    package var isReadOnly: Bool { shares[0] == 100 }

    /// The kind of the next operation.
    @inline(__always)
    package func next(using random: inout SeededRandom) -> OperationKind {
        var number = random.next(below: 100)
        for kind in OperationKind.allCases {
            number -= shares[Int(kind.rawValue)]
            if number < 0 { return kind }
        }
        return .read
    }

    /// The shares that people name, as in "95/5".
    package var text: String {
        let ordered = [shares[0], shares[1], shares[3], shares[2], shares[4]]
        let last = max((ordered.lastIndex { $0 > 0 } ?? 0) + 1, 2)
        return ordered.prefix(last).map(String.init).joined(separator: "/")
    }
}
