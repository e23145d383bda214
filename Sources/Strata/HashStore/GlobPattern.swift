/// Matches bytes against a glob pattern, with the meaning that Redis' `MATCH` and `KEYS` give it.
///
/// `*` matches any bytes, `?` any one byte, `[a-z]` one byte of the set, `[^x]` one byte outside it, `\` takes the next
/// byte literally. A set that isn't closed ends with the pattern.
///
/// The matcher walks both inputs with one place to go back to: the last `*` seen. Going back further can't help,
/// because whatever an earlier `*` could still take, the last one can take as well. So the worst case is the product of
/// both lengths, and no pattern makes it exponential.
package enum GlobPattern {
    /// Patterns that get past more groups of `*` match nothing, as in Redis, which bounds their time.
    private static let maximumStarCount = 1000

    /// Whether the whole of `bytes` matches `pattern`.
    ///
    /// No bytes at all match the empty pattern only, as in Redis.
    ///
    /// - Parameters:
    ///   - pattern: The pattern.
    ///   - bytes: What to match.
    ///   - ignoringCase: Whether ASCII letters match in either case.
    /// - Returns: Whether they match.
    /// - Complexity: O(`pattern.count` × `bytes.count`), linear for patterns with up to one `*`. Allocates nothing.
    package static func matches(_ pattern: Bytes, _ bytes: Bytes, ignoringCase: Bool = false) -> Bool {
        guard !bytes.isEmpty else { return pattern.isEmpty }
        var inPattern = 0
        var inBytes = 0
        // Where to go on after a mismatch: behind the last `*`, which then takes one byte more.
        var afterStar = -1
        var starCount = 0
        var starEnd = 0

        while inBytes < bytes.count {
            if inPattern < pattern.count {
                if pattern[inPattern] == UInt8(ascii: "*") {
                    repeat { inPattern += 1 } while inPattern < pattern.count && pattern[inPattern] == UInt8(ascii: "*")
                    if inPattern == pattern.count { return true }
                    starCount += 1
                    if starCount > maximumStarCount { return false }
                    afterStar = inPattern
                    starEnd = inBytes
                    continue
                }
                let (matches, next) = matchOne(pattern, at: inPattern, bytes[inBytes], ignoringCase)
                if matches {
                    inPattern = next
                    inBytes += 1
                    continue
                }
            }
            guard afterStar >= 0 else { return false }
            starEnd += 1
            inBytes = starEnd
            inPattern = afterStar
        }
        while inPattern < pattern.count, pattern[inPattern] == UInt8(ascii: "*") { inPattern += 1 }
        return inPattern == pattern.count
    }

    /// Whether a pattern matches only itself, so that a lookup can replace a scan.
    package static func isLiteral(_ pattern: Bytes) -> Bool {
        !pattern.contains { byte in
            byte == UInt8(ascii: "*") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "[")
                || byte == UInt8(ascii: "\\")
        }
    }

    /// Matches one byte against the pattern's element at `start`, which is not a `*`.
    private static func matchOne(
        _ pattern: Bytes, at start: Int, _ byte: UInt8, _ ignoringCase: Bool
    ) -> (matches: Bool, next: Int) {
        switch pattern[start] {
        case UInt8(ascii: "?"):
            return (true, start + 1)
        case UInt8(ascii: "["):
            return matchSet(pattern, at: start + 1, byte, ignoringCase)
        case UInt8(ascii: "\\") where start + 1 < pattern.count:
            return (folded(pattern[start + 1], ignoringCase) == folded(byte, ignoringCase), start + 2)
        default:
            return (folded(pattern[start], ignoringCase) == folded(byte, ignoringCase), start + 1)
        }
    }

    /// Matches one byte against the set whose content begins at `start`.
    private static func matchSet(
        _ pattern: Bytes, at start: Int, _ byte: UInt8, _ ignoringCase: Bool
    ) -> (matches: Bool, next: Int) {
        var index = start
        let isNegated = index < pattern.count && pattern[index] == UInt8(ascii: "^")
        if isNegated { index += 1 }
        let foldedByte = folded(byte, ignoringCase)
        var found = false
        while index < pattern.count, pattern[index] != UInt8(ascii: "]") {
            if pattern[index] == UInt8(ascii: "\\"), index + 1 < pattern.count {
                // An escaped byte in a set is compared as it is, whatever the case option says.
                if pattern[index + 1] == byte { found = true }
                index += 2
            } else if index + 2 < pattern.count, pattern[index + 1] == UInt8(ascii: "-") {
                let first = folded(pattern[index], ignoringCase)
                let second = folded(pattern[index + 2], ignoringCase)
                if foldedByte >= min(first, second), foldedByte <= max(first, second) { found = true }
                index += 3
            } else {
                if folded(pattern[index], ignoringCase) == foldedByte { found = true }
                index += 1
            }
        }
        return (found != isNegated, min(index + 1, pattern.count))
    }

    @inline(__always)
    private static func folded(_ byte: UInt8, _ ignoringCase: Bool) -> UInt8 {
        ignoringCase && byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }
}
