import Strata
import Testing

@Suite struct HashRecordErrorTests {
    private struct User: Codable {
        var name: String
        var age: Int8
        var ratio: Float?
        var admin: Bool?
        var address: Home?
        var tags: [String]?
        struct Home: Codable {
            var city: String
            var level: Level?
        }
    }

    /// One row of the table: fields that are wrong, and what the error says.
    struct Case: Sendable, CustomTestStringConvertible {
        var fields: HashRecord
        var code: HashRecordError.Code
        var path: String
        var found: String?
        var testDescription: String { "\(fields)" }
    }

    static let cases: [Case] = [
        Case(fields: ["age": "1"], code: .missingField, path: "name"),
        Case(fields: ["name": "a"], code: .missingField, path: "age"),
        Case(fields: [:], code: .missingField, path: "name"),
        Case(fields: ["name": "a", "age": "x"], code: .typeMismatch, path: "age", found: "\"x\""),
        Case(fields: ["name": "a", "age": ""], code: .typeMismatch, path: "age", found: "\"\""),
        Case(fields: ["name": "a", "age": "-"], code: .typeMismatch, path: "age", found: "\"-\""),
        Case(fields: ["name": "a", "age": "+1"], code: .typeMismatch, path: "age", found: "\"+1\""),
        Case(fields: ["name": "a", "age": "01"], code: .typeMismatch, path: "age", found: "\"01\""),
        Case(fields: ["name": "a", "age": "-0"], code: .typeMismatch, path: "age", found: "\"-0\""),
        Case(fields: ["name": "a", "age": "1.0"], code: .typeMismatch, path: "age", found: "\"1.0\""),
        Case(fields: ["name": "a", "age": " 1"], code: .typeMismatch, path: "age", found: "\" 1\""),
        Case(fields: ["name": "a", "age": "128"], code: .outOfRange, path: "age", found: "\"128\""),
        Case(fields: ["name": "a", "age": "-129"], code: .outOfRange, path: "age", found: "\"-129\""),
        Case(
            fields: ["name": "a", "age": String(repeating: "9", count: 40)], code: .outOfRange, path: "age",
            found: "\"" + String(repeating: "9", count: 32) + "\"… (40 bytes)"
        ),
        Case(fields: ["name": "a", "age": "1", "ratio": "0x1p3"], code: .typeMismatch, path: "ratio"),
        Case(fields: ["name": "a", "age": "1", "ratio": "1e39"], code: .outOfRange, path: "ratio"),
        Case(fields: ["name": "a", "age": "1", "ratio": "1 "], code: .typeMismatch, path: "ratio"),
        Case(fields: ["name": "a", "age": "1", "ratio": "-nan"], code: .typeMismatch, path: "ratio"),
        Case(fields: ["name": "a", "age": "1", "admin": "1"], code: .typeMismatch, path: "admin"),
        Case(fields: ["name": "a", "age": "1", "address": "x"], code: .typeMismatch, path: "address", found: "\"x\""),
        Case(fields: ["name": "a", "age": "1", "address.": "{}"], code: .missingField, path: "address.city"),
        Case(
            fields: ["name": "a", "age": "1", "address.": "[]"], code: .typeMismatch, path: "address",
            found: "an empty list"
        ),
        Case(fields: ["name": "a", "age": "1", "address.zip": "5"], code: .missingField, path: "address.city"),
        Case(
            fields: ["name": "a", "age": "1", "address.city": "b", "address.level": "none"], code: .invalidValue,
            path: "address.level"
        ),
        Case(fields: ["name.x": "a", "age": "1"], code: .typeMismatch, path: "name", found: "fields under it"),
        Case(fields: ["name": "a", "name.x": "b", "age": "1"], code: .conflict, path: "name"),
        Case(fields: ["name": "a", "name.": "{}", "age": "1"], code: .conflict, path: "name"),
        Case(fields: ["name.": "null", "age": "1"], code: .missingValue, path: "name", found: "null"),
        Case(fields: ["name": "a", "age": "1", "age": "2"], code: .conflict, path: "age"),
        Case(fields: ["name": "a", "age": "1", "tags": "x"], code: .typeMismatch, path: "tags"),
        Case(fields: ["name": "a", "age": "1", "tags.x": "x"], code: .typeMismatch, path: "tags"),
        Case(fields: ["name": "a", "age": "1", "tags.1": "x"], code: .missingValue, path: "tags.0"),
        Case(fields: ["name": "a", "age": "1", "tags.0": "x", "tags.2": "x"], code: .missingValue, path: "tags.1"),
        Case(fields: ["name": "a", "age": "1", "tags.0": "x", "tags.0.b": "x"], code: .conflict, path: "tags.0"),
        Case(
            fields: ["name": "a", "age": "1", "tags.0": "x", "tags.99999999999999999999": "x"], code: .missingField,
            path: "never"
        ),
    ]

