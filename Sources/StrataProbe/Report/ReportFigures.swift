import Foundation

/// Numbers as people read them.
enum ReportFigures {
    /// With thin spaces between thousands, as in 1 234 567.
    static func count(_ number: Int) -> String {
        var text = ""
        for (index, digit) in String(number.magnitude).reversed().enumerated() {
            text = (index > 0 && index % 3 == 0 ? String(digit) + "\u{202f}" : String(digit)) + text
        }
        return number < 0 ? "-" + text : text
    }

    /// In units of 1000, as in 66.1 kB.
    static func bytes(_ number: Int) -> String { scaled(Double(number), ["B", "kB", "MB", "GB", "TB"]) }

    /// A duration, given in nanoseconds.
    static func time(_ nanoseconds: Double) -> String {
        if nanoseconds >= 1e11 {
            return String(format: "%.0f s", nanoseconds / 1e9)
        }
        return scaled(nanoseconds, ["ns", "µs", "ms", "s"])
    }

    private static func scaled(_ number: Double, _ units: [String]) -> String {
        var number = number
        var unit = 0
        while number >= 999.5, unit < units.count - 1 {
            number /= 1000
            unit += 1
        }
        let format = unit == 0 || number >= 99.95 ? "%.0f" : number >= 9.995 ? "%.1f" : "%.2f"
        return String(format: format, number) + " " + units[unit]
    }
}
