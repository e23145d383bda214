import StrataRESP

/// The subcommand `HELP` of container commands.
enum HelpText {
    /// Makes the subcommand from the forms of a container's other subcommands and what each does.
    static func command(
        _ container: String, group: CommandSpecification.Group, _ forms: [(form: String, effect: String)]
    ) -> CommandSpecification {
        CommandSpecification(
            "help", arity: 2, flags: [.loading, .stale, .keepsCaching], group: group,
            summary: "Tells which subcommands there are.", since: "5.0.0"
        ) { context in
            context.writer.arrayHeader(1 + (forms.count + 1) * 2)
            context.writer.simpleString(
                "\(container.uppercased()) <subcommand> [<arg> [value] [opt] ...]. Subcommands are:")
            for (form, effect) in forms + [("HELP", "Print this help.")] {
                context.writer.simpleString(form)
                context.writer.simpleString("    " + effect)
            }
        }
    }

    /// The handler of a container, which only runs if no subcommand is named; the number of arguments rules that out.
    @Sendable
    static func missingSubcommand(_ context: CommandContext) throws(CommandError) {
        throw .syntax
    }
}
