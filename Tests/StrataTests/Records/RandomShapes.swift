// Random values of the shapes, from a seeded generator.

/// Makes values that are likely to hit an edge.
struct RandomShapes {
    var generator: SeededGenerator

    mutating func integer<T: FixedWidthInteger>(_ type: T.Type = T.self) -> T {
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: .min
        case 1: .max
        case 2: 0
        case 3: T(Int.random(in: 0...99, using: &generator))
        default: T.random(in: .min ... .max, using: &generator)
        }
    }

    mutating func double() -> Double {
        let special: [Double] = [
            0, -0.0, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 1e21, 0.1, 1, .pi,
        ]
        return Bool.random(using: &generator)
            ? special.randomElement(using: &generator) ?? 0
            : { $0.isNaN ? 1 : $0 }(Double(bitPattern: UInt64.random(in: .min ... .max, using: &generator)))
    }

    mutating func text() -> String {
        let alphabet: [Character] = [
            "a", "b", "e", ".", "\\", "0", "1", ":", "/", "-", " ", "é", "👩‍👩‍👧", "\u{0}", "\n", "\"", "{", "}",
        ]
        return String(
            (0..<Int.random(in: 0...6, using: &generator)).map { _ in
                alphabet.randomElement(using: &generator) ?? "a"
            })
    }

    mutating func bytes() -> [UInt8] {
        (0..<Int.random(in: 0...20, using: &generator)).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }

    mutating func list<T>(_ maximum: Int = 12, _ element: (inout RandomShapes) -> T) -> [T] {
        (0..<Int.random(in: 0...maximum, using: &generator)).map { _ in element(&self) }
    }

    mutating func optional<T>(_ value: (inout RandomShapes) -> T) -> T? {
        Bool.random(using: &generator) ? value(&self) : nil
    }

    mutating func dictionary<K: Hashable, V>(
        _ key: (inout RandomShapes) -> K, _ value: (inout RandomShapes) -> V
    ) -> [K: V] {
        Dictionary(list(5) { (key(&$0), value(&$0)) }) { first, _ in first }
    }

    mutating func person() -> Person {
        Person(
            name: text(), age: optional { $0.integer() }, isAdmin: Bool.random(using: &generator),
            address: optional { Address(city: $0.text(), zip: $0.integer(), lines: $0.list { $0.text() }) },
            tags: list { $0.text() }, scores: dictionary({ $0.text() }, { $0.double() }), blob: bytes(),
            counters: dictionary({ $0.integer() }, { $0.integer() })
        )
    }

    mutating func everyNumber() -> EveryNumber {
        EveryNumber(
            int: integer(), int8: integer(), int16: integer(), int32: integer(), int64: integer(), int128: integer(),
            uint: integer(), uint8: integer(), uint16: integer(), uint32: integer(), uint64: integer(),
            uint128: integer(), float: Float(double()), double: double(), flag: Bool.random(using: &generator)
        )
    }

    mutating func shape(_ depth: Int = 3) -> Shape {
        switch Int.random(in: 0..<(depth > 0 ? 4 : 3), using: &generator) {
        case 0: .point
        case 1: .circle(radius: double())
        case 2: .segment(integer(), integer())
        default: .group(list(3) { $0.shape(depth - 1) }, name: optional { $0.text() })
        }
    }

    mutating func nesting() -> Nesting {
        Nesting(
            lists: list { $0.list { $0.integer() } }, optionals: list { $0.optional { $0.integer() } },
            doubled: dictionary({ $0.text() }, { $0.optional { $0.integer() } }), empties: list { _ in Empty() },
            deep: dictionary({ $0.text() }, { $0.dictionary({ $0.text() }, { $0.list { $0.level() } }) }),
            blobs: list { $0.bytes() }, shapes: list { $0.shape() }, ranks: list { $0.rank() },
            byRank: dictionary({ $0.rank() }, { $0.integer() }), byShape: dictionary({ $0.shape() }, { $0.integer() })
        )
    }

    mutating func level() -> Level { Level.allCases.randomElement(using: &generator) ?? .low }
    mutating func rank() -> Rank { Rank.allCases.randomElement(using: &generator) ?? .first }

    mutating func byHand() -> ByHand {
        ByHand(
            numbers: list { $0.integer() }, name: text(), flags: list { Bool.random(using: &$0.generator) },
            inner: integer(), listed: text()
        )
    }
}
