import Strata
import Testing

@Suite struct HashRecordRoundTripTests {
    private static let separators: [HashRecordFormat.Separator] = [.dot, .colon, .slash]

    private func roundTrip<T: Codable & Equatable>(
        _ value: T, _ format: HashRecordFormat = HashRecordFormat(), location: SourceLocation = #_sourceLocation
    ) throws {
        let record = try HashRecordEncoder(format: format).encode(value)
        #expect(Set(record.map(\.name)).count == record.count, "names repeat", sourceLocation: location)
        let decoder = HashRecordDecoder(format: format)
        #expect(try decoder.decode(T.self, from: record) == value, "\(record)", sourceLocation: location)
        let shuffled = HashRecord(record.reversed())
        #expect(try decoder.decode(T.self, from: shuffled) == value, "reversed", sourceLocation: location)
    }

    @Test(arguments: 0..<24)
    func givesEqualValue_forRandomShapes(seed: Int) throws {
        var random = RandomShapes(generator: SeededGenerator(seed: UInt64(seed)))
        let format = HashRecordFormat(separator: Self.separators[seed % Self.separators.count])
        for _ in 0..<4 {
            try roundTrip(random.person(), format)
            try roundTrip(random.everyNumber(), format)
            try roundTrip(random.nesting(), format)
            try roundTrip(random.shape(), format)
            try roundTrip(random.byHand(), format)
            try roundTrip(random.list { $0.optional { $0.person() } }, format)
            try roundTrip(random.dictionary({ $0.text() }, { $0.nesting() }), format)
        }
    }

    @Test func givesEqualValue_forTopLevelValuesWithoutKeys() throws {
        try roundTrip(5)
        try roundTrip("")
        try roundTrip(true)
        try roundTrip(-0.5)
        try roundTrip([UInt8]())
        try roundTrip([0, 255] as [UInt8])
        try roundTrip([Int]())
        try roundTrip([[Int]]())
        try roundTrip([[Int](), [1], []])
        try roundTrip([String: Int]())
        try roundTrip(["": 1, ".": 2, "a.b": 3, "\\": 4, "\\e": 5, "a": 6, "e": 7])
        try roundTrip([-1: "x", 0: "y", .max: "z"])
        try roundTrip(Int?.none)
        try roundTrip(Int?.some(3))
        try roundTrip([Int?.none])
        try roundTrip(Empty())
        try roundTrip([Empty(), Empty()])
        try roundTrip(Level.high)
        try roundTrip(Rank.second)
        try roundTrip(Timestamp(seconds: 1_700_000_000.123))
        try roundTrip(["at": Timestamp(seconds: 0)])
        try roundTrip(Shape.point)
        try roundTrip(Set([1, 2, 3]))
        try roundTrip(Array(0..<1_000))
        try roundTrip(1...3)
        try roundTrip(Float16(1.5))
    }

    @Test func keepsNotANumber() throws {
        let record = try HashRecordEncoder().encode(["x": Double.nan])
        #expect(record == ["x": "nan"])
        #expect(try HashRecordDecoder().decode([String: Double].self, from: record)["x"]?.isNaN == true)
        #expect(try HashRecordDecoder().decode([String: Float].self, from: record)["x"]?.isNaN == true)
    }

    @Test func keepsSuperclass_underItsKey() throws {
        let record = try HashRecordEncoder().encode(Lorry(wheels: 6, load: ["a"]))
        #expect(record == ["load.0": "a", "super.wheels": "6"])
        let lorry = try HashRecordDecoder().decode(Lorry.self, from: record)
        #expect(lorry.wheels == 6)
        #expect(lorry.load == ["a"])
    }

    @Test func laysOutFields_asDocumented() throws {
        let person = Person(
            name: "Ada", age: nil, isAdmin: true, address: Address(city: "London", zip: 7, lines: []),
            tags: ["x", "y"], scores: ["a.b": 0.5], blob: [0xFF], counters: [:]
        )
        var expected: HashRecord = [
            "name": "Ada", "isAdmin": "true", "address.city": "London", "address.zip": "7", "tags.0": "x",
            "tags.1": "y", "scores.a\\.b": "0.5",
        ]
        expected.append(name: "blob".utf8, value: [0xFF])
        expected.append(name: "address.lines.", value: "[]")
        expected.append(name: "counters.", value: "{}")
        #expect(try HashRecordEncoder().encode(person) == expected)
        #expect(try HashRecordEncoder().encode(7) == ["": "7"])
        #expect(try HashRecordEncoder().encode(Empty()) == [".": "{}"])
        #expect(try HashRecordEncoder().encode([1: Int?.none]) == ["1.": "null"])
        #expect(try HashRecordEncoder().encode(Shape.segment(1, 2)) == ["segment._0": "1", "segment._1": "2"])
        #expect(try HashRecordEncoder().encode(["": 1]) == ["\\e": "1"])
        let colon = HashRecordFormat(separator: .colon)
        #expect(try HashRecordEncoder(format: colon).encode(["a.b": ["c": 1]]) == ["a.b:c": "1"])
    }

    @Test func passesUserInfo() throws {
        struct Reader: Codable {
            static let key = CodingUserInfoKey(rawValue: "key").unsafelyUnwrapped
            var text: String
            init(from decoder: any Decoder) throws { text = decoder.userInfo[Self.key] as? String ?? "none" }
        }
        var decoder = HashRecordDecoder()
        decoder.userInfo[Reader.key] = "given"
        #expect(try decoder.decode(Reader.self, from: HashRecord()).text == "given")
    }

    @Test func acceptsSeparators_thatHaveNoOtherMeaning() {
        #expect(HashRecordFormat.Separator("-") != nil)
        #expect(HashRecordFormat.Separator(".") == .dot)
        for character in ["a", "Z", "0", "\\", "é", "\r\n"] as [Character] {
            #expect(HashRecordFormat.Separator(character) == nil)
        }
    }
}
