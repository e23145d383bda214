import Strata
import StrataRESP

/// `LCS`: the longest sequence of bytes that two strings have in common, in order but with gaps.
///
/// The classic dynamic programme over a table of all pairs of prefixes, in time and memory proportional to the product
/// of the lengths. The table may take no more memory than the longest value.
enum LongestCommonSubsequence {
    /// `LCS`.
    static let commands: [CommandSpecification] = [
        CommandSpecification(
            "lcs", arity: -3, flags: [.readOnly], firstKey: 1, lastKey: 2, keyStep: 1, access: .exclusive,
            group: .string, summary: "Finds the longest common subsequence of two strings.", since: "7.0.0",
            handler: lcs)
    ]

    /// What the reply is to contain.
    private struct Options {
        var onlyLength = false
        var withPositions = false
        var withMatchLengths = false
        var minimumMatchLength: Int64 = 0

        init(_ context: CommandContext) throws(CommandError) {
            var index = 3
            while index < context.arguments.count {
                let word = context.arguments[index]
                if word.spells("IDX") {
                    withPositions = true
                } else if word.spells("LEN") {
                    onlyLength = true
                } else if word.spells("WITHMATCHLEN") {
                    withMatchLengths = true
                } else if word.spells("MINMATCHLEN"), index + 1 < context.arguments.count {
                    minimumMatchLength = max(0, try context.integer(index + 1))
                    index += 1
                } else {
                    throw .syntax
                }
                index += 1
            }
            if onlyLength, withPositions {
                throw CommandError("ERR If you want both the length and indexes, please just use IDX.")
            }
        }
    }

    static func lcs(_ context: CommandContext) throws(CommandError) {
        let entries = (context.access.entry(context.key(1)), context.access.entry(context.key(2)))
        for entry in [entries.0, entries.1] where entry != nil && entry?.kind != .string {
            throw CommandError("ERR The specified keys must contain string values")
        }
        let options = try Options(context)
        let empty = UnsafeRawBufferPointer(start: nil, count: 0)
        let first = entries.0?.stringBytes ?? empty
        let second = entries.1?.stringBytes ?? empty
        let (cells, overflow) = (first.count + 1).multipliedReportingOverflow(by: second.count + 1)
        guard !overflow, cells <= HashStore.maximumValueLength / MemoryLayout<UInt32>.stride else {
            throw CommandError("ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len")
        }
        let table = lengths(first, second)
        defer { table.deallocate() }
        let length = Int(table[cells - 1])
        if options.onlyLength { return context.writer.integer(length) }
        writeMatches(first, second, table, length, options, context)
    }

    /// The length of the longest common subsequence of every pair of prefixes, row by row.
    private static func lengths(
        _ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer
    ) -> UnsafeMutableBufferPointer<UInt32> {
        let width = second.count + 1
        let table = UnsafeMutableBufferPointer<UInt32>.allocate(capacity: (first.count + 1) * width)
        table.initialize(repeating: 0)
        for row in 0..<first.count {
            for column in 0..<second.count {
                let cell = (row + 1) * width + column + 1
                if first[row] == second[column] {
                    table[cell] = table[cell - width - 1] + 1
                } else {
                    table[cell] = max(table[cell - width], table[cell - 1])
                }
            }
        }
        return table
    }

    /// Walks back through the table and writes either the common bytes or the ranges they form.
    private static func writeMatches(
        _ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer,
        _ table: UnsafeMutableBufferPointer<UInt32>, _ length: Int, _ options: Options, _ context: CommandContext
    ) {
        let width = second.count + 1
        var common = [UInt8](repeating: 0, count: length)
        var remaining = length
        var row = first.count
        var column = second.count
        // The range that is being extended towards the front: its starts, and the last byte of both sides.
        var range: (firstStart: Int, firstEnd: Int, secondStart: Int, secondEnd: Int)?
        var rangeCount = 0
        let writer = context.writer
        var mark = writer.begin()
        if options.withPositions {
            writer.mapHeader(2)
            writer.bulk("matches")
            mark = writer.begin()
        }
        while row > 0, column > 0 {
            var isComplete = false
            if first[row - 1] == second[column - 1] {
                remaining -= 1
                common[remaining] = first[row - 1]
                if let open = range, open.firstStart == row, open.secondStart == column {
                    range = (row - 1, open.firstEnd, column - 1, open.secondEnd)
                } else if range == nil {
                    range = (row - 1, row - 1, column - 1, column - 1)
                } else {
                    isComplete = true
                }
                if let open = range, open.firstStart == 0 || open.secondStart == 0 { isComplete = true }
                row -= 1
                column -= 1
            } else {
                if table[(row - 1) * width + column] > table[row * width + column - 1] { row -= 1 } else { column -= 1 }
                isComplete = range != nil
            }
            guard isComplete, let open = range else { continue }
            range = nil
            let matchLength = open.firstEnd - open.firstStart + 1
            guard options.withPositions, matchLength >= options.minimumMatchLength else { continue }
            rangeCount += 1
            writer.arrayHeader(options.withMatchLengths ? 3 : 2)
            writer.arrayHeader(2)
            writer.integer(open.firstStart)
            writer.integer(open.firstEnd)
            writer.arrayHeader(2)
            writer.integer(open.secondStart)
            writer.integer(open.secondEnd)
            if options.withMatchLengths { writer.integer(matchLength) }
        }
        if options.withPositions {
            writer.end(mark, as: .array, count: rangeCount)
            writer.bulk("len")
            writer.integer(length)
        } else {
            writer.bulk(common)
        }
    }
}
