/// The container of a list: its elements one after the other.
///
/// An element that could not be decoded stays the next one, so that another type can be tried on it.
struct RecordUnkeyedDecodingContainer: UnkeyedDecodingContainer {
    let decoding: RecordDecoding
    let node: RecordIndex.Node
    let elements: [RecordIndex.Node]
    private(set) var currentIndex = 0

    init(decoding: RecordDecoding, node: RecordIndex.Node, elements: [RecordIndex.Node]) {
        self.decoding = decoding
        self.node = node
        self.elements = elements
    }

    var codingPath: [any CodingKey] { decoding.codingPath(of: node) }
    var count: Int? { elements.count }
    var isAtEnd: Bool { currentIndex >= elements.count }

    mutating func decodeNil() throws -> Bool {
        guard decoding.isNull(try element(Any.self)) else { return false }
        currentIndex += 1
        return true
    }

    mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
        let value = try decoding.decode(type, at: element(type))
        currentIndex += 1
        return value
    }

    mutating func decode(_ type: Bool.Type) throws -> Bool { try value(type) }
    mutating func decode(_ type: String.Type) throws -> String { try value(type) }
    mutating func decode(_ type: Double.Type) throws -> Double { try value(type) }
    mutating func decode(_ type: Float.Type) throws -> Float { try value(type) }
    mutating func decode(_ type: Int.Type) throws -> Int { try value(type) }
    mutating func decode(_ type: Int8.Type) throws -> Int8 { try value(type) }
    mutating func decode(_ type: Int16.Type) throws -> Int16 { try value(type) }
    mutating func decode(_ type: Int32.Type) throws -> Int32 { try value(type) }
    mutating func decode(_ type: Int64.Type) throws -> Int64 { try value(type) }
    mutating func decode(_ type: Int128.Type) throws -> Int128 { try value(type) }
    mutating func decode(_ type: UInt.Type) throws -> UInt { try value(type) }
    mutating func decode(_ type: UInt8.Type) throws -> UInt8 { try value(type) }
    mutating func decode(_ type: UInt16.Type) throws -> UInt16 { try value(type) }
    mutating func decode(_ type: UInt32.Type) throws -> UInt32 { try value(type) }
    mutating func decode(_ type: UInt64.Type) throws -> UInt64 { try value(type) }
    mutating func decode(_ type: UInt128.Type) throws -> UInt128 { try value(type) }

    mutating func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type
    ) throws -> KeyedDecodingContainer<NestedKey> {
        let element = RecordValueDecoder(decoding: decoding, node: try element([String: Any].self))
        let container = try element.container(keyedBy: type)
        currentIndex += 1
        return container
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        let container = try RecordValueDecoder(decoding: decoding, node: element([Any].self)).unkeyedContainer()
        currentIndex += 1
        return container
    }

    mutating func superDecoder() throws -> any Decoder {
        let decoder = RecordValueDecoder(decoding: decoding, node: try element(Any.self))
        currentIndex += 1
        return decoder
    }

    /// The place of the next element, which has to be there.
    private func element(_ type: any Any.Type) throws -> RecordIndex.Node {
        guard currentIndex < elements.count, !elements[currentIndex].isMissing else {
            throw decoding.missing(type, element: currentIndex, of: elements.count, under: node)
        }
        return elements[currentIndex]
    }

    private mutating func value<T: FieldValue>(_ type: T.Type) throws -> T {
        let value = try decoding.value(type, at: element(type))
        currentIndex += 1
        return value
    }
}
