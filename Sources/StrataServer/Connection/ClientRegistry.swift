import Strata
import Synchronization

/// All connected clients by number.
///
/// **Concurrency:** from any thread. Clients come and go rarely compared with commands, so one lock is enough.
final class ClientRegistry: Sendable {
    private let clients = Locked<[UInt64: Client]>([:])
    private let lastIdentifier = Atomic<UInt64>(0)
    /// How many connections were refused because there were too many.
    private let rejected = Atomic<Int>(0)
    private let population = RelaxedInteger()

    /// A number that was not given to any client before.
    func nextIdentifier() -> UInt64 {
        lastIdentifier.wrappingAdd(1, ordering: .relaxed).newValue  // relaxed: only uniqueness matters
    }

    /// How many clients are connected.
    var count: Int { population.current }

    /// How many connections were refused.
    var rejectedCount: Int {
        rejected.load(ordering: .relaxed)  // relaxed: a figure to show
    }

    /// Sets the figures to zero that `CONFIG RESETSTAT` resets.
    func resetStatistics() {
        rejected.store(0, ordering: .relaxed)  // relaxed: as above
    }

    /// Enters a client.
    ///
    /// - Returns: `false`, with nothing entered, if there are `maximumCount` already.
    func add(_ client: Client, maximumCount: Int) -> Bool {
        let isAdded = clients.withLock { clients in
            guard clients.count < maximumCount else { return false }
            clients[client.identifier] = client
            population.set(clients.count)
            return true
        }
        if !isAdded { rejected.wrappingAdd(1, ordering: .relaxed) }  // relaxed: as above
        return isAdded
    }

    /// Removes a client.
    func remove(_ client: Client) {
        clients.withLock { clients in
            clients[client.identifier] = nil
            population.set(clients.count)
        }
    }

    /// The client of a number, if it is connected.
    func find(_ identifier: UInt64) -> Client? {
        clients.withLock { $0[identifier] }
    }

    /// All clients in the order in which they connected.
    func all() -> [Client] {
        clients.withLock { Array($0.values) }.sorted { $0.identifier < $1.identifier }
    }
}
