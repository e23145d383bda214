import Strata
import StrataRESP

/// What has to be locked for a transaction to be carried out with nothing of others in between.
///
/// If all its commands name their keys and stay in the selected database, the shards of those keys and of the watched ones are enough, and
/// transactions on other keys run beside it. Otherwise everything is locked.
struct TransactionScope {
    /// A transaction with more keys locks everything: sorting them would cost more.
    private static let maximumKeyCount = 256

    private let locksEverything: Bool
    /// Keeps the bytes of the watched keys where they are until the locks are given back.
    private let watchedKeys: [WatchedKey]

    /// Finds out what a transaction needs, and puts its keys into the context.
    init(_ transaction: Transaction, _ context: CommandContext) {
        watchedKeys = context.client.watchedKeys
        context.hashedKeyCount = 0
        context.hashedKeys.removeAll(keepingCapacity: true)
        for request in transaction.requests {
            let specification = request.command.pointee.specification
            if specification.access == .all || specification.flags.contains(.needsEverythingInTransaction) {
                locksEverything = true
                return
            }
            guard specification.firstKey > 0 else {
                if specification.access == .none && !specification.flags.isDisjoint(with: [.readOnly, .write]) {
                    locksEverything = true
                    return
                }
                continue
            }
            for position in specification.keyPositions(argumentCount: request.arguments.count) {
                context.hashedKeys.append(context.store.key(request.arguments[position]))
            }
            if context.hashedKeys.count > Self.maximumKeyCount {
                locksEverything = true
                return
            }
        }
        for watched in watchedKeys {
            guard watched.database == context.database, context.hashedKeys.count < Self.maximumKeyCount else {
                locksEverything = true
                return
            }
            watched.key.withUnsafeBytes { context.hashedKeys.append(context.store.key($0)) }
        }
        locksEverything = false
    }

    /// Takes the locks.
    func lock(_ context: CommandContext) {
        if locksEverything {
            context.lockEverything()
        } else if context.hashedKeys.isEmpty {
            context.heldAccess = context.store.access(now: context.now)
        } else {
            context.lockHashedKeys()
        }
        context.hashedKeyCount = 0
    }

    /// Gives them back.
    func unlock(_ context: CommandContext) {
        if locksEverything {
            context.unlockEverything()
        } else if context.hashedKeys.isEmpty {
            context.heldAccess = nil
        } else {
            context.unlockKeys()
        }
    }
}
