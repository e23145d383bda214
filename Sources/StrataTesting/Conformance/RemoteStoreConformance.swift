public import StrataTiering

/// What every ``RemoteStore`` must do, as a list of checks that any test framework can run.
///
/// ```swift
/// @Test(arguments: RemoteStoreConformance.checks)
/// func conforms(_ check: RemoteStoreConformance.Check) async throws {
///     try await check.run(on: makeStore())
/// }
/// ```
///
/// Checks use keys of their own, so they may share a store with each other, but they see its real time: some take a few tenths of a second.
public enum RemoteStoreConformance {
    /// One thing that a store must do.
    public struct Check: Sendable, CustomStringConvertible {
        /// What it must do.
        public let name: String
        let needs: @Sendable (RemoteCapabilities) -> Bool
        let body: @Sendable (ConformanceSubject) async throws -> Void

        /// The name.
        public var description: String { name }

        /// Checks a store.
        ///
        /// - Parameters:
        ///   - store: The store; its connections stand, so that its capabilities are known.
        ///   - clock: What its time passes by.
        ///   - keyPrefix: What the keys of the check begin with.
        /// - Returns: Whether the check was made; a store that lacks what it needs needn't do it.
        /// - Throws: ``Failure``; what the store throws.
        @discardableResult
        public func run(
            on store: any RemoteStore, clock: TieringClock = .system, keyPrefix: String = "conformance"
        ) async throws -> Bool {
            guard needs(store.capabilities) else { return false }
            // A key that wasn't used before, also not by an earlier run against the same server.
            let key = Array("\(keyPrefix):\(name):\(UInt64.random(in: 0 ... .max))".utf8)
            try await body(ConformanceSubject(store: store, clock: clock, key: key, check: name))
            return true
        }
    }

    /// Why a store doesn't conform.
    public struct Failure: Error, CustomStringConvertible {
        /// Which check, and what was found instead of what.
        public let description: String
    }

    /// All checks.
    public static let checks: [Check] = hashChecks + deadlineChecks + leaseChecks + reportChecks + callChecks

    static func check(
        _ name: String, needs: @escaping @Sendable (RemoteCapabilities) -> Bool = { _ in true },
        _ body: @escaping @Sendable (ConformanceSubject) async throws -> Void
    ) -> Check {
        Check(name: name, needs: needs, body: body)
    }
}
