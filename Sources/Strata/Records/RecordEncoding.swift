/// What one run of a ``HashRecordEncoder`` knows: the fields written so far and the containers opened so far.
///
/// Fields are appended as they come, wherever in the value they belong, so that containers may be used in any order and
/// alternately. Each container is a *node* with its path; the containers that `Codable` sees are small structs of this
/// object and a node's number, which fit into an existential without a box.
///
/// Not thread-safe; `Codable` values encode themselves on the calling thread.
final class RecordEncoding {
    /// One place in the value that is more than a single field of its parent.
    struct Node {
        /// What the place turned out to hold.
        enum Content { case nothing, value, null, keyed, unkeyed }

        /// The path is `pathBytes[start..<end]`; a separator follows it there.
        var start: Int
        var end: Int
        /// The number of parts of the path.
        var depth: Int
        var content = Content.nothing
        /// The number of fields and nodes right under this one.
        var childCount = 0

        /// Where the beginning of the children's paths is: this path and a separator, or nothing for the whole value.
        var prefix: Range<Int> { depth == 0 ? 0..<0 : start..<end + 1 }
    }

    /// A name that must occur once, in the record's bytes or among the nodes' paths.
    private struct Claim {
        var isNode: Bool
        var range: Range<Int>
    }

    /// The number of the node that is the whole value.
    static let root = 0

    let format: HashRecordFormat
    let userInfo: [CodingUserInfoKey: Any]
    let paths: FieldPath
    private(set) var nodes: [Node] = [Node(start: 0, end: 0, depth: 0)]
    private var record = HashRecord()
    private var pathBytes: [UInt8] = []
    /// The children of keyed containers: the only names that users' code chooses and could choose twice.
    private var claims: [Claim] = []
    private let maximumNodeCount: Int
    /// How many calls of `encode(_:at:)` are under way.
    private var nesting = 0
    /// The innermost node whose value threw an error that is on its way up.
    private var unwinding: Int?
    /// The first misuse in a place where `Codable` has no way to throw.
    private var failure: HashRecordError?

    init(format: HashRecordFormat, userInfo: [CodingUserInfoKey: Any]) {
        self.format = format
        self.userInfo = userInfo
        paths = FieldPath(separator: format.separator.byte)
        let (product, isTooLarge) = format.maximumFieldCount.multipliedReportingOverflow(by: format.maximumDepth)
        maximumNodeCount = isTooLarge ? .max : product
        record.reserveCapacity(fieldCount: 16, byteCount: 256)
    }

    // MARK: Nodes

    /// A node for the key of a keyed container.
    func node(under parent: Int, key: some CodingKey) throws(HashRecordError) -> Int {
        let node = beginNode(under: parent)
        paths.append(key.stringValue, to: &pathBytes)
        try endNode(node)
        claims.append(Claim(isNode: true, range: nodes[node].start..<nodes[node].end))
        return node
    }

    /// A node for the next element of a list.
    func nextNode(under parent: Int) throws(HashRecordError) -> Int {
        let index = nodes[parent].childCount
        let node = beginNode(under: parent)
        paths.append(index, to: &pathBytes)
        try endNode(node)
        return node
    }

    /// A node made by a function that cannot throw: what goes wrong is kept for the end.
    func nodeKeepingFailure(_ make: (RecordEncoding) throws(HashRecordError) -> Int) -> Int {
        do {
            return try make(self)
        } catch {
            failure = failure ?? error
            return nodes.count - 1
        }
    }

    private func beginNode(under parent: Int) -> Int {
        let start = pathBytes.count
        // Byte by byte: appending a slice of the array itself would copy the whole array.
        for position in nodes[parent].prefix { pathBytes.append(pathBytes[position]) }
        nodes.append(Node(start: start, end: start, depth: nodes[parent].depth + 1))
        nodes[parent].childCount += 1
        return nodes.count - 1
    }

    private func endNode(_ node: Int) throws(HashRecordError) {
        nodes[node].end = pathBytes.count
        pathBytes.append(paths.separator)
        guard nodes[node].depth <= format.maximumDepth else { throw tooDeep(path(of: node)) }
        // A node without fields gets a marker, so there are at most as many nodes as fields, times the depth.
        guard nodes.count <= maximumNodeCount else { throw tooManyFields }
    }

    /// Notes that a node is a container.
    ///
    /// A second container of the same kind on one node is the same container.
    func open(_ content: Node.Content, at node: Int) {
        if nodes[node].content == .nothing {
            nodes[node].content = content
        } else if nodes[node].content != content {
            failure = failure ?? encodedTwice(node)
        }
    }

    /// The number of elements that a list has.
    func childCount(of node: Int) -> Int { nodes[node].childCount }

    /// The path of a node as keys.
    func codingPath(of node: Int) -> [any CodingKey] {
        pathBytes.withUnsafeBufferPointer {
            paths.codingPath(of: UnsafeBufferPointer(rebasing: $0[nodes[node].start..<nodes[node].end]))
        }
    }

    /// The path of a node as text.
    func path(of node: Int) -> String {
        FieldRendering.path(of: pathBytes[nodes[node].start..<nodes[node].end])
    }

    // MARK: Fields

