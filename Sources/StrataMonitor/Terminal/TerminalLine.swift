/// One line of a terminal: stretches of text, each in a style, cut to a width when it is written.
package struct TerminalLine: Hashable, Sendable {
    /// How a stretch of text looks where colours are wanted; without them the text alone has to say it.
    package enum Style: Hashable, Sendable {
        /// As the terminal has it.
        case plain
        /// Less important.
        case soft
        /// A heading or a figure.
        case strong
        /// Fine.
        case good
        /// Worth a look.
        case warning
        /// Somebody should act.
        case critical
        /// The first and the second colour of pictures.
        case one
        /// See above.
        case two
        /// The selected line.
        case selected
        /// A place of the heat map, from 0 to 9.
        case heat(Int)

        /// The numbers of the control sequence (ECMA-48, SGR); `nil` for none.
        var numbers: String? {
            switch self {
            case .plain: nil
            case .soft: "2"
            case .strong: "1"
            case .good: "32"
            case .warning: "1;33"
            case .critical: "1;31"
            case .one: "36"
            case .two: "33"
            case .selected: "7"
            case .heat(let step): "38;5;\([24, 24, 25, 31, 32, 38, 74, 110, 153, 195][min(max(step, 0), 9)])"
            }
        }
    }

    private var stretches: [(text: String, style: Style)] = []
    /// How many columns the line takes.
    package private(set) var width = 0

    /// An empty line.
    package init() {}

    /// A line of one stretch.
    package init(_ text: String, _ style: Style = .plain) { add(text, style) }

    /// Appends text.
    ///
    /// Control characters are left out: what comes from elsewhere can't steer the terminal.
    package mutating func add(_ text: String, _ style: Style = .plain) {
        let shown = String(String.UnicodeScalarView(text.unicodeScalars.filter { !Self.isControl($0) }))
        guard !shown.isEmpty else { return }
        stretches.append((shown, style))
        width += Self.width(of: shown)
    }

    /// Fills up with spaces to a column.
    package mutating func pad(to column: Int) {
        if column > width { add(String(repeating: " ", count: column - width)) }
    }

    /// The line as it is written.
    ///
    /// - Parameters:
    ///   - limit: How many columns there are.
    ///   - hasColours: Whether control sequences may be used.
    /// - Returns: Text without an end of line.
    package func text(limit: Int, hasColours: Bool) -> String {
        var result = ""
        var left = limit
        for (text, style) in stretches where left > 0 {
            let cut = Self.prefix(of: text, width: left)
            left -= Self.width(of: cut)
            if hasColours, let numbers = style.numbers {
                result += "\u{1b}[\(numbers)m\(cut)\u{1b}[0m"
            } else {
                result += cut
            }
            if cut.count < text.count { break }
        }
        return result
    }

    /// Whether two lines look alike.
    package static func == (first: TerminalLine, second: TerminalLine) -> Bool {
        first.stretches.elementsEqual(second.stretches) { $0.text == $1.text && $0.style == $1.style }
    }

    /// Enters the text.
    package func hash(into hasher: inout Hasher) { for stretch in stretches { hasher.combine(stretch.text) } }
}

extension TerminalLine {
    /// How many columns a text takes: two for characters of East Asia and pictures, none for marks that go onto others.
    package static func width(of text: String) -> Int { text.reduce(0) { $0 + width(of: $1) } }

    /// As much of a text as fits into so many columns.
    package static func prefix(of text: String, width limit: Int) -> String {
        var left = limit
        var result = ""
        for character in text {
            left -= width(of: character)
            if left < 0 { break }
            result.append(character)
        }
        return result
    }

    /// A text made to take exactly so many columns; what is cut off is replaced by an ellipsis.
    package static func fitted(_ text: String, to width: Int) -> String {
        let own = Self.width(of: text)
        if own <= width { return text + String(repeating: " ", count: width - own) }
        let cut = prefix(of: text, width: max(width - 1, 0)) + (width > 0 ? "…" : "")
        return cut + String(repeating: " ", count: max(width - Self.width(of: cut), 0))
    }

    private static func width(of character: Character) -> Int {
        guard let scalar = character.unicodeScalars.first else { return 0 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: return 0
        default: break
        }
        if scalar.properties.isEmojiPresentation { return 2 }
        switch scalar.value {
        case 0x1100...0x115f, 0x2e80...0x303e, 0x3041...0xa4cf, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f,
            0xff00...0xff60, 0xffe0...0xffe6, 0x20000...0x3fffd:
            return 2
        default: return 1
        }
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: true
        default: false
        }
    }
}
