extension CommandTable {
    /// The lists of all command files.
    static let lists: [[CommandSpecification]] = [
        StringReading.commands, StringWriting.commands, StringChanging.commands, LongestCommonSubsequence.commands,
        HashReading.commands, HashWriting.commands, RandomFields.commands,
        FieldDeadlineCommands.commands, FieldTimeCommands.commands, FieldValueCommands.commands,
        KeyCommands.commands, KeyMovingCommands.commands, ObjectCommands.commands,
        KeyDeadlineCommands.commands, ScanCommands.commands, DumpCommands.commands,
        ConnectionCommands.commands, TransactionCommands.commands, PubSubCommands.commands,
    ]
}
