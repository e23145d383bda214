extension HashRecord: RandomAccessCollection {
    /// The position of the first field, 0.
    public var startIndex: Int { 0 }
    /// The position behind the last field, the number of fields.
    public var endIndex: Int { bounds.count }

    /// A copy of the field at a position.
    public subscript(position: Int) -> Field {
        let bounds = bounds[position]
        return Field(
            name: Array(storage[bounds.start..<bounds.nameEnd]), value: Array(storage[bounds.nameEnd..<bounds.end])
        )
    }
}

extension HashRecord: Equatable {
    /// Whether two records have the same fields in the same order.
    public static func == (left: HashRecord, right: HashRecord) -> Bool {
        left.count == right.count && left.elementsEqual(right)
    }
}

extension HashRecord: ExpressibleByDictionaryLiteral {
    /// Makes a record of text fields: `["name": "Ada", "address.city": "London"]`.
    public init(dictionaryLiteral elements: (String, String)...) {
        for (name, value) in elements { append(name: name, value: value) }
    }
}

extension HashRecord: CustomStringConvertible {
    /// The fields as readable text, long values shortened.
    public var description: String {
        let fields = indices.map { position in
            withField(at: position) { name, value in
                "\(FieldRendering.text(of: name)): \(FieldRendering.text(of: value))"
            }
        }
        return "[" + (fields.isEmpty ? ":" : fields.joined(separator: ", ")) + "]"
    }
}