    @Test(arguments: cases)
    func namesThePath_ofWhatIsWrong(_ row: Case) throws {
        do {
            let user = try HashRecordDecoder().decode(User.self, from: row.fields)
            #expect(row.path == "never", "decoded \(user)")
        } catch {
            #expect(error.code == row.code, "\(error)")
            #expect(error.path == row.path, "\(error)")
            if let found = row.found { #expect(error.found == found) }
            #expect(error.description.contains(error.path))
        }
    }

    @Test func ignoresFields_thatNobodyAsksFor() throws {
        let record: HashRecord = [
            "name": "a", "age": "1", "": "x", ".": "{}", "..": "", "other": "", "other.b": "", "\\": "", "age!": "",
            "tags.0": "t", "tags.x": "", "tags.01": "", "tags.-1": "", "address.": "null",
        ]
        #expect(throws: HashRecordError.self) { try HashRecordDecoder().decode(User.self, from: record) }
        let user = try HashRecordDecoder().decode(User.self, from: HashRecord(record.filter { !$0.name.isEmpty }))
        #expect(user.tags == ["t"])
        #expect(user.address == nil)
    }

    @Test func readsLikeASentence() throws {
        let error = #expect(throws: HashRecordError.self) {
            try HashRecordDecoder().decode([String: [String: Int]].self, from: ["address.zip": "12a\n"])
        }
        #expect(error?.description == "field 'address.zip' has the wrong type, expected Int, found \"12a\\x0A\"")
    }

