/// A parameter of `CONFIG`: its name, what values it takes and what it starts with.
struct Setting: Sendable {
    /// The values a parameter takes.
    enum Kind: Sendable {
        /// `yes` or `no`.
        case boolean
        /// A whole number within bounds.
        case integer(ClosedRange<Int>)
        /// A number of bytes within bounds, with a unit if so written.
        case memory(ClosedRange<Int>)
        /// A number of bytes, or a percentage up to 100.
        case memoryOrPercent
        /// An octal number within bounds.
        case octal(ClosedRange<Int>)
        /// One of these words.
        case choice([String])
        /// Several of these words.
        case choices([String])
        /// Anything.
        case text
        /// What a function accepts: it returns the value in its normal form, given the present one.
        case custom(@Sendable (_ value: String, _ present: String) throws(SettingError) -> String)
    }

    let name: String
    /// Older names of the parameter.
    let aliases: [String]
    let kind: Kind
    let initial: String
    /// Whether it is given when the server starts and can't be changed.
    let isFixed: Bool
    /// Whether its value must not be shown in logs.
    let isSecret: Bool

    init(
        _ name: String, _ kind: Kind, _ initial: String, aliases: [String] = [], isFixed: Bool = false,
        isSecret: Bool = false
    ) {
        self.name = name
        self.kind = kind
        self.initial = initial
        self.aliases = aliases
        self.isFixed = isFixed
        self.isSecret = isSecret
    }

    /// Checks a value and returns it in its normal form.
    func normalize(_ value: String, present: String) throws(SettingError) -> String {
        switch kind {
        case .boolean:
            guard ["yes", "no"].contains(value.lowercased()) else {
                throw SettingError("argument must be 'yes' or 'no'")
            }
            return value.lowercased()
        case .integer(let bounds):
            guard let number = Self.canonicalInteger(value) else {
                throw SettingError("argument couldn't be parsed into an integer")
            }
            return try Self.check(number, bounds)
        case .memory(let bounds):
            guard let number = Self.byteCount(value) else { throw SettingError("argument must be a memory value") }
            return try Self.check(number, bounds)
        case .memoryOrPercent:
            if value.hasSuffix("%"), let percent = Self.canonicalInteger(String(value.dropLast())), percent >= 0 {
                guard percent <= 100 else { throw SettingError("percentage argument must be less or equal to 100") }
                return "\(percent)%"
            }
            guard let number = Self.byteCount(value) else {
                throw SettingError("argument must be a memory or percent value")
            }
            return String(number)
        case .octal(let bounds):
            guard let number = Int(value, radix: 8) else {
                throw SettingError("argument couldn't be parsed as an octal number")
            }
            guard bounds.contains(number) else {
                let range = "\(String(bounds.lowerBound, radix: 8)) and \(String(bounds.upperBound, radix: 8))"
                throw SettingError("argument must be between \(range) inclusive")
            }
            return String(number, radix: 8)
        case .choice(let words):
            guard words.contains(value.lowercased()) else { throw Self.unknownWord(words) }
            return value.lowercased()
        case .choices(let words):
            let given = value.lowercased().split(separator: " ").map(String.init)
            guard !given.isEmpty, given.allSatisfy(words.contains) else { throw Self.unknownWord(words) }
            return given.joined(separator: " ")
        case .text:
            return value
        case .custom(let accept):
            return try accept(value, present)
        }
    }

    private static func check(_ number: Int, _ bounds: ClosedRange<Int>) throws(SettingError) -> String {
        guard bounds.contains(number) else {
            throw SettingError("argument must be between \(bounds.lowerBound) and \(bounds.upperBound) inclusive")
        }
        return String(number)
    }

    private static func unknownWord(_ words: [String]) -> SettingError {
        SettingError("argument(s) must be one of the following: " + words.joined(separator: ", "))
    }

    private static func canonicalInteger(_ text: String) -> Int? {
        Array(text.utf8).withUnsafeBytes { DecimalInteger.parse($0) }.map(Int.init)
    }

    /// A number of bytes as `CONFIG SET` takes it: an empty text is none, and there are no units above gigabytes.
    static func byteCount(_ text: String) -> Int? {
        guard let last = text.last?.lowercased(), last != "t", !text.lowercased().hasSuffix("tb"),
            !text.lowercased().hasSuffix("ib")
        else { return text.isEmpty ? 0 : nil }
        return ByteSize.parse(text)
    }
}

/// Why a value was refused.
struct SettingError: Error {
    let text: String

    init(_ text: String) {
        self.text = text
    }
}
