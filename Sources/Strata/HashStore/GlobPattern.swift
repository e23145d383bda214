/// Matches bytes against a glob pattern.
package enum GlobPattern {
    /// Whether the whole of `bytes` matches `pattern` (`*`, `?`, `[a-z]`, `[^x]`, `\` escapes).
    package static func matches(_ pattern: Bytes, _ bytes: Bytes, ignoringCase: Bool = false) -> Bool {
        fatalError("stub")
    }
}
