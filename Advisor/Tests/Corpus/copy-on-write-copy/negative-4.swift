// The old value must stay should a step fail.
final class Ledger {
    private var entries: [Int: Entry] = [:]

    func apply(_ changes: [Change]) throws {
        var copy = entries
        for change in changes {
            copy[change.id] = try change.applied(to: copy[change.id])
        }
        entries = copy
    }
}
