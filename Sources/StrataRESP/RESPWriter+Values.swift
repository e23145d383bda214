extension RESPWriter {
    /// Writes `+OK`.
    @inlinable
    public func ok() {
        raw("+OK\r\n")
    }

    /// Writes a simple string; it must not contain a line end.
    @inlinable
    public func simpleString(_ text: StaticString) {
        byte(UInt8(ascii: "+"))
        raw(text)
        raw("\r\n")
    }

    /// Writes a simple string; line ends in it become spaces.
    public func simpleString(_ text: String) {
        byte(UInt8(ascii: "+"))
        sanitized(text)
        raw("\r\n")
    }

    /// Writes an error with its code, as in `ERR no such key`; line ends in it become spaces.
    public func error(_ text: String) {
        byte(UInt8(ascii: "-"))
        sanitized(text)
        raw("\r\n")
    }

    /// Writes an integer.
    @inlinable
    public func integer(_ value: Int64) {
        line(UInt8(ascii: ":"), value)
    }

    /// Writes an integer.
    @inlinable
    public func integer(_ value: Int) {
        line(UInt8(ascii: ":"), Int64(value))
    }

    /// Writes a bulk string.
    @inlinable
    public func bulk(_ value: UnsafeRawBufferPointer) {
        let count = value.count
        let place = reserve(count &+ 28)
        place.storeBytes(of: UInt8(ascii: "$"), as: UInt8.self)
        var length = Self.writeDecimal(Int64(count), to: place + 1) &+ 1
        place.storeBytes(of: 0x0d, toByteOffset: length, as: UInt8.self)
        place.storeBytes(of: 0x0a, toByteOffset: length &+ 1, as: UInt8.self)
        length &+= 2
        if let source = value.baseAddress { (place + length).copyMemory(from: source, byteCount: count) }
        length &+= count
        place.storeBytes(of: 0x0d, toByteOffset: length, as: UInt8.self)
        place.storeBytes(of: 0x0a, toByteOffset: length &+ 1, as: UInt8.self)
        state.pointee.count &+= length &+ 2
    }

    /// Writes text as a bulk string.
    public func bulk(_ text: String) {
        var text = text
        text.withUTF8 { bulk(UnsafeRawBufferPointer($0)) }
    }

    /// Writes bytes as a bulk string.
    public func bulk(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { bulk($0) }
    }

    /// Writes a number in decimal as a bulk string.
    @inlinable
    public func bulk(integer value: Int64) {
        withUnsafeTemporaryAllocation(byteCount: 24, alignment: 8) { digits in
            guard let start = digits.baseAddress else { return }
            let length = Self.writeDecimal(value, to: start)
            bulk(UnsafeRawBufferPointer(start: start, count: length))
        }
    }

    /// Writes the null that stands for a missing value.
    @inlinable
    public func null() {
        raw(version >= 3 ? "_\r\n" : "$-1\r\n")
    }

    /// Writes the null that stands for a missing array.
    @inlinable
    public func nullArray() {
        raw(version >= 3 ? "_\r\n" : "*-1\r\n")
    }

    /// Starts an array of `count` values, which have to follow.
    @inlinable
    public func arrayHeader(_ count: Int) {
        line(UInt8(ascii: "*"), Int64(count))
    }

    /// Starts a map of `count` pairs; each key and each value has to follow.
    @inlinable
    public func mapHeader(_ count: Int) {
        if version >= 3 {
            line(UInt8(ascii: "%"), Int64(count))
        } else {
            line(UInt8(ascii: "*"), Int64(count) &* 2)
        }
    }

    /// Starts a set of `count` values, which have to follow.
    @inlinable
    public func setHeader(_ count: Int) {
        line(version >= 3 ? UInt8(ascii: "~") : UInt8(ascii: "*"), Int64(count))
    }

    /// Starts an out-of-band message of `count` values, which have to follow; an array in RESP2.
    @inlinable
    public func pushHeader(_ count: Int) {
        line(version >= 3 ? UInt8(ascii: ">") : UInt8(ascii: "*"), Int64(count))
    }

    /// Writes a boolean; an integer in RESP2.
    @inlinable
    public func boolean(_ value: Bool) {
        if version >= 3 {
            raw(value ? "#t\r\n" : "#f\r\n")
        } else {
            raw(value ? ":1\r\n" : ":0\r\n")
        }
    }

    /// Writes a double in its shortest form; a bulk string in RESP2.
    public func double(_ value: Double) {
        var text: String
        if value.isNaN {
            text = "nan"
        } else if value.isInfinite {
            text = value < 0 ? "-inf" : "inf"
        } else {
            text = value.description
            if text.hasSuffix(".0") { text.removeLast(2) }
        }
        if version >= 3 {
            byte(UInt8(ascii: ","))
            sanitized(text)
            raw("\r\n")
        } else {
            bulk(text)
        }
    }

    /// Writes a number too large for an integer, given in decimal; a bulk string in RESP2.
    public func bigNumber(_ digits: String) {
        if version >= 3 {
            byte(UInt8(ascii: "("))
            sanitized(digits)
            raw("\r\n")
        } else {
            bulk(digits)
        }
    }

    /// Writes text for people to read as it is; a bulk string in RESP2.
    ///
    /// - Parameters:
    ///   - text: the text.
    ///   - format: three characters that say what it is.
    public func verbatim(_ text: String, format: StaticString = "txt") {
        guard version >= 3 else { return bulk(text) }
        var text = text
        text.withUTF8 { content in
            line(UInt8(ascii: "="), Int64(content.count + 4))
            raw(format)
            raw(":")
            raw(UnsafeRawBufferPointer(content))
            raw("\r\n")
        }
    }

    @inlinable
    func byte(_ value: UInt8) {
        reserve(1).storeBytes(of: value, as: UInt8.self)
        state.pointee.count &+= 1
    }

    private func sanitized(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            let place = reserve(bytes.count)
            for (index, byte) in bytes.enumerated() {
                place.storeBytes(of: byte == 0x0d || byte == 0x0a ? 0x20 : byte, toByteOffset: index, as: UInt8.self)
            }
            state.pointee.count += bytes.count
        }
    }
}
