import Strata
import StrataRESP

/// What may follow the key and value of `SET`, or the key of `GETEX`.
struct StringOptions {
    /// When a value is set at all.
    enum Condition {
        case always
        case ifMissing
        case ifPresent
    }

    /// What the text of an expiry means.
    enum Expiry {
        case seconds
        case milliseconds
        case unixSeconds
        case unixMilliseconds

        /// Whether a deadline counts from the time of the request.
        var isRelative: Bool { self == .seconds || self == .milliseconds }
        /// Whether the text counts seconds.
        var isInSeconds: Bool { self == .seconds || self == .unixSeconds }
    }

    /// When a value is set at all: `NX`, `XX`.
    var condition = Condition.always
    /// Whether the reply is the former value: `GET`.
    var returnsFormerValue = false
    /// Whether the deadline stays: `KEEPTTL`.
    var keepsDeadline = false
    /// Whether the deadline goes: `PERSIST`.
    var clearsDeadline = false
    /// How the argument at ``expiryIndex`` is meant: `EX`, `PX`, `EXAT`, `PXAT`.
    var expiry: Expiry?
    /// The position of the number that belongs to ``expiry``.
    var expiryIndex = 0

    /// Reads the options of `SET`, which follow the value.
    init(ofSet context: CommandContext) throws(CommandError) {
        try self.init(context, first: 3, isSet: true)
    }

    /// Reads the options of `GETEX`, which follow the key.
    init(ofGet context: CommandContext) throws(CommandError) {
        try self.init(context, first: 2, isSet: false)
    }

    private init(_ context: CommandContext, first: Int, isSet: Bool) throws(CommandError) {
        let arguments = context.arguments
        var index = first
        while index < arguments.count {
            let word = arguments[index]
            let hasNext = index + 1 < arguments.count
            if isSet, word.spells("NX"), condition != .ifPresent {
                condition = .ifMissing
            } else if isSet, word.spells("XX"), condition != .ifMissing {
                condition = .ifPresent
            } else if isSet, word.spells("GET") {
                returnsFormerValue = true
            } else if isSet, word.spells("KEEPTTL"), expiry == nil {
                keepsDeadline = true
            } else if !isSet, word.spells("PERSIST"), expiry == nil {
                clearsDeadline = true
            } else if hasNext, let kind = Self.expiry(word), expiry == nil || expiry == kind,
                !keepsDeadline, !clearsDeadline
            {
                expiry = kind
                index += 1
                expiryIndex = index
            } else {
                throw .syntax
            }
            index += 1
        }
    }

    private static func expiry(_ word: UnsafeRawBufferPointer) -> Expiry? {
        if word.spells("EX") { return .seconds }
        if word.spells("PX") { return .milliseconds }
        if word.spells("EXAT") { return .unixSeconds }
        if word.spells("PXAT") { return .unixMilliseconds }
        return nil
    }
}

extension CommandContext {
    /// The deadline that an argument of `SET` and its relatives names, in ticks; it may lie in the past.
    ///
    /// - Parameters:
    ///   - index: The position of the number, which must be positive.
    ///   - expiry: How the number is meant.
    ///   - command: The command's name, for the error.
    /// - Returns: The deadline.
    /// - Throws: The error of a number that isn't one, isn't positive or is too large.
    func valueDeadline(
        _ index: Int, _ expiry: StringOptions.Expiry, command: StaticString
    ) throws(CommandError) -> Int64 {
        var milliseconds = try integer(index)
        guard milliseconds > 0 else { throw .invalidExpireTime(command.description) }
        if expiry.isInSeconds {
            let (product, overflow) = milliseconds.multipliedReportingOverflow(by: 1000)
            guard !overflow else { throw .invalidExpireTime(command.description) }
            milliseconds = product
        }
        if expiry.isRelative {
            let (sum, overflow) = milliseconds.addingReportingOverflow(unixMilliseconds)
            guard !overflow else { throw .invalidExpireTime(command.description) }
            milliseconds = sum
        }
        return WallClock.ticks(fromUnixMilliseconds: milliseconds)
    }
}