    @Test func refusesText_thatIsNotUTF8() throws {
        var record = HashRecord()
        record.append(name: "a".utf8, value: [0xFF, 0x41])
        let error = #expect(throws: HashRecordError.self) {
            try HashRecordDecoder().decode([String: String].self, from: record)
        }
        #expect(error?.code == .invalidValue)
        #expect(error?.found == "\"\\xFFA\"")
        #expect(try HashRecordDecoder().decode([String: [UInt8]].self, from: record) == ["a": [0xFF, 0x41]])
    }

    @Test func carriesTheErrorOfATypeItself() throws {
        struct Mine: Error, Equatable {}
        struct Picky: Codable {
            init() {}
            init(from decoder: any Decoder) throws { throw Mine() }
            func encode(to encoder: any Encoder) throws { throw Mine() }
        }
        let decoding = #expect(throws: HashRecordError.self) {
            try HashRecordDecoder().decode([String: [Picky]].self, from: ["a.0": "x"])
        }
        #expect(decoding?.code == .other)
        #expect(decoding?.path == "a.0")
        #expect(decoding?.underlying is Mine)
        let encoding = #expect(throws: HashRecordError.self) { try HashRecordEncoder().encode(["b": [Picky()]]) }
        #expect(encoding?.code == .other)
        #expect(encoding?.path == "b.0")
        #expect(encoding?.underlying is Mine)
    }

    @Test func showsUsersCodeTheErrorsOfCodable() throws {
        enum Either: Decodable, Equatable {
            case number(Int)
            case list([Int])
            case absent
            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                do { self = .number(try container.decode(Int.self)) } catch DecodingError.typeMismatch(_, let context) {
                    #expect(context.codingPath.map(\.stringValue) == ["a.b"])
                    self = .list(try container.decode([Int].self))
                } catch DecodingError.valueNotFound {
                    self = .absent
                }
            }
        }
        func decode(_ record: HashRecord) throws -> Either? {
            try HashRecordDecoder().decode([String: Either].self, from: record)["a.b"]
        }
        #expect(try decode(["a\\.b": "5"]) == .number(5))
        #expect(try decode(["a\\.b.0": "5", "a\\.b.1": "6"]) == .list([5, 6]))
        #expect(try decode(["a\\.b.": "null"]) == .absent)
    }

    @Test func limitsDepth() throws {
        let format = HashRecordFormat(maximumDepth: 8)
        let record = try HashRecordEncoder(format: format).encode(Chain(length: 8))
        #expect(try HashRecordDecoder(format: format).decode(Chain.self, from: record).value == 8)
        let encoding = #expect(throws: HashRecordError.self) {
            try HashRecordEncoder(format: format).encode(Chain(length: 9))
        }
        #expect(encoding?.code == .tooDeep)
        let deep = try HashRecordEncoder().encode(Chain(length: 9))
        let decoding = #expect(throws: HashRecordError.self) {
            try HashRecordDecoder(format: format).decode(Chain.self, from: deep)
        }
        #expect(decoding?.code == .tooDeep)
        #expect(decoding?.path == "next.next.next.next.next.next.next.next")
    }

    @Test func limitsValuesThatContainThemselves() {
        struct Endless: Codable {
            init() {}
            init(from decoder: any Decoder) throws { self = try decoder.singleValueContainer().decode(Endless.self) }
            func encode(to encoder: any Encoder) throws {
                var container = encoder.singleValueContainer()
                try container.encode(self)
            }
        }
        #expect(#expect(throws: HashRecordError.self) { try HashRecordEncoder().encode(Endless()) }?.code == .tooDeep)
        let error = #expect(throws: HashRecordError.self) {
            try HashRecordDecoder().decode(Endless.self, from: ["": "x"])
        }
        #expect(error?.code == .tooDeep)
    }

    @Test func limitsFieldCount() throws {
        let format = HashRecordFormat(maximumFieldCount: 3)
        let record = try HashRecordEncoder().encode([1, 2, 3, 4])
        let encoding = #expect(throws: HashRecordError.self) {
            try HashRecordEncoder(format: format).encode([1, 2, 3, 4])
        }
        #expect(encoding?.code == .tooManyFields)
        let decoding = #expect(throws: HashRecordError.self) {
            try HashRecordDecoder(format: format).decode([Int].self, from: record)
        }
        #expect(decoding?.code == .tooManyFields)
    }

    @Test func refusesTwoValuesForOneName() {
        typealias Key = ByHand.Key
        struct Twice: Encodable {
            var body: @Sendable (any Encoder) throws -> Void
            func encode(to encoder: any Encoder) throws { try body(encoder) }
        }
        let misuses: [@Sendable (any Encoder) throws -> Void] = [
            { encoder in
                var container = encoder.container(keyedBy: Key.self)
                try container.encode(1, forKey: Key("a"))
                try container.encode(2, forKey: Key("a"))
            },
            { encoder in
                var container = encoder.container(keyedBy: Key.self)
                try container.encode(1, forKey: Key("a"))
                try container.encode(["b": 2], forKey: Key("a"))
            },
            { encoder in
                var container = encoder.container(keyedBy: Key.self)
                var list = container.nestedUnkeyedContainer(forKey: Key("a"))
                try list.encode(1)
                try container.encodeNil(forKey: Key("a"))
            },
            { encoder in
                var container = encoder.singleValueContainer()
                try container.encode(1)
                try container.encode(2)
            },
            { encoder in
                _ = encoder.unkeyedContainer()
                _ = encoder.container(keyedBy: Key.self)
            },
        ]
        for misuse in misuses {
            let error = #expect(throws: HashRecordError.self) { try HashRecordEncoder().encode(Twice(body: misuse)) }
            #expect(error?.code == .conflict)
        }
    }
}
