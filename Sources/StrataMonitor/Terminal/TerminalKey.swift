/// A key somebody pressed.
package enum TerminalKey: Hashable, Sendable {
    /// A key that types a character.
    case character(Character)
    /// An arrow.
    case up
    /// An arrow.
    case down
    /// An arrow.
    case left
    /// An arrow.
    case right
    /// Enter.
    case enter
    /// Escape.
    case escape
    /// Ctrl-C or Ctrl-D, where the terminal doesn't make a signal of them.
    case end

    /// The keys that a terminal's bytes stand for.
    ///
    /// - Parameter bytes: What was read at once: an escape that is followed by nothing is the key.
    /// - Returns: Keys in order; sequences that stand for none of these are left out.
    package static func keys(in bytes: [UInt8]) -> [TerminalKey] {
        var keys: [TerminalKey] = []
        var rest = bytes[...]
        while let byte = rest.popFirst() {
            switch byte {
            case 3, 4: keys.append(.end)
            case 10, 13: keys.append(.enter)
            case 27:
                // "ESC [ A" in the normal and "ESC O A" in the application mode of the cursor keys.
                guard let next = rest.first, next == UInt8(ascii: "[") || next == UInt8(ascii: "O") else {
                    keys.append(.escape)
                    continue
                }
                rest.removeFirst()
                // Parameters, then one letter.
                while let parameter = rest.first, (0x30...0x3f).contains(parameter) { rest.removeFirst() }
                switch rest.popFirst() {
                case UInt8(ascii: "A"): keys.append(.up)
                case UInt8(ascii: "B"): keys.append(.down)
                case UInt8(ascii: "C"): keys.append(.right)
                case UInt8(ascii: "D"): keys.append(.left)
                default: break
                }
            case 32..<127: keys.append(.character(Character(Unicode.Scalar(byte))))
            default: break
            }
        }
        return keys
    }
}
