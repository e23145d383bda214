public import StrataRESP

/// A command with its arguments, as bytes.
///
/// ```swift
/// let reply = try await client.send(RedisCommand("HGET", "user:1", "name"))
/// ```
public struct RedisCommand: Hashable, Sendable {
    /// The command's name and its arguments.
    public var arguments: [[UInt8]]
    /// What repeating it would do.
    public var effect: Effect

    /// What it means to carry a command out, which decides what happens when its answer doesn't come.
    public enum Effect: Hashable, Sendable {
        /// Nothing is changed. Repeated when a connection is lost.
        case readOnly
        /// Twice does the same as once. Repeated when a connection is lost.
        case idempotent
        /// Twice is more than once, or that isn't known. Never repeated.
        case write
    }

    /// A command from raw bytes.
    ///
    /// - Parameters:
    ///   - arguments: The name and the arguments, as a server is to get them.
    ///   - effect: What repeating it would do; by default what is known of a command of this name, and ``Effect/write``
    ///     for one that isn't known.
    public init(arguments: [[UInt8]], effect: Effect? = nil) {
        self.arguments = arguments
        self.effect = effect ?? CommandTraits.of(arguments).effect
    }

    /// A command from texts.
    public init(_ name: String, _ arguments: String..., effect: Effect? = nil) {
        self.init(arguments: [Array(name.utf8)] + arguments.map { Array($0.utf8) }, effect: effect)
    }

    /// A command from a text and byte strings.
    public init(_ name: String, bytes arguments: [[UInt8]], effect: Effect? = nil) {
        self.init(arguments: [Array(name.utf8)] + arguments, effect: effect)
    }

    /// The command's name in capitals.
    var name: String { CommandTraits.name(arguments) }

    /// The first key, where the command has one whose place is known.
    ///
    /// - Complexity: O(number of arguments) at most.
    public var key: [UInt8]? {
        guard let index = CommandTraits.keyIndex(arguments), index < arguments.count else { return nil }
        return arguments[index]
    }
}

extension RESPValue {
    /// Itself, unless it is an error.
    ///
    /// - Throws: ``RedisReplyError``.
    public func orThrow() throws(RedisReplyError) -> RESPValue {
        if let errorMessage { throw RedisReplyError(message: errorMessage) }
        return self
    }
}

/// An error that a server answered with.
public struct RedisReplyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The server's text, which begins with a code in capitals.
    public var message: String
    /// The first word of the text, as in `WRONGTYPE`.
    public var code: String { String(message.prefix { $0 != " " }) }
    /// The server's text.
    public var description: String { message }

    /// An error with a text.
    public init(message: String) { self.message = message }
}
