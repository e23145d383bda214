/// The fields of a record in the order of their names, so that everything at or under a path is found by bisection.
///
/// Names are sorted by their bytes. All names that begin with one path and a separator are then one range, and so on
/// inwards: a container is a range of the order, a lookup in it bisects that range and compares only what follows the
/// container's own path. A record of n fields is indexed in O(n log n) and each of its values found in O(log n), whatever
/// names a stranger chose.
struct RecordIndex {
    /// One place in the value: the field of exactly that name, if there is one, and the range of names under it.
    ///
    /// Sixteen bytes, so that a decoder with its index fits into an existential without a box.
    struct Node {
        /// Where the names under this path begin in the order.
        ///
        /// They are at `lower..<upper`, which is empty if the place is a single field.
        var lower: Int32
        var upper: Int32
        /// The position in the order of the field named exactly by the path, or -1.
        var leaf: Int32
        /// The length of the path.
        var pathLength: Int32

        /// A place where nothing is.
        static let missing = Node(lower: 0, upper: 0, leaf: -1, pathLength: 0)

        /// Whether nothing is there.
        var isMissing: Bool { leaf < 0 && lower >= upper }

        /// Adds what else was found at the same path: the field, or the names under it.
        mutating func merge(_ other: Node) {
            pathLength = other.pathLength
            if other.leaf >= 0 { leaf = other.leaf }
            if other.lower < other.upper { (lower, upper) = (other.lower, other.upper) }
        }
    }

    /// What a place holds.
    enum Content {
        case missing
        /// One field, at that position of the order.
        case leaf(Int32)
        /// No field but a marker.
        case marker(FieldMarker)
        /// Other fields.
        case children
        /// A field and other fields under it.
        case conflict
    }

    let record: HashRecord
    let paths: FieldPath
    private let order: [Int32]

    /// Indexes a record.
    ///
    /// - Throws: `conflict` if a name occurs twice.
    init(_ record: HashRecord, paths: FieldPath) throws(HashRecordError) {
        self.record = record
        self.paths = paths
        order = record.storage.withUnsafeBufferPointer { bytes in
            ByteOrder.sortedPositions(count: record.bounds.count) { Self.name($0, in: record, bytes) }
        }
        for position in order.indices.dropFirst() {
            let isRepeated = withName(position) { name in withName(position - 1) { name.elementsEqual($0) } }
            if isRepeated {
                throw HashRecordError(
                    .conflict, path: withName(position, FieldRendering.path), explanation: "the name occurs twice"
                )
            }
        }
    }

    /// The place of the whole value.
    var root: Node {
        var root = Node(lower: 0, upper: Int32(order.count), leaf: -1, pathLength: 0)
        if !order.isEmpty, withName(0, \.isEmpty) {
            root.leaf = 0
            root.lower = 1
        }
        return root
    }

    // MARK: Fields

    private static func name(
        _ position: Int, in record: HashRecord, _ bytes: UnsafeBufferPointer<UInt8>
    ) -> UnsafeBufferPointer<UInt8> {
        let bounds = record.bounds[position]
        return UnsafeBufferPointer(rebasing: bytes[bounds.start..<bounds.nameEnd])
    }

    /// Calls `body` with the name at a position of the order.
    func withName<R>(_ position: Int, _ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
        let bounds = record.bounds[Int(order[position])]
        return record.storage.withUnsafeBufferPointer { bytes in
            body(UnsafeBufferPointer(rebasing: bytes[bounds.start..<bounds.nameEnd]))
        }
    }

    /// Calls `body` with the value at a position of the order.
    func withValue<R>(_ position: Int32, _ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
        let bounds = record.bounds[Int(order[Int(position)])]
        return record.storage.withUnsafeBufferPointer { bytes in
            body(UnsafeBufferPointer(rebasing: bytes[bounds.nameEnd..<bounds.end]))
        }
    }

    /// Calls `body` with the path of a place that is there.
    func withPath<R>(of node: Node, _ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
        guard node.pathLength > 0, !node.isMissing else { return body(UnsafeBufferPointer(start: nil, count: 0)) }
        let position = node.leaf >= 0 ? node.leaf : node.lower
        return withName(Int(position)) { name in body(UnsafeBufferPointer(rebasing: name[..<Int(node.pathLength)])) }
    }

    // MARK: Lookup

    /// Where the parts of the children begin in their names.
    private func partStart(in node: Node) -> Int { node.pathLength == 0 ? 0 : Int(node.pathLength) + 1 }

