extension CommandTable {
    /// The lists of all command files.
    static let lists: [[CommandSpecification]] = [
        StringReading.commands, StringWriting.commands, StringChanging.commands, LongestCommonSubsequence.commands,
        HashReading.commands, HashWriting.commands, RandomFields.commands,
        FieldDeadlineCommands.commands, FieldTimeCommands.commands, FieldValueCommands.commands,
        KeyCommands.commands, KeyMovingCommands.commands, ObjectCommands.commands,
        KeyDeadlineCommands.commands, ScanCommands.commands, DumpCommands.commands,
        ConnectionCommands.commands, TransactionCommands.commands, PubSubCommands.commands,
        ClientCommands.commands, CommandCommands.commands, ConfigCommands.commands, InfoCommands.commands,
        SlowLogCommands.commands, LatencyCommands.commands, AccessCommands.commands, ServerCommands.commands,
        DebugCommands.commands,
    ]
}
