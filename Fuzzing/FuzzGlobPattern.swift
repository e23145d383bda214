// Fuzzer of glob matching: the input up to the first zero byte is the pattern, the rest the text.
//
// The result must not depend on where the bytes lie, a text must match itself when escaped, and time must stay bounded
// (the fuzzer's own limit of seconds per input).

/// Tests one input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzGlobPattern(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = UnsafeRawBufferPointer(start: start, count: count)
    let split = input.firstIndex(of: 0) ?? input.count
    // Exact copies, so that a read behind either is seen.
    let pattern = Array(input[..<split])
    let text = Array(input[min(split + 1, input.count)...])
    func matches(_ pattern: [UInt8], _ text: [UInt8], ignoringCase: Bool = false) -> Bool {
        pattern.withUnsafeBytes { pattern in
            text.withUnsafeBytes { GlobPattern.matches(pattern, $0, ignoringCase: ignoringCase) }
        }
    }
    // Empty text is matched by the empty pattern only, as in Redis.
    guard !text.isEmpty else {
        precondition(matches(pattern, text) == pattern.isEmpty, "a pattern matches nothing at all")
        return 0
    }
    if matches(pattern, text) {
        precondition(matches([UInt8(ascii: "*")] + pattern, text), "a star in front prevents the match")
        // An open set takes a star behind it in, a backslash takes it literally, and case changes what a set's ranges span.
        if !pattern.contains(UInt8(ascii: "[")) {
            precondition(matches(pattern, text, ignoringCase: true), "a match without regard to case is none")
            let isEscaping = pattern.last == UInt8(ascii: "\\")
            precondition(
                isEscaping || matches(pattern + [UInt8(ascii: "*")], text), "a star behind prevents the match")
        }
    }
    let escaped = text.flatMap { [UInt8(ascii: "\\"), $0] }
    precondition(matches(escaped, text), "an escaped text doesn't match itself")
    precondition(matches([UInt8(ascii: "*")], text), "a star doesn't match")
    return 0
}
