/// All commands the server knows, found by name.
struct CommandTable: Sendable {
    /// The commands in the order of their names.
    let specifications: [CommandSpecification]

    /// Gathers the lists of all command files.
    static let lists: [[CommandSpecification]] = []

    /// Creates the table of everything in ``lists``.
    init() {
        specifications = Self.lists.flatMap { $0 }.sorted { $0.name < $1.name }
    }
}
