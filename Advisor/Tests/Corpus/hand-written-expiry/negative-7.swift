// A list, not a table.
struct Entry {
    let expiresAt: Date
}
final class Queue {
    private var entries: [Entry] = []

    func drop() { entries.removeAll { $0.expiresAt < Date() } }
}
