/// Short readable text of raw bytes, for error messages and debugging.
///
/// At most ``maximumByteCount`` bytes are shown, so that a message stays one line and a stranger's value cannot fill a
/// log. Anything but printable ASCII is shown as `\xNN`, so that it cannot forge a line of one either.
enum FieldRendering {
    /// How many bytes of a value are shown.
    static let maximumByteCount = 32

    /// The bytes between quotes; the whole length is added where they had to be cut.
    static func text(of bytes: UnsafeRawBufferPointer) -> String {
        var text = "\""
        for byte in bytes.prefix(maximumByteCount) { append(byte, to: &text) }
        text += "\""
        if bytes.count > maximumByteCount { text += "… (\(bytes.count) bytes)" }
        return text
    }

    /// A path as text: the bytes themselves where they are readable, cut where they are too many.
    static func path(of bytes: some Collection<UInt8>) -> String {
        let maximum = 8 * maximumByteCount
        let shown = bytes.prefix(maximum)
        var text = ""
        if let valid = String(validating: shown, as: UTF8.self), valid.unicodeScalars.allSatisfy({ $0.value >= 0x20 }) {
            text = valid
        } else {
            for byte in shown { append(byte, to: &text) }
        }
        if bytes.count > maximum { text += "…" }
        return text
    }

    private static func append(_ byte: UInt8, to text: inout String) {
        switch byte {
        case UInt8(ascii: "\""): text += "\\\""
        case 0x20...0x7E: text.unicodeScalars.append(Unicode.Scalar(byte))
        default:
            let digits = String(byte, radix: 16, uppercase: true)
            text += digits.utf8.count == 1 ? "\\x0" + digits : "\\x" + digits
        }
    }
}
