/// All commands the server knows, found by name.
struct CommandTable: Sendable {
    /// The commands in the order of their names.
    let specifications: [CommandSpecification]

    /// Gathers the lists of all command files.
    static let lists: [[CommandSpecification]] = [
        StringReading.commands, StringWriting.commands, StringChanging.commands, LongestCommonSubsequence.commands,
        HashReading.commands, HashWriting.commands, RandomFields.commands,
        FieldDeadlineCommands.commands, FieldTimeCommands.commands, FieldValueCommands.commands,
        KeyCommands.commands, KeyMovingCommands.commands, ObjectCommands.commands,
        KeyDeadlineCommands.commands, ScanCommands.commands, DumpCommands.commands,
    ]

    /// Creates the table of everything in ``lists``.
    init() {
        specifications = Self.lists.flatMap { $0 }.sorted { $0.name < $1.name }
    }
}
