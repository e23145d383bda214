/// Pictures made of block characters.
package enum TerminalPictures {
    private static let eighths: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
    private static let parts: [Character] = ["▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"]
    private static let shades: [Character] = [" ", "░", "▒", "▓", "█"]

    /// A small course over time: one character for each value, or for the mean of several.
    ///
    /// - Parameters:
    ///   - values: Oldest first; `nil` leaves a space.
    ///   - width: How many characters.
    ///   - top: The value of a full block; `nil` for the largest value.
    /// - Returns: Exactly `width` characters; values stand at the right.
    package static func spark(_ values: [Double?], width: Int, top: Double? = nil) -> String {
        guard width > 0 else { return "" }
        let columns = columns(values, width: width)
        let most = top ?? columns.compactMap { $0 }.max() ?? 0
        return String(
            columns.map { value -> Character in
                guard let value, value.isFinite else { return " " }
                guard most > 0 else { return eighths[0] }
                return eighths[min(max(Int((value / most * 8).rounded(.up)) - 1, 0), 7)]
            })
    }

    /// Values by column: the newest at the right, several in one where there isn't room for all.
    static func columns(_ values: [Double?], width: Int) -> [Double?] {
        let each = max((values.count + width - 1) / max(width, 1), 1)
        var columns: [Double?] = []
        var end = values.count
        while end > 0, columns.count < width {
            let known = values[max(end - each, 0)..<end].compactMap { $0 }
            columns.append(known.isEmpty ? nil : known.reduce(0, +) / Double(known.count))
            end -= each
        }
        return [Double?](repeating: nil, count: width - columns.count) + columns.reversed()
    }

    /// A bar.
    ///
    /// - Parameters:
    ///   - part: Its length, from 0 to 1 of the width.
    ///   - width: In characters.
    /// - Returns: Exactly `width` characters.
    package static func bar(_ part: Double, width: Int) -> String {
        guard width > 0 else { return "" }
        let eighthCount = Int((min(max(part.isFinite ? part : 0, 0), 1) * Double(width) * 8).rounded())
        var text = String(repeating: "█", count: eighthCount / 8)
        if eighthCount % 8 > 0 { text.append(parts[eighthCount % 8 - 1]) }
        return text + String(repeating: " ", count: width - text.count)
    }

    /// A bar on a track, so that its end is seen without colours.
    package static func meter(_ part: Double, width: Int) -> String {
        let filled = Int((min(max(part.isFinite ? part : 0, 0), 1) * Double(width)).rounded())
        return String(repeating: "█", count: filled) + String(repeating: "░", count: max(width - filled, 0))
    }

    /// A bar with the bounds that its end is within: the certain part, the uncertain one, and the estimate between them.
    package static func bar(_ part: Double, from low: Double, to high: Double, width: Int) -> String {
        func place(_ value: Double) -> Int {
            Int((min(max(value.isFinite ? value : 0, 0), 1) * Double(width)).rounded())
        }
        let (first, middle, last) = (place(low), place(part), place(high))
        var text = String(repeating: "█", count: min(first, middle))
        text += String(repeating: "▓", count: max(middle - min(first, middle), 0))
        text += String(repeating: "░", count: max(last - middle, 0))
        return text + String(repeating: " ", count: max(width - text.count, 0))
    }

    /// A place of a heat map.
    ///
    /// - Parameter part: From 0 for nothing to 1 for the most.
    /// - Returns: The character, and its colour's step.
    package static func shade(_ part: Double) -> (character: Character, step: Int) {
        guard part > 0 else { return (" ", 0) }
        return (shades[min(Int(part * 4) + 1, 4)], min(Int(part * 10), 9))
    }
}
