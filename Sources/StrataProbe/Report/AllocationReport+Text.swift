extension AllocationReport {
    /// The report as text for a terminal: the largest of everything.
    public var text: String {
        var lines = [headline]
        lines += remarks.map { "  " + $0 }
        guard processIdentifier != 0 else { return lines.joined(separator: "\n") + "\n" }
        lines += growthLines + storageLines + typeLines + backtraceLines + threadLines
        return lines.joined(separator: "\n") + "\n"
    }

    private var headline: String {
        let name = program.first?.split(separator: "/").last.map(String.init) ?? "this process"
        var parts = ["strata watch: \(name)"]
        if processIdentifier != 0 {
            parts.append("process \(processIdentifier)")
        }
        parts.append(ReportFigures.time(seconds * 1e9))
        if !ending.isEmpty {
            parts.append(ending)
        }
        guard processIdentifier != 0 else { return parts.joined(separator: ", ") }
        let count = types.reduce(0) { $0 + $1.count }
        let bytes = types.reduce(0) { $0 + $1.bytes }
        let grown = ["dictionary", "set", "array"].map { kind in
            let growths = growths.filter { $0.kind == kind }.reduce(0) { $0 + $1.count }
            return "\(ReportFigures.count(growths)) \(kind)"
        }
        return parts.joined(separator: ", ")
            + "\n  \(ReportFigures.count(count)) allocations of \(types.count) types by "
            + "\(threadCount) thread\(threadCount == 1 ? "" : "s"), \(ReportFigures.bytes(bytes)); growths: "
            + grown.joined(separator: ", ")
    }

    private var growthLines: [String] {
        let grown = growths.filter { !$0.growths.isEmpty }
        guard !grown.isEmpty else { return ["", "No dictionary, set or array grew."] }
        var rows = [["Growths", "count", "largest", "bytes", "time timed", "longest", "capacities"]]
        for type in grown.prefix(25) {
            let timed = type.growths.reduce(0) { $0 + $1.timed }
            let largest = type.growths.max { $0.bytes < $1.bytes }
            rows.append([
                type.type.shortened, ReportFigures.count(type.count), ReportFigures.count(type.largest),
                ReportFigures.bytes(largest?.bytes ?? 0), timed == 0 ? "–" : ReportFigures.time(type.nanoseconds),
                timed == 0 ? "–" : ReportFigures.time(type.longest), type.path,
            ])
        }
        return [""] + rows.aligned + more(grown.count - 25, "types that grew")
    }

    private var storageLines: [String] {
        let large = storages.filter { $0.growths.count > 1 }.prefix(10)
        guard !large.isEmpty else { return [] }
        var rows = [["Largest storages", "bytes", "growths", "first", "last", "slowest", "next"]]
        for storage in large {
            let slowest = storage.growths.map(\.nanoseconds).max() ?? 0
            let next = storage.nextGrowth.map {
                $0 > seconds ? "in " + ReportFigures.time(($0 - seconds) * 1e9) : "due"
            }
            rows.append([
                storage.type.shortened, ReportFigures.bytes(storage.bytes), ReportFigures.count(storage.growths.count),
                ReportFigures.time((storage.growths.first?.seconds ?? 0) * 1e9),
                ReportFigures.time((storage.growths.last?.seconds ?? 0) * 1e9), ReportFigures.time(slowest),
                storage.isReleased ? "freed" : next ?? "–",
            ])
        }
        return [""] + rows.aligned
    }

    private var typeLines: [String] {
        guard !types.isEmpty else { return [] }
        var rows = [["Allocations", "count", "bytes", "alive", "lived p50", "p99", "call p50", "p99"]]
        for type in types.prefix(25) {
            let figures = [
                type.lifetime.percentile(0.5), type.lifetime.percentile(0.99), type.latency.percentile(0.5),
                type.latency.percentile(0.99),
            ]
            rows.append(
                [
                    type.type.shortened, ReportFigures.count(type.count), ReportFigures.bytes(type.bytes),
                    ReportFigures.count(type.alive),
                ] + figures.map { $0.map(ReportFigures.time) ?? "–" })
        }
        return [""] + rows.aligned + more(types.count - 25, "types")
    }

    private var backtraceLines: [String] {
        guard !backtraces.isEmpty else { return [] }
        var lines = ["", "Where most bytes came from (growths that were timed, and sampled objects)"]
        for place in backtraces.prefix(10) {
            let what = place.isStorage ? "storages" : "sampled objects"
            lines.append(
                "  \(place.type.shortened): \(ReportFigures.count(place.count)) \(what), \(ReportFigures.bytes(place.bytes))"
            )
            lines += place.frames.prefix(12).map { "      " + $0.shortened(to: 150) }
        }
        return lines + more(backtraces.count - 10, "places")
    }

    private var threadLines: [String] {
        guard !threads.isEmpty else { return [] }
        var rows = [["Threads", "on processor", "ready, waiting", "running", "sleeping", "blocked", ""]]
        for thread in threads.sorted(by: { $0.onProcessor > $1.onProcessor }).prefix(32) {
            rows.append([
                "\(thread.name) (\(thread.identifier))", ReportFigures.time(thread.onProcessor * 1e9),
                ReportFigures.time(thread.waiting * 1e9), ReportFigures.count(thread.running),
                ReportFigures.count(thread.sleeping), ReportFigures.count(thread.blocked),
                thread.isDelayed ? "← waited for a processor" : "",
            ])
        }
        return [""] + rows.aligned + more(threads.count - 32, "threads")
    }

    private func more(_ count: Int, _ what: String) -> [String] { count > 0 ? ["  and \(count) more \(what)"] : [] }
}

extension AllocationReport.StorageGrowths {
    /// The capacities in a row, with how often each was reached if it was more than once.
    var path: String {
        guard let first = growths.first else { return "" }
        var text = "\(first.oldCapacity)"
        var last = first.oldCapacity
        for step in growths.prefix(24) {
            text += step.oldCapacity == last ? "→\(step.newCapacity)" : " \(step.oldCapacity)→\(step.newCapacity)"
            text += step.count > 1 ? "(×\(step.count))" : ""
            last = step.newCapacity
        }
        return text + (growths.count > 24 ? " …" : "")
    }
}

extension String {
    /// At most `limit` characters, with the middle left out.
    func shortened(to limit: Int) -> String {
        count <= limit ? self : prefix(limit * 2 / 3) + "…" + suffix(limit / 3 - 1)
    }

    /// As much of a type's name as fits into a column.
    var shortened: String { shortened(to: 48) }
}

extension [[String]] {
    /// The first column to the left, the others to the right, except the last if it holds words.
    fileprivate var aligned: [String] {
        guard let header = first else { return [] }
        let widths = header.indices.map { column in map { $0[column].count }.max() ?? 0 }
        let isProse = dropFirst().contains { row in
            (row.last?.contains("→") ?? false) || (row.last?.contains("←") ?? false)
        }
        return map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                let isLeft = column == 0 || (isProse && column == row.count - 1)
                line += column == 0 ? "" : "  "
                line += isLeft ? cell + padding : padding + cell
            }
            while line.last == " " {
                line.removeLast()
            }
            return line
        }
    }
}
