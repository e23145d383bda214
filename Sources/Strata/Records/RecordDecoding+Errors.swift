extension RecordDecoding {
    /// The error for a place that holds something else than is needed.
    func unexpected(_ type: any Any.Type, expected: String, at node: Node) -> DecodingError {
        let content = index.content(of: node)
        let (code, found): (HashRecordError.Code, String) =
            switch content {
            case .missing: (.missingField, "nothing")
            case .marker(.null): (.missingValue, "null")
            case .marker(.emptyList): (.typeMismatch, "an empty list")
            case .marker(.emptyKeyed): (.typeMismatch, "an empty group of fields")
            case .children: (.typeMismatch, "fields under it")
            case .conflict: (.conflict, "a field of that name as well as fields under it")
            case .leaf(let leaf):
                (.typeMismatch, index.withValue(leaf) { FieldRendering.text(of: UnsafeRawBufferPointer($0)) })
            }
        return HashRecordError(code, path: path(of: node), expected: expected, found: found)
            .decodingError(type, codingPath: codingPath(of: node))
    }

    /// The error for a key that is not there.
    func missing(_ type: any Any.Type, key: some CodingKey, under node: Node) -> DecodingError {
        var path = index.withPath(of: node) { Array($0) }
        if !path.isEmpty { path.append(index.paths.separator) }
        index.paths.append(key.stringValue, to: &path)
        return HashRecordError(.missingField, path: FieldRendering.path(of: path), expected: "\(type)")
            .decodingError(type, key: key, codingPath: codingPath(of: node))
    }

    /// The error for an element of a list that is not there.
    func missing(_ type: any Any.Type, element position: Int, of count: Int, under node: Node) -> DecodingError {
        var path = index.withPath(of: node) { Array($0) }
        if !path.isEmpty { path.append(index.paths.separator) }
        index.paths.append(position, to: &path)
        let explanation = position < count ? "the list has a hole there" : "the list has only \(count) elements"
        return HashRecordError(
            .missingValue, path: FieldRendering.path(of: path), expected: "\(type)", explanation: explanation
        ).decodingError(type, codingPath: codingPath(of: node) + [FieldPathKey(intValue: position)])
    }
}
