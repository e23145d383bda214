import Strata
import StrataRESP

/// The end of a command on several fields: the word `FIELDS`, their number, and their names.
struct FieldArguments {
    /// The position of the first name.
    let first: Int
    /// The number of names, or of pairs.
    let count: Int

    /// Reads `FIELDS count name …` up to the end of the request.
    ///
    /// - Parameters:
    ///   - context: The request.
    ///   - position: Where the word has to be.
    ///   - countError: What to say if the number is not a positive integer.
    /// - Throws: What is wrong with the word, the number, or how many names there are.
    init(
        _ context: CommandContext, at position: Int,
        countError: CommandError = CommandError("ERR Number of fields must be a positive integer")
    ) throws(CommandError) {
        guard context.argument(position, is: "FIELDS") else {
            throw CommandError("ERR Mandatory argument FIELDS is missing or not at the right position")
        }
        guard position + 1 < context.arguments.count else { throw countError }
        let number = try context.integer(position + 1, in: 1...Int64.max, orElse: countError)
        guard number == Int64(context.arguments.count - position - 2) else {
            throw CommandError("ERR The `numfields` parameter must match the number of arguments")
        }
        first = position + 2
        count = Int(number)
    }
}

/// Deadlines of fields, which have a smaller range than those of keys.
enum FieldDeadline {
    /// The latest time a field can have as its deadline, in milliseconds since 1970: 46 bits, the year 4199.
    static let maximum: Int64 = 0x0000_FFFF_FFFF_FFFF >> 2

    /// The time that an argument names, in milliseconds since 1970; it may lie in the past.
    ///
    /// - Parameters:
    ///   - index: The position of the number, which must not be negative.
    ///   - expiry: How the number is meant.
    ///   - context: The request.
    ///   - command: The command's name, for the error.
    /// - Returns: The time.
    /// - Throws: The error of a number that isn't one, is negative or too large.
    static func parse(
        _ index: Int, _ expiry: StringOptions.Expiry, _ context: CommandContext, command: StaticString
    ) throws(CommandError) -> Int64 {
        var milliseconds = try context.integer(index)
        guard milliseconds >= 0 else { throw CommandError("ERR invalid expire time, must be >= 0") }
        if expiry.isInSeconds {
            guard milliseconds <= maximum / 1000 else { throw .invalidExpireTime(command.description) }
            milliseconds *= 1000
        }
        let base = expiry.isRelative ? context.unixMilliseconds : 0
        guard milliseconds <= maximum - base else { throw .invalidExpireTime(command.description) }
        return milliseconds + base
    }
}
