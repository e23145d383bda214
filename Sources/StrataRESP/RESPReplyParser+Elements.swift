extension RESPReplyParser {
    /// Reads one header with its string, if it has one, at `offset`.
    mutating func element(_ bytes: UnsafeRawBufferPointer, _ offset: inout Int) -> Element {
        guard offset < bytes.count else { return .none }
        let type = bytes[offset]
        guard Self.isType(type) else { return .failure(.unknownType(type)) }
        if type == UInt8(ascii: ">"), !frames.isEmpty { return .failure(.nestedPush) }
        let lineStart = offset + 1
        guard let lineEnd = endOfLine(bytes, from: offset) else {
            return bytes.count - offset > limits.lineLength + 2 ? .failure(.lineTooLong) : .none
        }
        guard lineEnd - lineStart <= limits.lineLength else { return .failure(.lineTooLong) }
        guard bytes[lineEnd + 1] == 0x0a else { return .failure(.missingLineEnd) }
        let line = UnsafeRawBufferPointer(rebasing: bytes[lineStart..<lineEnd])
        let body = lineEnd + 2
        switch type {
        case UInt8(ascii: "$"), UInt8(ascii: "!"), UInt8(ascii: "="):
            guard let length = Self.number(line) else { return .failure(.invalidNumber) }
            if length == -1, type == UInt8(ascii: "$") { return taken(&offset, body, .null) }
            guard length >= 0 else { return .failure(.invalidNumber) }
            guard length <= Int64(limits.bulkLength) else { return .failure(.bulkTooLong) }
            let end = body + Int(length)
            // The header is read again when more has come: it is short, and `searched` keeps its end.
            guard bytes.count >= end + 2 else {
                searched = lineEnd - offset
                return .none
            }
            guard bytes[end] == 0x0d, bytes[end + 1] == 0x0a else { return .failure(.missingLineEnd) }
            return string(type, Array(bytes[body..<end])).map { taken(&offset, end + 2, $0) }
                ?? .failure(.invalidNumber)
        case UInt8(ascii: "*"), UInt8(ascii: "%"), UInt8(ascii: "~"), UInt8(ascii: ">"), UInt8(ascii: "|"):
            guard let count = Self.number(line) else { return .failure(.invalidNumber) }
            if count == -1, type == UInt8(ascii: "*") { return taken(&offset, body, .null) }
            guard count >= 0 else { return .failure(.invalidNumber) }
            guard count <= Int64(limits.elementCount) else { return .failure(.tooManyElements) }
            return opened(type, Int(count), &offset, body)
        default:
            guard let value = Self.scalar(type, line) else { return .failure(.invalidNumber) }
            return taken(&offset, body, value)
        }
    }

    private mutating func taken(_ offset: inout Int, _ end: Int, _ value: RESPValue) -> Element {
        offset = end
        searched = 0
        return .value(value)
    }

    private mutating func opened(_ type: UInt8, _ count: Int, _ offset: inout Int, _ end: Int) -> Element {
        let (kind, valueCount): (Kind, Int) =
            switch type {
            case UInt8(ascii: "%"): (.map, 2 * count)
            case UInt8(ascii: "~"): (.set, count)
            case UInt8(ascii: ">"): (.push, count)
            case UInt8(ascii: "|"): (.attribute, 2 * count)
            default: (.array, count)
            }
        if valueCount == 0, kind != .attribute { return taken(&offset, end, Self.aggregate(kind, [])) }
        guard frames.count < limits.depth else { return .failure(.tooDeep) }
        offset = end
        searched = 0
        if valueCount > 0 {
            var values: [RESPValue] = []
            values.reserveCapacity(min(valueCount, 64))
            frames.append(Frame(kind: kind, remaining: valueCount, values: values))
        }
        return .opened
    }

    /// Where the line's `\r` is, if a byte stands behind it.
    private mutating func endOfLine(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        var index = start + max(searched, 1)
        let last = bytes.count - 1
        while index < last {
            if bytes[index] == 0x0d { return index }
            index += 1
        }
        searched = max(index - start, 0)
        return nil
    }

    private func string(_ type: UInt8, _ body: [UInt8]) -> RESPValue? {
        switch type {
        case UInt8(ascii: "!"):
            return .error(body)
        case UInt8(ascii: "="):
            guard body.count >= 4, body[3] == UInt8(ascii: ":") else { return nil }
            return .verbatimString(format: Array(body[..<3]), Array(body[4...]))
        default:
            return .bulkString(body)
        }
    }

    private static func isType(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: ":"), UInt8(ascii: "$"), UInt8(ascii: "*"),
            UInt8(ascii: "_"),
            UInt8(ascii: "#"), UInt8(ascii: ","), UInt8(ascii: "("), UInt8(ascii: "!"), UInt8(ascii: "="),
            UInt8(ascii: "%"),
            UInt8(ascii: "~"), UInt8(ascii: ">"), UInt8(ascii: "|"):
            true
        default:
            false
        }
    }

    private static func scalar(_ type: UInt8, _ line: UnsafeRawBufferPointer) -> RESPValue? {
        switch type {
        case UInt8(ascii: "+"):
            return .simpleString(Array(line))
        case UInt8(ascii: "-"):
            return .error(Array(line))
        case UInt8(ascii: ":"):
            return number(line).map { .integer($0) }
        case UInt8(ascii: "_"):
            return line.isEmpty ? .null : nil
        case UInt8(ascii: "#"):
            guard line.count == 1 else { return nil }
            return line[0] == UInt8(ascii: "t") ? .boolean(true) : line[0] == UInt8(ascii: "f") ? .boolean(false) : nil
        case UInt8(ascii: "("):
            let digits =
                line.first == UInt8(ascii: "-") || line.first == UInt8(ascii: "+") ? line.dropFirst() : line[...]
            guard !digits.isEmpty, digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
            return .bigNumber(Array(line))
        default:
            return Double(String(decoding: line, as: UTF8.self)).map { .double($0) }
        }
    }

    /// A decimal number with an optional sign, and nothing else.
    static func number(_ line: UnsafeRawBufferPointer) -> Int64? {
        var index = 0
        let isNegative = line.first == UInt8(ascii: "-")
        if isNegative || line.first == UInt8(ascii: "+") { index = 1 }
        guard index < line.count, line.count - index <= 19 else { return nil }
        var magnitude: UInt64 = 0
        while index < line.count {
            let digit = line[index] &- 0x30
            guard digit <= 9 else { return nil }
            magnitude = magnitude &* 10 &+ UInt64(digit)
            index += 1
        }
        if isNegative { return magnitude <= 1 << 63 ? Int64(truncatingIfNeeded: 0 &- magnitude) : nil }
        return Int64(exactly: magnitude)
    }
}
