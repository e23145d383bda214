/// How many reply bytes may wait for a client of some kind.
struct OutputLimits: Sendable {
    /// A client with this many bytes waiting is closed at once; 0 means no limit.
    var hard = 0
    /// A client with this many bytes waiting for longer than ``softMilliseconds`` is closed; 0 means no limit.
    var soft = 0
    var softMilliseconds: Int64 = 0

    private static let classes = ["normal", "slave", "pubsub"]

    /// Checks the value of `client-output-buffer-limit`: one or more classes of clients, each with its limits; classes that aren't named keep theirs.
    @Sendable
    static func normalize(_ value: String, present: String) throws(SettingError) -> String {
        let words = value.split(separator: " ").map(String.init)
        guard words.count % 4 == 0 else {
            throw SettingError("Wrong number of arguments in buffer limit configuration.")
        }
        var limits: [String: [String]] = [:]
        for group in [present.split(separator: " ").map(String.init), words] {
            for start in stride(from: 0, to: group.count, by: 4) {
                let name = group[start].lowercased() == "replica" ? "slave" : group[start].lowercased()
                guard classes.contains(name) else {
                    throw SettingError("Invalid client class specified in buffer limit configuration.")
                }
                guard let hard = Setting.byteCount(group[start + 1]), let soft = Setting.byteCount(group[start + 2]),
                    let seconds = Int(group[start + 3]), seconds >= 0
                else {
                    throw SettingError("Error in hard, soft or soft_seconds setting in buffer limit configuration.")
                }
                limits[name] = [String(hard), String(soft), String(seconds)]
            }
        }
        return classes.map { ([$0] + (limits[$0] ?? ["0", "0", "0"])).joined(separator: " ") }.joined(separator: " ")
    }

    /// The limits of a class in a value in normal form.
    static func parse(_ value: String, class name: String) -> OutputLimits {
        let words = value.split(separator: " ").map(String.init)
        guard let index = words.firstIndex(of: name), index + 3 < words.count else { return OutputLimits() }
        return OutputLimits(
            hard: Int(words[index + 1]) ?? 0, soft: Int(words[index + 2]) ?? 0,
            softMilliseconds: Int64(words[index + 3]).map { $0 * 1000 } ?? 0
        )
    }
}

/// The percentiles that `INFO latencystats` shows.
enum Percentiles {
    /// Checks a list of percentiles.
    @Sendable
    static func normalize(_ value: String, present: String) throws(SettingError) -> String {
        let words = value.split(separator: " ")
        let numbers = words.compactMap { Double($0) }
        guard numbers.count == words.count else {
            throw SettingError("Invalid latency-tracking-info-percentiles parameters")
        }
        guard numbers.allSatisfy({ $0 >= 0 && $0 <= 100 }) else {
            throw SettingError("latency-tracking-info-percentiles parameters should sit between [0.0,100.0]")
        }
        return numbers.map(text).joined(separator: " ")
    }

    /// A percentile as it is shown: without a fraction if it has none.
    static func text(_ percentile: Double) -> String {
        let text = percentile.description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
