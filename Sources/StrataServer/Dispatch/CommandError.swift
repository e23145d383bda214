/// The reason a command failed, as it is told to the client.
struct CommandError: Error, Equatable, Sendable {
    /// The error reply without its leading `-`: a code in capitals, a space, and the explanation.
    let text: String

    /// Creates an error from a whole reply such as `ERR no such key`.
    init(_ text: String) {
        self.text = text
    }
}

extension CommandError {
    /// The key holds a value of another type than the command works on.
    static let wrongType = CommandError("WRONGTYPE Operation against a key holding the wrong kind of value")
    /// The arguments don't form a valid request.
    static let syntax = CommandError("ERR syntax error")
    /// An argument, or the stored value, is not an integer of 64 bits.
    static let notInteger = CommandError("ERR value is not an integer or out of range")
    /// An argument, or the stored value, is not a floating-point number.
    static let notFloat = CommandError("ERR value is not a valid float")
    /// The result of an increment doesn't fit.
    static let overflow = CommandError("ERR increment or decrement would overflow")
    /// The command needs a key that doesn't exist.
    static let noSuchKey = CommandError("ERR no such key")
    /// An index or number lies outside of what is allowed.
    static let outOfRange = CommandError("ERR index out of range")
    /// The budget is used up and nothing can be evicted.
    static let outOfMemory = CommandError("OOM command not allowed when used memory > 'maxmemory'.")
    /// The client has to send a password first.
    static let notAuthenticated = CommandError("NOAUTH Authentication required.")
    /// A transaction can't run because one of its commands was refused while it was queued.
    static let transactionAborted = CommandError("EXECABORT Transaction discarded because of previous errors.")

    /// The command, given by its full name, has too few or too many arguments.
    static func wrongArity(_ name: String) -> CommandError {
        CommandError("ERR wrong number of arguments for '\(name)' command")
    }

    /// A deadline doesn't fit the clock.
    static func invalidExpireTime(_ name: String) -> CommandError {
        CommandError("ERR invalid expire time in '\(name)' command")
    }

    /// The container has no such subcommand.
    static func unknownSubcommand(_ subcommand: UnsafeRawBufferPointer, of container: String) -> CommandError {
        let shown = subcommand.shownInErrors(upTo: 128)
        return CommandError("ERR unknown subcommand '\(shown)'. Try \(container.uppercased()) HELP.")
    }
}

extension UnsafeRawBufferPointer {
    /// The bytes as an error shows them: not too many, and only up to a zero byte, where texts end for Redis.
    func shownInErrors(upTo length: Int) -> String {
        String(decoding: prefix(length).prefix { $0 != 0 }, as: UTF8.self)
    }
}
