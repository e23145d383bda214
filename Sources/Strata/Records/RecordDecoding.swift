/// What one run of a ``HashRecordDecoder`` knows: the indexed record, and how deep in it the run is.
///
/// The containers that `Codable` sees are small structs of this object and a place in the record.
///
/// Not thread-safe; `Codable` values decode themselves on the calling thread.
final class RecordDecoding {
    typealias Node = RecordIndex.Node

    let index: RecordIndex
    let format: HashRecordFormat
    let userInfo: [CodingUserInfoKey: Any]
    /// How many calls of `decode(_:at:)` are under way.
    private var nesting = 0
    /// The path of the innermost value that threw an error which is on its way up.
    private var unwinding: String?
    /// The part that is being looked up.
    private var part: [UInt8] = []

    init(index: RecordIndex, format: HashRecordFormat, userInfo: [CodingUserInfoKey: Any]) {
        self.index = index
        self.format = format
        self.userInfo = userInfo
    }

    // MARK: Places

    /// The place of a key under a place.
    func child(of node: Node, key: some CodingKey) -> Node {
        let text = key.stringValue
        part.removeAll(keepingCapacity: true)
        index.paths.append(text, to: &part)
        return part.withUnsafeBufferPointer { index.child(of: node, $0) }
    }

    /// The path of a place as text.
    func path(of node: Node) -> String { index.withPath(of: node, FieldRendering.path) }

    /// The path of a place as keys.
    func codingPath(of node: Node) -> [any CodingKey] { index.withPath(of: node, index.paths.codingPath) }

    // MARK: Values

    /// Whether a place is a `nil` that is present.
    func isNull(_ node: Node) -> Bool {
        if case .marker(.null) = index.content(of: node) { return true }
        return false
    }

    /// The value of the field at a place.
    func value<T: FieldValue>(_ type: T.Type, at node: Node) throws -> T {
        guard case .leaf(let leaf) = index.content(of: node) else {
            throw unexpected(type, expected: T.expectation, at: node)
        }
        switch index.withValue(leaf, T.value) {
        case .success(let value): return value
        case .failure(let failure):
            let found = index.withValue(leaf) { FieldRendering.text(of: UnsafeRawBufferPointer($0)) }
            let code: HashRecordError.Code =
                switch failure {
                case .malformed: .typeMismatch
                case .outOfRange: .outOfRange
                case .notText: .invalidValue
                }
            let error = HashRecordError(code, path: path(of: node), expected: T.expectation, found: found)
            throw error.decodingError(type, codingPath: codingPath(of: node))
        }
    }

    /// Lets a type decode itself at a place.
    func decode<T: Decodable>(_ type: T.Type, at node: Node) throws -> T {
        if T.self == [UInt8].self, case .leaf = index.content(of: node),
            let bytes = try value([UInt8].self, at: node) as? T
        {
            return bytes
        }
        nesting += 1
        defer { nesting -= 1 }
        guard nesting <= format.maximumNesting else {
            throw HashRecordError(.tooDeep, path: path(of: node), explanation: "does the type contain itself?")
        }
        do {
            let value = try T(from: RecordValueDecoder(decoding: self, node: node))
            unwinding = nil
            return value
        } catch {
            unwinding = unwinding ?? path(of: node)
            throw error
        }
    }

    /// The error to tell the caller for what a type's code threw: our own with its path, or one that says at which
    /// value the type threw its own.
    func error(for error: any Error) -> HashRecordError {
        let bridged = HashRecordError(bridging: error, paths: index.paths)
        guard bridged.code == .other, bridged.path.isEmpty, let unwinding else { return bridged }
        return HashRecordError(.other, path: unwinding, underlying: bridged.underlying)
    }

    // MARK: Containers

    /// Checks that a place is a container with keys, or may be one without any.
    func requireKeyed(_ node: Node) throws {
        switch index.content(of: node) {
        case .children: try requireDepth(node)
        case .marker(.emptyKeyed): break
        case .missing where node.pathLength == 0: break
        default: throw unexpected([String: Any].self, expected: "fields under it", at: node)
        }
    }

    /// Checks that a place is a list, and returns the places of its elements; a hole is a missing place.
    func elements(of node: Node) throws -> [Node] {
        switch index.content(of: node) {
        case .children: try requireDepth(node)
        case .marker(.emptyList): return []
        case .missing where node.pathLength == 0: return []
        default: throw unexpected([Any].self, expected: "a list", at: node)
        }
        var children: [(index: Int, node: Node)] = []
        index.forEachChild(of: node) { part, child in
            if let position = index.paths.index(of: part) { children.append((position, child)) }
        }
        if children.isEmpty { throw unexpected([Any].self, expected: "a list", at: node) }
        var elements = [Node](repeating: .missing, count: children.count)
        // An index behind the count of indices means that there is a hole before it, which is where decoding ends.
        for (position, child) in children where position < elements.count { elements[position].merge(child) }
        return elements
    }

    private func requireDepth(_ node: Node) throws {
        let depth = index.withPath(of: node, index.paths.depth)
        guard depth < format.maximumDepth else {
            throw HashRecordError(
                .tooDeep, path: path(of: node), expected: "a path of at most \(format.maximumDepth) parts"
            ).decodingError([String: Any].self, codingPath: codingPath(of: node))
        }
    }
}
