// The extension says that it is not Sendable.
open class Table {
    var entries: [String: Int] = [:]

    func set(_ key: String, _ value: Int) { entries[key] = value }
}

@available(*, unavailable)
extension Table: @unchecked Sendable {}
