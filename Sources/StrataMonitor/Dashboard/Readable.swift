/// Figures as people read them; the page's scripts write them the same way.
package enum Readable {
    private static let nothing = "–"

    /// A count or rate: 950, 12.4 k, 3.1 M.
    package static func count(_ value: Double?) -> String {
        guard let value, value.isFinite else { return nothing }
        let size = value.magnitude
        for (unit, factor) in [("G", 1e9), ("M", 1e6), ("k", 1e3)] where size >= factor * 0.9995 {
            return "\(digits(value / factor)) \(unit)"
        }
        return size >= 100 || value == value.rounded() ? "\(Int(value.rounded()))" : digits(value)
    }

    /// A count: 950, 12.4 k, 3.1 M.
    package static func count(_ value: Int) -> String { count(Double(value)) }

    /// Bytes in powers of 1024.
    package static func bytes(_ value: Double?) -> String {
        guard let value, value.isFinite else { return nothing }
        for (unit, factor) in [("TB", 0x1p40), ("GB", 0x1p30), ("MB", 0x1p20), ("KB", 0x1p10)]
        where value.magnitude >= factor * 0.9995 {
            return "\(digits(value / factor)) \(unit)"
        }
        return "\(Int(value.rounded())) B"
    }

    /// Bytes in powers of 1024.
    package static func bytes(_ value: Int) -> String { bytes(Double(value)) }

    /// A short time: 430 ns, 1.2 µs, 15 ms, 2 s.
    package static func latency(_ seconds: Double?) -> String {
        guard let seconds, seconds.isFinite, seconds.magnitude < 1e9 else { return nothing }
        for (unit, factor) in [("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)] where seconds >= factor * 0.9995 {
            return "\(digits(seconds / factor)) \(unit)"
        }
        return "\(Int((seconds * 1e9).rounded())) ns"
    }

    /// A long time in its two largest units: 42 s, 17 min, 3 h 20 min, 5 d 2 h.
    package static func duration(_ seconds: Double?) -> String {
        guard let seconds, seconds.isFinite, seconds.magnitude < 1e12 else { return nothing }
        if seconds < 90 { return "\(Int(seconds.rounded())) s" }
        let minutes = Int((seconds / 60).rounded())
        if minutes < 90 { return "\(minutes) min" }
        let hours = minutes / 60
        if hours < 48 { return minutes % 60 > 0 ? "\(hours) h \(minutes % 60) min" : "\(hours) h" }
        return hours % 24 > 0 ? "\(hours / 24) d \(hours % 24) h" : "\(hours / 24) d"
    }

    /// A share: 98.2 %; 99.97 % where it is that close to all.
    package static func percent(_ value: Double?) -> String {
        guard let value, value.isFinite else { return nothing }
        let hundredth = value * 100
        let places = hundredth == 0 || hundredth >= 99.995 ? 0 : hundredth > 99 || hundredth < 1 ? 2 : 1
        return "\(fixed(hundredth, places)) %"
    }

    /// Three digits, without zeros at the end of a fraction.
    private static func digits(_ value: Double) -> String {
        let size = value.magnitude
        if size >= 99.95 { return fixed(value, 0) }
        var text = fixed(value, size >= 9.995 ? 1 : 2)
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text
    }

    /// A number with so many places behind the point, 0 to 3.
    private static func fixed(_ value: Double, _ places: Int) -> String {
        let factor = [1.0, 10, 100, 1000][places]
        let scaled = (value.magnitude * factor).rounded()
        guard scaled < 1e15 else { return "\(value)" }
        let whole = Int(scaled)
        let sign = value < 0 && whole > 0 ? "-" : ""
        guard places > 0 else { return sign + "\(whole)" }
        let fraction = "\(whole % Int(factor))"
        return sign + "\(whole / Int(factor))." + String(repeating: "0", count: places - fraction.count) + fraction
    }
}
