import Synchronization

/// What any thread may read about a client, for `CLIENT LIST` and its relatives.
///
/// Only the client's event loop changes it.
final class ClientStatus: Sendable {
    /// Properties that are either so or not.
    struct Flags: OptionSet, Sendable {
        let rawValue: Int

        static let subscriber = Flags(rawValue: 1 << 0)
        static let transaction = Flags(rawValue: 1 << 1)
        static let tracking = Flags(rawValue: 1 << 2)
        static let trackingBroadcast = Flags(rawValue: 1 << 3)
        static let brokenRedirection = Flags(rawValue: 1 << 4)
        static let dirty = Flags(rawValue: 1 << 5)
        static let noEvict = Flags(rawValue: 1 << 6)
        static let noTouch = Flags(rawValue: 1 << 7)
        static let closeAfterReply = Flags(rawValue: 1 << 8)
        static let blocked = Flags(rawValue: 1 << 9)
        static let authenticated = Flags(rawValue: 1 << 10)
    }

    let remoteAddress: String
    let localAddress: String
    /// In ticks.
    let createdAt: Int64

    let database = RelaxedInteger()
    let version = RelaxedInteger()
    let flags = RelaxedInteger()
    /// In ticks: when the client last sent something.
    let lastInteraction = RelaxedInteger()
    /// The position of the last command in the command table plus one; 0 before the first.
    let lastCommand = RelaxedInteger()
    let commandCount = RelaxedInteger()
    let receivedBytes = RelaxedInteger()
    let sentBytes = RelaxedInteger()
    let waitingInputBytes = RelaxedInteger()
    let freeInputBytes = RelaxedInteger()
    let waitingOutputBytes = RelaxedInteger()
    let channels = RelaxedInteger()
    let patterns = RelaxedInteger()
    /// How many commands are queued; -1 outside of a transaction.
    let queuedCommands = RelaxedInteger()
    let queuedBytes = RelaxedInteger()
    let watchedKeys = RelaxedInteger()
    /// Where invalidations go: a client's number, 0 for the client itself, -1 without tracking.
    let redirection = RelaxedInteger()

    init(remoteAddress: String, localAddress: String, createdAt: Int64) {
        self.remoteAddress = remoteAddress
        self.localAddress = localAddress
        self.createdAt = createdAt
        version.set(2)
        queuedCommands.set(-1)
        redirection.set(-1)
        lastInteraction.set(Int(createdAt))
    }

    /// Whether a flag is set.
    func contains(_ flag: Flags) -> Bool {
        Flags(rawValue: flags.current).contains(flag)
    }

    /// Sets or clears a flag; only on the client's event loop.
    func set(_ flag: Flags, _ isSet: Bool) {
        var all = Flags(rawValue: flags.current)
        if isSet { all.insert(flag) } else { all.remove(flag) }
        flags.set(all.rawValue)
    }
}