    /// The place of a part under a place.
    func child(of node: Node, _ part: UnsafeBufferPointer<UInt8>) -> Node {
        let start = partStart(in: node)
        let lower = lowerBound(of: part, in: node.lower..<node.upper, from: start)
        var child = Node(lower: 0, upper: 0, leaf: -1, pathLength: Int32(start + part.count))
        guard lower < node.upper else { return child }
        var next = lower
        let (isEqual, _) = compare(part, at: lower, from: start)
        if isEqual {
            child.leaf = lower
            next += 1
        }
        // Names under the part begin with it, and so do all names between the field itself and them.
        guard next < node.upper, compare(part, at: next, from: start).isPrefix else { return child }
        child.lower = lowerBound(of: part, followedBy: paths.separator, in: next..<node.upper, from: start)
        child.upper = lowerBound(of: part, followedBy: paths.separator + 1, in: child.lower..<node.upper, from: start)
        return child
    }

    /// Whether the name at a position, from `start` on, is the part or begins with it.
    private func compare(
        _ part: UnsafeBufferPointer<UInt8>, at position: Int32, from start: Int
    ) -> (isEqual: Bool, isPrefix: Bool) {
        withName(Int(position)) { name in
            guard name.count >= start + part.count else { return (false, false) }
            var offset = 0
            while offset < part.count {
                if name[start + offset] != part[offset] { return (false, false) }
                offset += 1
            }
            return (name.count == start + part.count, true)
        }
    }

    /// The first position of the range whose name, from `start` on, doesn't come before the part and the byte after it.
    ///
    /// All names of the range are equal up to `start`.
    private func lowerBound(
        of part: UnsafeBufferPointer<UInt8>, followedBy last: UInt8? = nil, in range: Range<Int32>, from start: Int
    ) -> Int32 {
        record.storage.withUnsafeBufferPointer { bytes in
            var (lower, upper) = (range.lowerBound, range.upperBound)
            while lower < upper {
                let middle = lower + (upper - lower) / 2
                let name = Self.name(Int(order[Int(middle)]), in: record, bytes)
                let rest = UnsafeBufferPointer(rebasing: name[min(start, name.count)...])
                if precedes(rest, part, last) { lower = middle + 1 } else { upper = middle }
            }
            return lower
        }
    }

    private func precedes(
        _ name: UnsafeBufferPointer<UInt8>, _ part: UnsafeBufferPointer<UInt8>, _ last: UInt8?
    ) -> Bool {
        var position = 0
        while position < part.count {
            if position >= name.count { return true }
            if name[position] != part[position] { return name[position] < part[position] }
            position += 1
        }
        guard let last else { return false }
        return name.count == part.count || name[position] < last
    }

    // MARK: Containers

    /// What a place holds.
    func content(of node: Node) -> Content {
        let marker = marker(of: node)
        let childCount = Int(node.upper - node.lower) - (marker == nil ? 0 : 1)
        if node.leaf >= 0 { return childCount > 0 || marker != nil ? .conflict : .leaf(node.leaf) }
        if childCount > 0 { return .children }
        guard let marker else { return .missing }
        // An unknown marker is a group of fields in which nothing is known.
        guard case .success(let marker) = withValue(marker, FieldMarker.value) else { return .children }
        return .marker(marker)
    }

    /// The position of a place's marker.
    ///
    /// It is the first of the names under the place; the whole value's is found by name.
    private func marker(of node: Node) -> Int32? {
        guard node.lower < node.upper else { return nil }
        if node.pathLength > 0 {
            return withName(Int(node.lower)) { $0.count == Int(node.pathLength) + 1 } ? node.lower : nil
        }
        return withUnsafeBytes(of: paths.separator) { separator in
            let separator = separator.bindMemory(to: UInt8.self)
            let position = lowerBound(of: separator, in: node.lower..<node.upper, from: 0)
            return position < node.upper && compare(separator, at: position, from: 0).isEqual ? position : nil
        }
    }

    /// Calls `body` with each part under a place and the place it leads to, in the order of the names' bytes.
    ///
    /// A part that is used for a field as well as for a group comes twice.
    func forEachChild(of node: Node, _ body: (UnsafeBufferPointer<UInt8>, Node) -> Void) {
        let start = partStart(in: node)
        var position = node.lower
        while position < node.upper {
            let (end, isLeaf) = withName(Int(position)) { name in
                let end = paths.endOfPart(in: name, from: min(start, name.count))
                return (end, end == name.count)
            }
            var child = Node(lower: 0, upper: 0, leaf: -1, pathLength: Int32(end))
            var next = position + 1
            if isLeaf {
                child.leaf = position
            } else {
                child.lower = position
                withName(Int(position)) { name in
                    let part = UnsafeBufferPointer(rebasing: name[start..<end])
                    next = lowerBound(of: part, followedBy: paths.separator + 1, in: next..<node.upper, from: start)
                }
                child.upper = next
            }
            if end > start {
                withName(Int(position)) { name in body(UnsafeBufferPointer(rebasing: name[start..<end]), child) }
            }
            position = next
        }
    }
}
