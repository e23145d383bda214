extension RESPRequestParser {
    /// Reads a header line that may be incomplete, too long, or no number at all.
    @usableFromInline
    mutating func slowNumber(
        _ base: UnsafeRawPointer, _ end: Int, from start: Int, limit header: Header, into result: inout Int
    ) -> Outcome? {
        guard let lineEnd = find(0x0d, base, end) else {
            guard end - position > Self.maximumLineLength else { return .incomplete }
            return .failure(header == .multibulk ? .tooBigMultibulkCount : .tooBigBulkCount)
        }
        guard lineEnd + 2 <= end else {
            // The line's end is found again with the next byte, at the cost of one look.
            searched = lineEnd
            return .incomplete
        }
        if header == .bulk {
            let first = base.load(fromByteOffset: position, as: UInt8.self)
            guard first == UInt8(ascii: "$") else { return .failure(.expectedDollar(first)) }
        }
        guard let value = decimal(base, from: start, to: lineEnd) else {
            return .failure(header == .multibulk ? .invalidMultibulkLength : .invalidBulkLength)
        }
        position = lineEnd + 2
        searched = position
        result = value
        return nil
    }

    /// The offset of the first `byte` in the line at `position`; what was searched without success isn't searched again.
    mutating func find(_ byte: UInt8, _ base: UnsafeRawPointer, _ end: Int) -> Int? {
        var index = max(searched, position)
        let first = index
        while index < end {
            if base.load(fromByteOffset: index, as: UInt8.self) == byte {
                inspected &+= index - first + 1
                return index
            }
            index += 1
        }
        inspected &+= index - first
        searched = end
        return nil
    }

    /// The number that the bytes spell in its one canonical way: no sign but a minus, no leading zeros, no spaces.
    mutating func decimal(_ base: UnsafeRawPointer, from start: Int, to end: Int) -> Int? {
        guard end > start, end - start <= 20 else { return nil }
        inspected &+= end - start
        var index = start
        let isNegative = base.load(fromByteOffset: index, as: UInt8.self) == UInt8(ascii: "-")
        if isNegative { index += 1 }
        guard index < end else { return nil }
        let first = base.load(fromByteOffset: index, as: UInt8.self)
        if first == UInt8(ascii: "0") { return end - index == 1 && !isNegative ? 0 : nil }
        var value = 0
        while index < end {
            let digit = Int(base.load(fromByteOffset: index, as: UInt8.self)) - 0x30
            guard digit >= 0 && digit <= 9 else { return nil }
            let (scaled, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = scaled.subtractingReportingOverflow(digit)
            guard !overflow && !carry else { return nil }
            value = sum
            index += 1
        }
        if isNegative { return value }
        return value == .min ? nil : -value
    }

    /// Parses an inline request: one line of words, with quotes as in a shell.
    @usableFromInline
    mutating func nextInline(_ base: UnsafeRawPointer, _ end: Int) -> Outcome {
        guard let newline = find(0x0a, base, end) else {
            return end > Self.maximumLineLength ? .failure(.tooBigInlineRequest) : .incomplete
        }
        let length = newline + 1
        var lineEnd = newline
        if lineEnd > 0, base.load(fromByteOffset: lineEnd - 1, as: UInt8.self) == 0x0d { lineEnd -= 1 }
        searched = 0
        if !keepsRequests { sliceCount = 0 }
        firstSlice = sliceCount
        unquoted.removeAll(keepingCapacity: true)
        inspected &+= lineEnd
        guard split(UnsafeRawBufferPointer(start: base, count: lineEnd)) else { return .failure(.unbalancedQuotes) }
        guard sliceCount > firstSlice else { return .nothing(length: length) }
        // SAFETY: the array's storage stays where it is until the next inline request changes it.
        inlineBase = unquoted.withUnsafeBytes { $0.baseAddress } ?? UnsafeRawPointer(slices)
        argumentBase = inlineBase
        return .request(length: length)
    }

    /// Splits a line into words and appends them to `unquoted` and `slices`.
    ///
    /// A word may be quoted as a whole or in part. Between double quotes `\n \r \t \b \a \xHH` and a backslash before anything else
    /// have their customary meaning, between single quotes only `\'`. A closing quote must be followed by a space or the line's end.
    ///
    /// - Returns: whether the quotes match.
    private mutating func split(_ line: UnsafeRawBufferPointer) -> Bool {
        var index = 0
        unquoted.reserveCapacity(line.count + 1)
        while true {
            while index < line.count, Self.isSpace(line[index]) { index += 1 }
            guard index < line.count else { return true }
            let start = unquoted.count
            word: while index < line.count {
                switch line[index] {
                case UInt8(ascii: "\""):
                    guard let next = appendDoublyQuoted(line, from: index + 1) else { return false }
                    index = next
                case UInt8(ascii: "'"):
                    guard let next = appendSinglyQuoted(line, from: index + 1) else { return false }
                    index = next
                case 0:
                    // The reference implementation takes the line for a C string.
                    index = line.count
                case let byte where Self.isSpace(byte):
                    break word
                case let byte:
                    unquoted.append(byte)
                    index += 1
                }
            }
            if sliceCount == sliceCapacity { growSlices() }
            slices[sliceCount] = RESPArguments.Slice(offset: start, length: unquoted.count - start)
            sliceCount += 1
        }
    }

    private mutating func appendDoublyQuoted(_ line: UnsafeRawBufferPointer, from start: Int) -> Int? {
        var index = start
        while index < line.count {
            let byte = line[index]
            if byte == UInt8(ascii: "\"") {
                return Self.isWordEnd(line, index + 1) ? index + 1 : nil
            }
            guard byte == UInt8(ascii: "\\"), index + 1 < line.count else {
                unquoted.append(byte)
                index += 1
                continue
            }
            let escaped = line[index + 1]
            if escaped == UInt8(ascii: "x"), index + 3 < line.count,
                let high = Self.hexadecimal(line[index + 2]), let low = Self.hexadecimal(line[index + 3])
            {
                unquoted.append(high << 4 | low)
                index += 4
                continue
            }
            switch escaped {
            case UInt8(ascii: "n"): unquoted.append(0x0a)
            case UInt8(ascii: "r"): unquoted.append(0x0d)
            case UInt8(ascii: "t"): unquoted.append(0x09)
            case UInt8(ascii: "b"): unquoted.append(0x08)
            case UInt8(ascii: "a"): unquoted.append(0x07)
            default: unquoted.append(escaped)
            }
            index += 2
        }
        return nil
    }

    private mutating func appendSinglyQuoted(_ line: UnsafeRawBufferPointer, from start: Int) -> Int? {
        var index = start
        while index < line.count {
            let byte = line[index]
            if byte == UInt8(ascii: "'") {
                return Self.isWordEnd(line, index + 1) ? index + 1 : nil
            }
            if byte == UInt8(ascii: "\\"), index + 1 < line.count, line[index + 1] == UInt8(ascii: "'") {
                unquoted.append(UInt8(ascii: "'"))
                index += 2
            } else {
                unquoted.append(byte)
                index += 1
            }
        }
        return nil
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (byte >= 0x09 && byte <= 0x0d)
    }

    private static func isWordEnd(_ line: UnsafeRawBufferPointer, _ index: Int) -> Bool {
        index >= line.count || line[index] == 0 || isSpace(line[index])
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}
