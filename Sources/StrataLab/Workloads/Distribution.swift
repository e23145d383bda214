/// How often which key is asked for, by name.
package enum Distribution: Sendable {
    /// See ``UniformRanks``.
    case uniform
    /// See ``ZipfRanks``.
    case zipf(theta: Double)
    /// See ``LatestRanks``.
    case latest(theta: Double)
    /// See ``ScanRanks``.
    case scan
    /// See ``HotspotRanks``.
    case hotspot(keys: Double, share: Double)
    /// See ``DriftingRanks``.
    case drifting(theta: Double, period: Int)
    /// See ``TraceRanks``.
    case trace(TraceRanks)

    /// A name that is none, and why.
    package struct UnknownName: Error, Equatable, CustomStringConvertible {
        /// What is wrong, for people.
        package let description: String
    }

    /// How the names are written, for help texts.
    package static let syntax = """
        uniform, zipf[:THETA], latest[:THETA], scan, hotspot[:KEYS:SHARE], drifting[:THETA[:PERIOD]] or trace:FILE
        """

    /// Reads a name with its numbers, as in "zipf:0.99" or "hotspot:0.3:0.7".
    ///
    /// - Throws: ``UnknownName``, or ``TraceError`` for a trace that can't be read.
    package init(_ text: String) throws {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let name = parts[0]
        if name == "trace" {
            guard parts.count == 2, !parts[1].isEmpty else { throw UnknownName(description: "trace:FILE needs a file") }
            self = .trace(TraceRanks(try Trace(path: parts[1], isReadOnce: false)))
            return
        }
        let words = parts.count == 1 ? [] : parts[1].split(separator: ":", omittingEmptySubsequences: false)
        let numbers = words.compactMap { Double($0) }
        guard numbers.count == words.count, numbers.allSatisfy({ $0 > 0 && $0.isFinite }) else {
            throw UnknownName(description: "'\(text)': the numbers after '\(name)' must be above 0")
        }
        let limit = ["uniform": 0, "scan": 0, "zipf": 1, "latest": 1, "hotspot": 2, "drifting": 2][name]
        guard let limit else {
            throw UnknownName(description: "there is no distribution '\(name)'; there are \(Self.syntax)")
        }
        guard numbers.count <= limit else {
            throw UnknownName(
                description: "'\(text)': '\(name)' takes \(limit == 0 ? "no" : "at most \(limit)") numbers")
        }
        guard name != "drifting" || numbers.count < 2 || (1...1e15).contains(numbers[1]) else {
            throw UnknownName(description: "'\(text)': the period must be from 1 to 10^15 requests")
        }
        let first = numbers.first
        switch name {
        case "uniform": self = .uniform
        case "scan": self = .scan
        case "zipf": self = .zipf(theta: first ?? 0.99)
        case "latest": self = .latest(theta: first ?? 0.99)
        case "drifting": self = .drifting(theta: first ?? 0.99, period: numbers.count > 1 ? Int(numbers[1]) : 100)
        default:
            let keys = first ?? 0.3
            let share = numbers.count > 1 ? numbers[1] : 1 - keys
            guard keys <= 1, share <= 1 else {
                throw UnknownName(description: "'\(text)': the shares of keys and requests are at most 1")
            }
            self = .hotspot(keys: keys, share: share)
        }
    }

    /// The name with its numbers, for people.
    package var text: String {
        switch self {
        case .uniform: "uniform"
        case .zipf(let theta): "Zipf(\(theta))"
        case .latest(let theta): "latest(\(theta))"
        case .scan: "scan"
        case .hotspot(let keys, let share): "hotspot(\(keys) of the keys, \(share) of the requests)"
        case .drifting(let theta, let period): "drifting(\(theta), every \(period))"
        case .trace(let ranks): "trace of \(ranks.count) keys"
        }
    }

    /// How many keys a trace has; `nil` for a distribution over any number of keys.
    package var keyCount: Int? {
        if case .trace(let ranks) = self { return ranks.count }
        return nil
    }
}
