public import AdvisorCore
import Foundation

/// The edits of findings, applied to files.
public struct Fixes: Sendable {
    /// A file with its text before and after.
    public struct Change: Sendable {
        /// The file.
        public let path: String
        /// How many findings are fixed.
        public let findingCount: Int
        let before: String
        let after: String

        /// Writes the changed text, to the file that a symbolic link leads to.
        ///
        /// - Throws: ``Stale`` if the file isn't any more what it was when the change was worked out; the file system's error.
        public func apply() throws {
            let file = URL(fileURLWithPath: path).resolvingSymlinksInPath()
            guard try Data(contentsOf: file) == Data(before.utf8) else { throw Stale(path: path) }
            let permissions = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions]
            try Data(after.utf8).write(to: file, options: .atomic)
            if let permissions {
                try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: file.path)
            }
        }
    }

    /// A file was changed by somebody else in the meantime; it is left as it is.
    public struct Stale: Error, CustomStringConvertible {
        /// The file.
        public let path: String
        /// What to tell the user.
        public var description: String {
            "'\(path)' was changed while it was read; nothing was written to it, run the command again"
        }
    }

    /// The files that change, by path.
    public let changes: [Change]

    /// Works the edits out.
    ///
    /// Where two findings want the same bytes, the first wins: the other is found again in the next run.
    ///
    /// - Throws: The file system's error where a file can't be read.
    public init(_ findings: [Finding]) throws {
        let byPath = Dictionary(grouping: findings.filter { !$0.edits.isEmpty }, by: \.path)
        changes = try byPath.sorted { $0.key < $1.key }.map { path, findings in
            try Fixes.change(
                path, text: String(decoding: Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self), findings)
        }
    }

    static func change(_ path: String, text: String, _ findings: [Finding]) -> Change {
        var bytes = Array(text.utf8)
        var edits: [TextEdit] = []
        var count = 0
        for finding in findings {
            let overlaps = finding.edits.contains { edit in
                edits.contains { $0.range.overlaps(edit.range) || $0.range.lowerBound == edit.range.lowerBound }
            }
            if overlaps { continue }
            edits += finding.edits
            count += 1
        }
        // New lines end as the file's do.
        let hasReturns = text.contains("\r\n")
        for edit in edits.sorted(by: { $0.range.lowerBound > $1.range.lowerBound }) {
            let text = hasReturns ? edit.replacement.replacing("\n", with: "\r\n") : edit.replacement
            bytes.replaceSubrange(edit.range, with: Array(text.utf8))
        }
        return Change(path: path, findingCount: count, before: text, after: String(decoding: bytes, as: UTF8.self))
    }

    /// The changes as a unified diff with paths relative to a folder.
    public func diff(base: String) -> String {
        changes.map { change in
            let path = PlainText.oneLine(change.path.relative(to: base))
            let slash = path.hasPrefix("/") ? "" : "/"
            return "--- a\(slash)\(path)\n+++ b\(slash)\(path)\n"
                + PlainText.lines(UnifiedDiff.hunks(from: change.before, to: change.after))
        }.joined()
    }
}

/// Differences of two texts by lines.
enum UnifiedDiff {
    private static let context = 2

    /// The lines without what ends them.
    private static func lines(_ text: String) -> [String] {
        text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map {
            String($0.last == "\r" ? $0.dropLast() : $0)
        }
    }

    static func hunks(from before: String, to after: String) -> String {
        let old = lines(before)
        let new = lines(after)
        var removed: Set<Int> = []
        var inserted: Set<Int> = []
        for change in new.difference(from: old) {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): inserted.insert(offset)
            }
        }
        // All lines in the order of the diff, with their numbers on both sides.
        var lines: [(mark: Character, text: String, old: Int, new: Int)] = []
        var (i, j) = (0, 0)
        while i < old.count || j < new.count {
            if i < old.count, removed.contains(i) {
                lines.append(("-", old[i], i, j))
                i += 1
            } else if j < new.count, inserted.contains(j) {
                lines.append(("+", new[j], i, j))
                j += 1
            } else {
                lines.append((" ", old[i], i, j))
                i += 1
                j += 1
            }
        }
        var result = ""
        var position = 0
        while let first = lines[position...].firstIndex(where: { $0.mark != " " }) {
            var last = first
            var next = first + 1
            while next < lines.count, next - last <= context * 2 {
                if lines[next].mark != " " { last = next }
                next += 1
            }
            let range = max(0, first - context)...min(lines.count - 1, last + context)
            let part = lines[range]
            let oldCount = part.count { $0.mark != "+" }
            let newCount = part.count { $0.mark != "-" }
            result +=
                "@@ -\(part[range.lowerBound].old + 1),\(oldCount) +\(part[range.lowerBound].new + 1),\(newCount) @@\n"
            for line in part { result += "\(line.mark)\(line.text)\n" }
            position = range.upperBound + 1
        }
        return result
    }
}