    /// Writes a field for a key of a keyed container.
    func write(_ value: some FieldValue, under parent: Int, key: some CodingKey) throws(HashRecordError) {
        let start = record.storage.count
        record.storage.append(contentsOf: pathBytes[nodes[parent].prefix])
        paths.append(key.stringValue, to: &record.storage)
        claims.append(Claim(isNode: false, range: start..<record.storage.count))
        nodes[parent].childCount += 1
        try finishField(value, from: start, depth: nodes[parent].depth + 1)
    }

    /// Writes a field for the next element of a list.
    func writeNext(_ value: some FieldValue, under parent: Int) throws(HashRecordError) {
        let start = record.storage.count
        record.storage.append(contentsOf: pathBytes[nodes[parent].prefix])
        paths.append(nodes[parent].childCount, to: &record.storage)
        nodes[parent].childCount += 1
        try finishField(value, from: start, depth: nodes[parent].depth + 1)
    }

    /// Writes the one field that a node is.
    func write(_ value: some FieldValue, at node: Int) throws(HashRecordError) {
        guard nodes[node].content == .nothing else { throw encodedTwice(node) }
        nodes[node].content = .value
        let start = record.storage.count
        record.storage.append(contentsOf: pathBytes[nodes[node].start..<nodes[node].end])
        try finishField(value, from: start, depth: nodes[node].depth)
    }

    /// Notes that a node is `nil`.
    func writeNull(at node: Int) throws(HashRecordError) {
        guard nodes[node].content == .nothing else { throw encodedTwice(node) }
        nodes[node].content = .null
    }

    private func finishField(_ value: some FieldValue, from start: Int, depth: Int) throws(HashRecordError) {
        let nameEnd = record.storage.count
        value.append(to: &record.storage)
        record.bounds.append(HashRecord.Bounds(start: start, nameEnd: nameEnd, end: record.storage.count))
        guard depth <= format.maximumDepth else {
            throw tooDeep(FieldRendering.path(of: record.storage[start..<nameEnd]))
        }
        guard record.bounds.count <= format.maximumFieldCount else { throw tooManyFields }
    }

    // MARK: Values

    /// Lets a value encode itself at a node.
    func encode<T: Encodable>(_ value: T, at node: Int) throws {
        if let bytes = Self.bytes(of: value) {
            try write(bytes, at: node)
            return
        }
        nesting += 1
        defer { nesting -= 1 }
        guard nesting <= format.maximumNesting else {
            throw HashRecordError(.tooDeep, path: path(of: node), explanation: "does the value contain itself?")
        }
        do {
            try value.encode(to: RecordValueEncoder(encoding: self, node: node))
            unwinding = nil
        } catch {
            unwinding = unwinding ?? node
            throw error
        }
    }

    /// The bytes of a value that is exactly a `[UInt8]`, which is stored as one field.
    static func bytes<T>(of value: T) -> [UInt8]? {
        T.self == [UInt8].self ? value as? [UInt8] : nil
    }

    /// The error to tell the caller for what a type's code threw: our own with its path, or one that says at which
    /// value the type threw its own.
    func error(for error: any Error) -> HashRecordError {
        let bridged = HashRecordError(bridging: error, paths: paths)
        guard bridged.code == .other, bridged.path.isEmpty, let unwinding else { return bridged }
        return HashRecordError(.other, path: path(of: unwinding), underlying: bridged.underlying)
    }

    // MARK: Finishing

    /// Adds the markers, checks the names, and returns the record.
    func finish() throws(HashRecordError) -> HashRecord {
        if let failure { throw failure }
        for node in nodes.indices {
            switch nodes[node].content {
            case .value: break
            case .null: try writeMarker(.null, at: node)
            case .unkeyed: if nodes[node].childCount == 0 { try writeMarker(.emptyList, at: node) }
            case .keyed, .nothing: if nodes[node].childCount == 0 { try writeMarker(.emptyKeyed, at: node) }
            }
        }
        try checkClaims()
        return record
    }

    private func writeMarker(_ marker: FieldMarker, at node: Int) throws(HashRecordError) {
        let start = record.storage.count
        record.storage.append(contentsOf: pathBytes[nodes[node].start..<nodes[node].end])
        record.storage.append(paths.separator)
        try finishField(marker, from: start, depth: nodes[node].depth)
    }

    /// Checks that no key was used twice in one container.
    ///
    /// As every key is one part of a path and a part cannot
    /// contain a bare separator, names that differ here cannot clash further down either.
    private func checkClaims() throws(HashRecordError) {
        guard claims.count > 1 else { return }
        let repeated = record.storage.withUnsafeBufferPointer { names in
            pathBytes.withUnsafeBufferPointer { paths in
                let bytes = claims.map { UnsafeBufferPointer(rebasing: ($0.isNode ? paths : names)[$0.range]) }
                return ByteOrder.firstRepeated(in: bytes).map(FieldRendering.path)
            }
        }
        if let repeated {
            throw HashRecordError(.conflict, path: repeated, explanation: "more than one value was encoded for it")
        }
    }

    // MARK: Errors

    private func encodedTwice(_ node: Int) -> HashRecordError {
        HashRecordError(.conflict, path: path(of: node), explanation: "a value was encoded there twice")
    }

    private func tooDeep(_ path: String) -> HashRecordError {
        HashRecordError(.tooDeep, path: path, expected: "a path of at most \(format.maximumDepth) parts")
    }

    private var tooManyFields: HashRecordError {
        HashRecordError(.tooManyFields, path: "", expected: "at most \(format.maximumFieldCount)")
    }
}
