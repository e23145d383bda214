/// The text of paths: how the keys that lead to a value become the name of a field.
///
/// A path is its parts joined by the separator. A part is the key's UTF-8 text, with these exceptions:
///
/// | key | part |
/// |---|---|
/// | contains the separator | `\` in front of it |
/// | contains `\` | `\\` |
/// | is empty | `\e` |
///
/// The path of the value itself, without any key, is the empty name. A part is therefore never empty, and a name that
/// ends in a bare separator can be used for something else: it is a *marker* and says what is at the path in front of
/// it where no field can show that: `{}` an empty keyed container, `[]` an empty list, `null` a `nil` that is present.
struct FieldPath {
    /// The byte in front of an escaped one.
    static let escape = UInt8(ascii: "\\")
    /// The byte that, escaped, stands for an empty key.
    static let empty = UInt8(ascii: "e")

    /// The byte between two parts.
    let separator: UInt8

    /// Appends a key as one part.
    func append(_ key: String, to bytes: inout [UInt8]) {
        var key = key
        key.withUTF8 { utf8 in
            if utf8.isEmpty {
                bytes.append(Self.escape)
                bytes.append(Self.empty)
            } else if utf8.contains(where: { $0 == separator || $0 == Self.escape }) {
                for byte in utf8 {
                    if byte == separator || byte == Self.escape { bytes.append(Self.escape) }
                    bytes.append(byte)
                }
            } else {
                bytes.append(contentsOf: utf8)
            }
        }
    }

    /// Appends a list index as one part.
    func append(_ index: Int, to bytes: inout [UInt8]) {
        FieldText.append(index, to: &bytes)
    }

    /// The key that one part stands for, or `nil` if no encoder would have written that part.
    func key(of part: some Collection<UInt8>) -> String? {
        if part.elementsEqual([Self.escape, Self.empty]) { return "" }
        if part.isEmpty { return nil }
        if !part.contains(Self.escape) { return String(validating: part, as: UTF8.self) }
        var bytes: [UInt8] = []
        var isEscaped = false
        for byte in part {
            if isEscaped {
                guard byte == separator || byte == Self.escape else { return nil }
                bytes.append(byte)
                isEscaped = false
            } else if byte == Self.escape {
                isEscaped = true
            } else {
                bytes.append(byte)
            }
        }
        return isEscaped ? nil : String(validating: bytes, as: UTF8.self)
    }

    /// The list index that one part stands for, or `nil` if it isn't one in its shortest form.
    func index(of part: UnsafeBufferPointer<UInt8>) -> Int? {
        guard case .success(let index) = FieldText.integer(Int.self, from: part), index >= 0 else { return nil }
        return index
    }

    /// The end of the part that begins at `start`: the position of the next separator, or the end of the name.
    func endOfPart(in name: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var position = start
        while position < name.count {
            let byte = name[position]
            if byte == separator { return position }
            position += byte == Self.escape ? 2 : 1
        }
        return name.count
    }

    /// The number of parts of a path.
    func depth(of path: UnsafeBufferPointer<UInt8>) -> Int {
        if path.isEmpty { return 0 }
        var depth = 1
        var position = endOfPart(in: path, from: 0)
        while position < path.count {
            depth += 1
            position = endOfPart(in: path, from: position + 1)
        }
        return depth
    }

    /// The path as keys, for the `codingPath` that `Codable` shows to users' code.
    func codingPath(of path: UnsafeBufferPointer<UInt8>) -> [any CodingKey] {
        if path.isEmpty { return [] }
        var keys: [any CodingKey] = []
        var start = 0
        while start <= path.count {
            let end = endOfPart(in: path, from: start)
            let part = path[start..<end]
            keys.append(FieldPathKey(stringValue: key(of: part) ?? FieldRendering.path(of: part)))
            start = end + 1
        }
        return keys
    }

    /// The path that a list of keys leads to.
    func path(of keys: [any CodingKey]) -> [UInt8] {
        var bytes: [UInt8] = []
        for (position, key) in keys.enumerated() {
            if position > 0 { bytes.append(separator) }
            append(key.stringValue, to: &bytes)
        }
        return bytes
    }
}

/// A key made from one part of a path.
struct FieldPathKey: CodingKey {
    let stringValue: String
    var intValue: Int? { Int(stringValue) }

    /// The key under which a class stores its superclass where the author names none, as every coder does.
    static let superclass = FieldPathKey(stringValue: "super")

    init(stringValue: String) { self.stringValue = stringValue }
    init(intValue: Int) { stringValue = String(intValue) }
}
