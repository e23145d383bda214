import Testing

@testable import Strata

/// Random fields into random types: each gives a value or an error.
@Suite struct HashRecordFuzzTests {
    /// Parts that the shapes use, and parts that nothing should use.
    private static let parts = [
        "name", "age", "isAdmin", "address", "city", "zip", "lines", "tags", "scores", "blob", "counters", "0", "1",
        "2", "10", "99999999999999999999", "-1", "group", "circle", "point", "radius", "segment", "_0", "_1", "next",
        "value", "super", "load", "wheels", "", "\\", "\\e", "\\.", "\\x", "a\\", "\u{0}", "lists", "optionals",
        "doubled", "empties", "deep", "shapes", "byRank",
    ]

    private static let values = [
        "", "0", "1", "-1", "255", "256", "true", "x", "null", "{}", "[]", "1e400", "-nan", "nan", "1e-400",
        "340282366920938463463374607431768211455", "170141183460469231731687303715884105728", ".", "-", "+", "e", "1e",
    ]

    private func record(_ generator: inout SeededGenerator) -> HashRecord {
        var record = HashRecord()
        for _ in 0..<Int.random(in: 0...14, using: &generator) {
            var name: [UInt8] = []
            for position in 0..<Int.random(in: 0...5, using: &generator) {
                if position > 0 { name.append(UInt8(ascii: ".")) }
                name += Array((Self.parts.randomElement(using: &generator) ?? "").utf8)
            }
            var value = Array((Self.values.randomElement(using: &generator) ?? "").utf8)
            if Int.random(in: 0..<8, using: &generator) == 0 {
                value.append(UInt8.random(in: 0...255, using: &generator))
            }
            if Int.random(in: 0..<12, using: &generator) == 0, !name.isEmpty {
                name[Int.random(in: 0..<name.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            record.append(name: name, value: value)
        }
        return record
    }

    /// Decodes the record as every type there is; a value that comes out must survive a round trip.
    private func decodeAll(_ record: HashRecord) throws {
        func attempt<T: Codable>(_ type: T.Type) throws {
            guard let value = try? HashRecordDecoder().decode(type, from: record) else { return }
            let again = try HashRecordEncoder().encode(value)
            _ = try HashRecordDecoder().decode(type, from: again)
        }
        try attempt(Person.self)
        try attempt(EveryNumber.self)
        try attempt(Nesting.self)
        try attempt(Shape.self)
        try attempt(ByHand.self)
        try attempt(Chain.self)
        try attempt(Lorry.self)
        try attempt(Int.self)
        try attempt(UInt128.self)
        try attempt(Double.self)
        try attempt(String.self)
        try attempt([String].self)
        try attempt([UInt8].self)
        try attempt([Int?].self)
        try attempt([[Int]].self)
        try attempt([String: Int].self)
        try attempt([String: [String: String]].self)
        try attempt([Int: [UInt8]].self)
        try attempt([Shape: Int].self)
        try attempt([String: Shape].self)
    }

    @Test(arguments: 0..<8)
    func neverTraps_onRandomFields(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        for _ in 0..<120 { try decodeAll(record(&generator)) }
    }

    /// Every real record with one field changed, removed, doubled or moved.
    @Test(arguments: 0..<8)
    func neverTraps_onDamagedRecords(seed: Int) throws {
        var random = RandomShapes(generator: SeededGenerator(seed: UInt64(seed)))
        for _ in 0..<8 {
            var fields = Array(try HashRecordEncoder().encode(random.nesting()))
            fields += try HashRecordEncoder().encode(random.person())
            for _ in 0..<5 {
                let position = Int.random(in: 0..<fields.count, using: &random.generator)
                switch Int.random(in: 0..<4, using: &random.generator) {
                case 0: if fields.count > 1 { fields.remove(at: position) }
                case 1: fields[position].value = random.bytes()
                case 2: fields[position].name.append(UInt8(ascii: "."))
                default: fields[position].name.insert(UInt8(ascii: "\\"), at: 0)
                }
                try decodeAll(HashRecord(fields))
            }
        }
    }

    /// The index against a search through all names.
    @Test(arguments: 0..<10)
    func findsWhatASearchThroughAllNamesFinds(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        for _ in 0..<50 {
            let record = record(&generator)
            let paths = FieldPath(separator: UInt8(ascii: "."))
            guard let index = try? RecordIndex(record, paths: paths) else { continue }
            check(index, index.root, path: [], record)
        }
    }

    private func check(_ index: RecordIndex, _ node: RecordIndex.Node, path: [UInt8], _ record: HashRecord) {
        var prefix = path
        if !path.isEmpty { prefix.append(UInt8(ascii: ".")) }
        for part in Self.parts where !part.isEmpty {
            let wanted = prefix + Array(part.utf8)
            let child = part.utf8.withContiguousStorageIfAvailable { index.child(of: node, $0) } ?? node
            let leaves = record.filter { $0.name == wanted }
            let under = record.filter { $0.name.starts(with: wanted + [UInt8(ascii: ".")]) }
            #expect((child.leaf >= 0) == !leaves.isEmpty)
            #expect(Int(child.upper - child.lower) == under.count)
            if !child.isMissing {
                #expect(index.withPath(of: child) { Array($0) } == wanted)
                if child.lower < child.upper { check(index, child, path: wanted, record) }
            }
        }
    }
}
