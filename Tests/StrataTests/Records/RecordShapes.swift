// Codable types of every form that the record tests send through.

struct Address: Codable, Hashable {
    var city: String
    var zip: Int
    var lines: [String]
}

struct Person: Codable, Hashable {
    var name: String
    var age: Int?
    var isAdmin: Bool
    var address: Address?
    var tags: [String]
    var scores: [String: Double]
    var blob: [UInt8]
    var counters: [Int: UInt64]
}

struct EveryNumber: Codable, Hashable {
    var int: Int
    var int8: Int8
    var int16: Int16
    var int32: Int32
    var int64: Int64
    var int128: Int128
    var uint: UInt
    var uint8: UInt8
    var uint16: UInt16
    var uint32: UInt32
    var uint64: UInt64
    var uint128: UInt128
    var float: Float
    var double: Double
    var flag: Bool
}

enum Shape: Codable, Hashable {
    case point
    case circle(radius: Double)
    case segment(Int, Int)
    indirect case group([Shape], name: String?)
}

enum Level: String, Codable, Hashable, CaseIterable {
    case low
    case middle = "mid.dle"
    case high = ""
}

enum Rank: UInt8, Codable, Hashable, CaseIterable {
    case first = 1
    case second
    case third
}

struct Empty: Codable, Hashable {}

struct Nesting: Codable, Hashable {
    var lists: [[Int]]
    var optionals: [Int?]
    var doubled: [String: Int?]
    var empties: [Empty]
    var deep: [String: [String: [Level]]]
    var blobs: [[UInt8]]
    var shapes: [Shape]
    var ranks: [Rank]
    var byRank: [Rank: Int]
    var byShape: [Shape: Int]
}

struct Timestamp: Codable, Hashable {
    var seconds: Double

    init(seconds: Double) { self.seconds = seconds }

    init(from decoder: any Decoder) throws { seconds = try decoder.singleValueContainer().decode(Double.self) }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(seconds)
    }
}

class Vehicle: Codable {
    var wheels: Int
    init(wheels: Int) { self.wheels = wheels }
}

final class Lorry: Vehicle {
    var load: [String]

    enum CodingKeys: String, CodingKey { case load }

    init(wheels: Int, load: [String]) {
        self.load = load
        super.init(wheels: wheels)
    }

    required init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        load = try container.decode([String].self, forKey: .load)
        try super.init(from: container.superDecoder())
    }

    override func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(load, forKey: .load)
        try super.encode(to: container.superEncoder())
    }
}

/// Uses containers by hand, alternately and nested in each other.
struct ByHand: Codable, Hashable {
    var numbers: [Int]
    var name: String
    var flags: [Bool]
    var inner: Int
    var listed: String

    struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(_ text: String) { stringValue = text }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(numbers: [Int], name: String, flags: [Bool], inner: Int, listed: String) {
        (self.numbers, self.name, self.flags, self.inner, self.listed) = (numbers, name, flags, inner, listed)
    }

    func encode(to encoder: any Encoder) throws {
        var outer = encoder.container(keyedBy: Key.self)
        var numberList = outer.nestedUnkeyedContainer(forKey: Key("n.umbers"))
        var flagList = outer.nestedUnkeyedContainer(forKey: Key("\\"))
        for position in 0..<max(numbers.count, flags.count) {
            if position < numbers.count { try numberList.encode(numbers[position]) }
            if position < flags.count { try flagList.encode(flags[position]) }
        }
        try outer.encode(name, forKey: Key(""))
        var nested = outer.nestedContainer(keyedBy: Key.self, forKey: Key("nested"))
        var list = nested.nestedUnkeyedContainer(forKey: Key("list"))
        try list.encodeNil()
        var element = list.nestedContainer(keyedBy: Key.self)
        try element.encode(inner, forKey: Key("inner"))
        try listed.encode(to: list.superEncoder())
        try nested.encodeNil(forKey: Key("nothing"))
    }

    init(from decoder: any Decoder) throws {
        let outer = try decoder.container(keyedBy: Key.self)
        var numberList = try outer.nestedUnkeyedContainer(forKey: Key("n.umbers"))
        numbers = []
        while !numberList.isAtEnd { numbers.append(try numberList.decode(Int.self)) }
        var flagList = try outer.nestedUnkeyedContainer(forKey: Key("\\"))
        flags = []
        while !flagList.isAtEnd { flags.append(try flagList.decode(Bool.self)) }
        name = try outer.decode(String.self, forKey: Key(""))
        let nested = try outer.nestedContainer(keyedBy: Key.self, forKey: Key("nested"))
        var list = try nested.nestedUnkeyedContainer(forKey: Key("list"))
        guard try list.decodeNil(), try nested.decodeNil(forKey: Key("nothing")) else {
            throw DecodingError.dataCorruptedError(in: list, debugDescription: "no nil")
        }
        inner = try list.nestedContainer(keyedBy: Key.self).decode(Int.self, forKey: Key("inner"))
        listed = try String(from: list.superDecoder())
    }
}

/// A linked list: each element is one level deeper.
final class Chain: Codable {
    var value: Int
    var next: Chain?

    init(length: Int) {
        value = length
        next = length > 1 ? Chain(length: length - 1) : nil
    }
}
