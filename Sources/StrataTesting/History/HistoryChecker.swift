import StrataTiering

/// Looks in a ``History`` for what a tiered hash must never do.
///
/// Of each field: a read brings what some write wrote, or nothing; a value that a later write has replaced is seen for no longer than the
/// bound; a client sees its own writes; what was acknowledged is there in the end; calls end when their budget does; and no two loaders of
/// a field run at once.
///
/// Writes are told apart by their values, so each must write another one.
public struct HistoryChecker: Sendable {
    /// What is promised of a run.
    public struct Promises: Sendable {
        /// How long a value may be seen after the write that replaced it was acknowledged.
        public var staleness: Duration
        /// Whether the store keeps acknowledged writes.
        ///
        /// Of one that forgets nobody can promise what is seen.
        public var keepsWrites = true
        /// How much longer than its budget a call may take, as a part of it.
        public var budgetTolerance = 0.1
        /// How much later still a call may end, because a busy machine wakes nobody in time.
        public var schedulingAllowance = Duration.zero
        /// Whether loaders of one process may not overlap.
        public var loadsOncePerNode = true
        /// Whether loaders of all processes may not overlap.
        public var loadsOnceOverall = false

        /// Promises with a bound of staleness.
        public init(staleness: Duration) { self.staleness = staleness }
    }

    /// A broken promise.
    public struct Violation: Hashable, Sendable, CustomStringConvertible {
        /// Which.
        public var promise: String
        /// What happened.
        public var description: String

        /// A broken promise as given: for what a history doesn't tell.
        public init(promise: String, description: String) {
            self.promise = promise
            self.description = description
        }
    }

    private let promises: Promises

    /// A checker of promises.
    public init(_ promises: Promises) { self.promises = promises }

    /// Checks a history.
    ///
    /// - Parameters:
    ///   - history: What was done.
    ///   - contents: What the store has of a key in the end; `nil` if that isn't to be checked.
    /// - Returns: What was broken; empty if nothing was.
    public func check(
        _ history: History, contents: (([UInt8]) -> [[UInt8]: [UInt8]])? = nil
    ) -> [Violation] {
        let operations = history.operations
        var violations = operations.compactMap(checkBudget)
        struct Place: Hashable {
            var key: [UInt8]
            var field: [UInt8]
        }
        let places = Dictionary(grouping: operations) { Place(key: $0.key, field: $0.field) }
        let ordered = places.sorted { left, right in
            left.key.key != right.key.key
                ? left.key.key.lexicographicallyPrecedes(right.key.key)
                : left.key.field.lexicographicallyPrecedes(right.key.field)
        }
        for (place, operations) in ordered {
            let writes = operations.filter(\.isWrite).filter { $0.ending != .failed }
            for read in operations {
                guard case .read(let value) = read.kind, read.ending == .done else { continue }
                violations += check(read, value, writes)
            }
            if promises.keepsWrites, let contents {
                violations += checkEnd(contents(place.key)[place.field], writes, place.key, place.field)
            }
            violations += checkLoads(operations.filter { $0.kind == .load })
        }
        return violations
    }

    private func checkBudget(_ operation: History.Operation) -> Violation? {
        guard let budget = operation.budget else { return nil }
        let time = operation.start.duration(to: operation.end)
        guard time > budget * (1 + promises.budgetTolerance) + promises.schedulingAllowance else { return nil }
        return Violation(promise: "budget", description: "took \(time) of \(budget): \(operation.text)")
    }

    /// The writes that a value may come from; `nil` among them stands for the beginning, when there was nothing.
    private func sources(of value: [UInt8]?, _ writes: [History.Operation]) -> [History.Operation?] {
        let found: [History.Operation?] = writes.filter { $0.kind == .write(value) }
        return value == nil ? found + [nil] : found
    }

    /// When a write has certainly had its effect.
    private func end(_ write: History.Operation?) -> Instant {
        guard let write else { return Instant(nanoseconds: .min) }
        return write.ending == .unknown ? .distantFuture : write.end
    }

    private func check(_ read: History.Operation, _ value: [UInt8]?, _ writes: [History.Operation]) -> [Violation] {
        let sources = sources(of: value, writes).filter { $0.map { $0.start <= read.end } ?? true }
        guard !sources.isEmpty else { return [Violation(promise: "origin", description: "nobody wrote \(read.text)")] }
        // A store that forgets brings back what was there before.
        guard promises.keepsWrites else { return [] }
        var violations: [Violation] = []
        // A later write that was acknowledged so long ago that this value may not be seen any more.
        let stale = sources.map { source in
            writes.first { later in
                later.ending == .done && later.start > end(source)
                    && later.end.advanced(by: promises.staleness) < read.start
            }
        }
        // Where several writes may have been its source, the last is the most charitable assumption.
        if let later = stale.compactMap({ $0 }).max(by: { $0.end < $1.end }), stale.allSatisfy({ $0 != nil }) {
            violations.append(
                Violation(
                    promise: value == nil ? "staleness" : later.isRemoval ? "resurrection" : "staleness",
                    description: "\(read.text) although \(later.text)"))
        }
        let own = sources.map { source in
            writes.first { later in
                later.ending == .done && later.node == read.node && later.client == read.client
                    && later.end <= read.start && later.start > end(source)
            }
        }
        if let later = own[0], own.allSatisfy({ $0 != nil }) {
            violations.append(
                Violation(promise: "own writes", description: "\(read.text) although it had done \(later.text)"))
        }
        return violations
    }

    private func checkEnd(
        _ value: [UInt8]?, _ writes: [History.Operation], _ key: [UInt8], _ field: [UInt8]
    ) -> [Violation] {
        let sources = sources(of: value, writes)
        let lost = sources.map { source in writes.first { $0.ending == .done && $0.start > end(source) } }
        guard !sources.isEmpty, let later = lost[0], lost.allSatisfy({ $0 != nil }) else { return [] }
        let text = value.map { String(decoding: $0, as: UTF8.self) } ?? "nothing"
        return [
            Violation(
                promise: "acknowledged writes",
                description:
                    "\(text) in \(String(decoding: key, as: UTF8.self)) \(String(decoding: field, as: UTF8.self)) in the end, although \(later.text)"
            )
        ]
    }

    private func checkLoads(_ loads: [History.Operation]) -> [Violation] {
        let sorted = loads.sorted { ($0.start, $0.node) < ($1.start, $1.node) }
        var violations: [Violation] = []
        for (index, load) in sorted.enumerated() {
            for other in sorted[(index + 1)...] where other.start < load.end {
                let isWrong = other.node == load.node ? promises.loadsOncePerNode : promises.loadsOnceOverall
                if isWrong {
                    violations.append(
                        Violation(promise: "one loader", description: "\(load.text) and \(other.text)"))
                }
            }
        }
        return violations
    }
}

extension History.Operation {
    var isWrite: Bool { if case .write = kind { true } else { false } }
    var isRemoval: Bool { kind == .write(nil) }

    /// As in `0.1 read k f = v from 1.2 s to 1.3 s`.
    var text: String {
        func name(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
        let what =
            switch kind {
            case .read(let value): "read \(name(key)) \(name(field)) = \(value.map(name) ?? "nothing")"
            case .write(let value): "wrote \(name(key)) \(name(field)) = \(value.map(name) ?? "nothing")"
            case .load: "loaded \(name(key)) \(name(field))"
            }
        let times = [start, end].map { "\(Double($0.nanoseconds / 1000) / 1e6) s" }
        return "\(node).\(client) \(what) from \(times[0]) to \(times[1])\(ending == .done ? "" : " (\(ending))")"
    }
}
