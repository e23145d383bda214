import ArgumentParser
import StrataLab

/// `strata plan`.
struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Tell ahead of time what a map or a server will need.",
        subcommands: [PlanMemoryCommand.self])
}

/// `strata plan memory`.
struct PlanMemoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "memory",
        abstract: "Tell how much memory entries of some shape will take.",
        discussion: """
            Nothing is measured: the figures follow from how tables grow and what the allocator takes for a block, and are within \
            5 % of what a map or a store of that content counts. A process takes some more for itself: a server about 10 MiB.

            Counts may end in k or m, for thousands and millions.

            Examples:

              strata plan memory --entries 10m --key-bytes 24 --value-bytes 100
              strata plan memory --entries 500k --key-bytes 20 --fields 5 --name-bytes 6 --value-bytes 12
            """)

    @Option(help: ArgumentHelp("How many entries there will be.", valueName: "count"))
    var entries: String
    @Option(help: ArgumentHelp("How long keys are.", valueName: "bytes"))
    var keyBytes: Int
    @Option(help: ArgumentHelp("How long values are; with --fields, those of each field.", valueName: "bytes"))
    var valueBytes: Int
    @Option(help: ArgumentHelp("How many fields each hash has; 0 for strings.", valueName: "count"))
    var fields = 0
    @Option(help: ArgumentHelp("How long names of fields are.", valueName: "bytes"))
    var nameBytes = 8
    @Flag(help: "Keys have a deadline.")
    var deadlines = false

    func validate() throws {
        guard let count = Self.count(entries), (1...1_000_000_000_000).contains(count) else {
            throw ValidationError(
                "--entries must be a number of at least 1, as in 1000000, 500k or 10m, not '\(entries)'")
        }
        try check([
            ("key-bytes", keyBytes, 0...(512 << 20)), ("value-bytes", valueBytes, 0...(512 << 20)),
            ("fields", fields, 0...1_000_000), ("name-bytes", nameBytes, 0...65_535),
        ])
        guard report.store.isCompact else {
            throw ValidationError(
                "hashes with more than 128 fields or with names or values of more than 64 bytes are tables of their own, which "
                    + "aren't planned yet")
        }
        guard keyBytes + valueBytes > 0 else { throw ValidationError("keys and values can't both be empty") }
    }

    /// What is planned.
    var report: MemoryPlanReport {
        var report = MemoryPlanReport(
            entryCount: Self.count(entries) ?? 1, keyByteCount: keyBytes, valueByteCount: valueBytes)
        report.fieldCount = fields
        report.nameByteCount = nameBytes
        report.hasDeadlines = deadlines
        return report
    }

    func run() throws {
        try Results.print(report.table.text)
    }

    /// A number that may end in k, m or g.
    static func count(_ text: String) -> Int? {
        guard let count = ScaledNumber.value(text), count < 1e15 else { return nil }
        return Int(count.rounded())
    }
}
