import Logging

/// Writes to the second tier what was queued.
struct BehindWriter: Sendable {
    let remote: any RemoteStore
    let configuration: TieredHash.Configuration
    let clock: TieringClock
    let local: LocalTier
    let gates: ShardGates
    let logger: Logger

    /// Writes a change, and says whether to try again.
    func write(_ key: [UInt8], _ change: PendingChange) async -> WriteBehindStateMachine.Ending {
        let now = clock.now()
        let shard = remote.shard(of: key)
        let write = change.write(now: now) { $0 * configuration.keyLifetimeFactor }
        let deadline = now.advanced(by: configuration.remoteTimeout)
        let remote = remote
        do throws(RemoteStoreError) {
            _ = try await gates[shard].call(shard, until: deadline) { () throws(RemoteStoreError) in
                try await remote.write(key, write, deadline: deadline)
            }
            return .done
        } catch {
            // What is refused for what it is will be refused again; everything else passes.
            switch error.code {
            case .wrongType, .invalidRequest, .unsupported:
                logger.error(
                    "a queued write was refused",
                    metadata: ["cache": "\(configuration.name)", "error": "\(error)"])
                local.drop(key)
                return .refused
            default:
                return .failed
            }
        }
    }
}
