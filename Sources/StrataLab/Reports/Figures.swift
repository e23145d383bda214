/// Numbers for people.
package enum Figures {
    /// A number with a fixed count of decimals.
    package static func fixed(_ value: Double, _ digits: Int) -> String {
        guard value.isFinite, value.magnitude < 1e15 else { return "–" }
        var factor = 1.0
        for _ in 0..<digits { factor *= 10 }
        let scaled = Int((value.magnitude * factor).rounded())
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard digits > 0 else { return "\(sign)\(scaled)" }
        let fraction = String(scaled % Int(factor))
        return "\(sign)\(scaled / Int(factor)).\(String(repeating: "0", count: digits - fraction.count))\(fraction)"
    }

    /// A number with about three digits that matter.
    package static func short(_ value: Double) -> String {
        switch value.magnitude {
        case 0: "0"
        case ..<0.1: fixed(value, 3)
        case ..<10: fixed(value, 2)
        case ..<100: fixed(value, 1)
        case ..<10_000: fixed(value, 0)
        case ..<1e6: fixed(value / 1e3, value < 1e5 ? 1 : 0) + "k"
        case ..<1e9: fixed(value / 1e6, value < 1e8 ? 1 : 0) + "M"
        default: fixed(value / 1e9, 1) + "G"
        }
    }

    /// A whole number with its digits in groups of three.
    package static func grouped(_ value: Int) -> String {
        let digits = Array(String(value.magnitude))
        var result = value < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { result += "\u{202F}" }
            result.append(digit)
        }
        return result
    }

    /// A number of things.
    package static func counted(_ count: Int, _ one: String, _ many: String) -> String {
        "\(grouped(count)) \(count == 1 ? one : many)"
    }

    /// Nanoseconds in the unit that suits them.
    package static func duration(_ nanoseconds: Double) -> String {
        switch nanoseconds.magnitude {
        case ..<1e3: fixed(nanoseconds, nanoseconds < 10 ? 1 : 0) + " ns"
        case ..<1e6: fixed(nanoseconds / 1e3, nanoseconds < 1e5 ? 1 : 0) + " µs"
        case ..<1e9: fixed(nanoseconds / 1e6, nanoseconds < 1e8 ? 1 : 0) + " ms"
        default: fixed(nanoseconds / 1e9, 2) + " s"
        }
    }

    /// Bytes in the unit that suits them.
    package static func bytes(_ count: Double) -> String {
        switch count.magnitude {
        case ..<1024: fixed(count, count == count.rounded() ? 0 : 1) + " B"
        case ..<1_048_576: fixed(count / 1024, 1) + " KiB"
        case ..<1_073_741_824: fixed(count / 1_048_576, 1) + " MiB"
        default: fixed(count / 1_073_741_824, 2) + " GiB"
        }
    }

    /// A text filled up with spaces behind it.
    package static func left(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(width - text.count, 0))
    }

    /// A text filled up with spaces in front of it.
    package static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(width - text.count, 0)) + text
    }
}
