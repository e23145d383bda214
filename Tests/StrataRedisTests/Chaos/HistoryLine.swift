import StrataTesting
import StrataTiering

extension History.Operation {
    /// The operation as a line of text, for another process of the same machine: all have one monotonic clock.
    var line: String {
        func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
        let what: [String] =
            switch kind {
            case .read(let value): ["read"] + (value.map { [text($0)] } ?? [])
            case .write(let value): ["write"] + (value.map { [text($0)] } ?? [])
            case .load: ["load"]
            }
        let times = [start.nanoseconds, end.nanoseconds, budget.map { Int64($0 / .milliseconds(1)) } ?? -1]
        let head = ["\(node)", "\(client)", text(key), text(field), "\(ending)"]
        return (head + times.map(String.init) + what).joined(separator: "\t")
    }

    init?(line: Substring) {
        let parts = line.split(separator: "\t" as Character).map(String.init)
        guard parts.count >= 9, let node = Int(parts[0]), let client = Int(parts[1]), let start = Int64(parts[5]),
            let end = Int64(parts[6]), let budget = Int64(parts[7])
        else { return nil }
        let value = parts.count > 9 ? Array(parts[9].utf8) : nil
        let kind: Kind = parts[8] == "read" ? .read(value) : parts[8] == "write" ? .write(value) : .load
        let ending: Ending = parts[4] == "done" ? .done : parts[4] == "failed" ? .failed : .unknown
        self.init(
            node: node, client: client, key: Array(parts[2].utf8), field: Array(parts[3].utf8), kind: kind,
            start: Instant(nanoseconds: start), end: Instant(nanoseconds: end), ending: ending,
            budget: budget < 0 ? nil : .milliseconds(budget))
    }
}
