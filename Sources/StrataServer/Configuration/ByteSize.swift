/// Sizes as people write them: `512`, `100mb`, `1gb`.
///
/// The units are Redis': `k`, `m` and `g` are powers of 1000, `kb`, `mb` and `gb` powers of 1024. `kib`, `mib` and `gib` are understood as
/// the latter, `b` and nothing as bytes. Upper and lower case mean the same.
package enum ByteSize {
    /// The units and how many bytes one of them is.
    private static let units: [(name: String, factor: Int)] = [
        ("", 1), ("b", 1),
        ("k", 1_000), ("kb", 1 << 10), ("kib", 1 << 10),
        ("m", 1_000_000), ("mb", 1 << 20), ("mib", 1 << 20),
        ("g", 1_000_000_000), ("gb", 1 << 30), ("gib", 1 << 30),
        ("t", 1_000_000_000_000), ("tb", 1 << 40), ("tib", 1 << 40),
    ]

    /// Reads a size.
    ///
    /// - Parameter text: Decimal digits, then at most one unit, nothing around or between them.
    /// - Returns: The bytes, or `nil` if the text is not a size or is more than an `Int` holds.
    package static func parse(_ text: String) -> Int? {
        let digits = text.utf8.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard !digits.isEmpty, let number = Int(Substring(digits)) else { return nil }
        let unitName = text.dropFirst(digits.count).lowercased()
        guard let unit = units.first(where: { $0.name == unitName }) else { return nil }
        let (bytes, overflow) = number.multipliedReportingOverflow(by: unit.factor)
        return overflow ? nil : bytes
    }
}
