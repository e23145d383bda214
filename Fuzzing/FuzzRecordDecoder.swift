// Fuzzer of the record decoder.
//
// The input is a list of fields: lines of `name=value`. They are decoded as a handful of types. Whatever comes out, the
// result is a value or an error; a value must encode again, and decode to the same fields.

private struct Leaf: Codable {
    var text: String?
    var number: Int16?
    var ratio: Double?
    var wide: UInt128?
    var flag: Bool?
    var bytes: [UInt8]?
}

private indirect enum Tree: Codable {
    case leaf(Leaf)
    case pair(Tree, Tree)
    case list([Tree], name: String?)
    case none
}

private struct Mixed: Codable {
    var a: Leaf?
    var b: [Leaf?]?
    var c: [String: Tree]?
    var d: [Int: [String]]?
    var e: [[Int]]?
}

private let decoder = HashRecordDecoder(format: HashRecordFormat(maximumDepth: 24, maximumFieldCount: 512))
private let encoder = HashRecordEncoder(format: HashRecordFormat(maximumDepth: 24, maximumFieldCount: 512))

private func attempt<T: Codable>(_ type: T.Type, _ record: HashRecord) {
    do {
        let value = try decoder.decode(type, from: record)
        let again = try encoder.encode(value)
        let twice = try encoder.encode(decoder.decode(type, from: again))
        // Dictionaries have no order, so the fields are compared as a set.
        precondition(Set(again) == Set(twice), "\(again) became \(twice)")
    } catch {
        _ = error.description
    }
}

/// Tests one input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzRecordDecoder(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = UnsafeBufferPointer(start: start, count: count)
    var record = HashRecord()
    for line in input.split(separator: UInt8(ascii: "\n"), maxSplits: 600, omittingEmptySubsequences: true) {
        let parts = line.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
        record.append(name: parts[0], value: parts.count > 1 ? Array(parts[1]) : [])
    }
    attempt(Mixed.self, record)
    attempt(Tree.self, record)
    attempt([String: Leaf].self, record)
    attempt([String: [String: String]].self, record)
    attempt([Tree].self, record)
    attempt([Int?].self, record)
    attempt(Double.self, record)
    attempt([UInt8].self, record)
    return 0
}
