public import StrataTiering

/// What clients of one or more tiered hashes did, for a ``HistoryChecker``.
///
/// **Concurrency:** callable from any task.
public final class History: Sendable {
    /// What a client did to one field.
    public struct Operation: Hashable, Sendable {
        /// What it was.
        public enum Kind: Hashable, Sendable {
            /// It read this; `nil` for nothing.
            case read([UInt8]?)
            /// It wrote this, which nobody else writes; `nil` for a removal.
            case write([UInt8]?)
            /// Its loader ran.
            case load
        }

        /// How it ended.
        public enum Ending: Hashable, Sendable {
            /// As it should.
            case done
            /// Without an effect.
            case failed
            /// It isn't known whether it had an effect, or will have one.
            case unknown
        }

        /// Which process did it.
        public var node: Int
        /// Which client of the process.
        public var client: Int
        /// The key.
        public var key: [UInt8]
        /// The field.
        public var field: [UInt8]
        /// What it was.
        public var kind: Kind
        /// When it began.
        public var start: Instant
        /// When it ended.
        public var end: Instant
        /// How it ended.
        public var ending: Ending
        /// How long it might take.
        public var budget: Duration?

        /// An operation as given.
        public init(
            node: Int, client: Int, key: [UInt8], field: [UInt8], kind: Kind, start: Instant, end: Instant,
            ending: Ending = .done, budget: Duration? = nil
        ) {
            self.node = node
            self.client = client
            self.key = key
            self.field = field
            self.kind = kind
            self.start = start
            self.end = end
            self.ending = ending
            self.budget = budget
        }
    }

    private let state = Guarded<[Operation]>([])

    /// An empty history.
    public init() {}

    /// Notes an operation.
    public func add(_ operation: Operation) { state.withLock { $0.append(operation) } }

    /// All operations, in the order in which they ended.
    public var operations: [Operation] { state.withLock { $0 } }
}
