/// A store of hashes outside the process, shared with others: the second tier, and the only door to it.
///
/// A key names a hash: fields, each with bytes and perhaps a deadline. Keys and names are bytes.
///
/// What every implementation must keep (the conformance suite in `StrataTesting` checks it):
/// - **R1. Time.** A call returns or throws by its deadline, plus what scheduling costs, whatever the store does. A call
///   that gives up leaves the connection to others: its answer, when it comes, is dropped.
/// - **R2. No silent repetition.** A write whose fate is unknown is not sent again, unless doing it twice does the same as
///   once; it throws ``RemoteStoreError/Code/unknownOutcome``.
/// - **R3. Atomic per key.** A read of one key is a view of one moment, and a write happens as a whole, as far as one call says.
/// - **R4. Deadlines.** A field or key whose deadline has passed is not returned.
/// - **R5. Invalidations.** Between ``InvalidationEvent/connected(_:epoch:)`` and ``InvalidationEvent/disconnected(_:reason:)`` of
///   a shard, every change of a key under the observed prefixes is reported, whoever made it, this process included. What
///   happened outside of that span may go unreported.
///   A shard that keys have been moved away from reports ``InvalidationEvent/everything(_:)``: entries belong to the shard they were
///   read from.
public protocol RemoteStore: Sendable {
    /// What the servers behind it can do. Known once the first connection stands; pessimistic before.
    var capabilities: RemoteCapabilities { get }

    /// The shards there are now; one for a single server. May change while a cluster is rearranged.
    var shards: [ShardID] { get }

    /// The shard that a key lives on now.
    ///
    /// - Complexity: O(length of the key), without waiting.
    func shard(of key: [UInt8]) -> ShardID

    /// Reads fields of a hash, with what is left of their time and of the key's, in one round trip.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - fields: Which fields.
    ///   - deadline: When to give up.
    /// - Returns: What it has of them.
    /// - Throws: ``RemoteStoreError``.
    func read(
        _ key: [UInt8], _ fields: FieldSelection, deadline: Instant
    ) async throws(RemoteStoreError) -> RemoteHash

    /// Changes a hash as one write says: sets, removes, sets deadlines, perhaps only if a lease is still held.
    ///
    /// - Returns: Whether it was done; a refused condition is no error.
    /// - Throws: ``RemoteStoreError``.
    func write(_ key: [UInt8], _ write: HashWrite, deadline: Instant) async throws(RemoteStoreError) -> WriteOutcome

    /// Adds to the integer in a field, which counts as 0 where there is none.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - field: The field.
    ///   - amount: What to add.
    ///   - keyLifetime: How long the key is to live from now on if it has no deadline yet; `nil` leaves that alone.
    ///   - deadline: When to give up.
    /// - Returns: The sum.
    /// - Throws: ``RemoteStoreError``; ``RemoteStoreError/Code/notANumber`` if there is something else in the field.
    func increment(
        _ key: [UInt8], _ field: [UInt8], by amount: Int64, keyLifetime: Duration?, deadline: Instant
    ) async throws(RemoteStoreError) -> Int64

    /// Takes the lease of a key, which one holder in the world can have at a time.
    ///
    /// Any ``HashWrite`` or removal of the key by somebody who doesn't hold the lease ends it.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - lifetime: When it ends by itself.
    ///   - deadline: When to give up.
    /// - Returns: The lease, or that somebody has it.
    /// - Throws: ``RemoteStoreError``; ``RemoteStoreError/Code/unsupported`` where ``RemoteCapabilities/leases`` is false.
    func acquireLease(
        on key: [UInt8], lifetime: Duration, deadline: Instant
    ) async throws(RemoteStoreError) -> LeaseAnswer

    /// Gives a lease back without a write. One that has ended meanwhile is no error.
    ///
    /// - Throws: ``RemoteStoreError``.
    func release(_ lease: RemoteLease, deadline: Instant) async throws(RemoteStoreError)

    /// Reports changes of keys until the calling task is cancelled.
    ///
    /// Reconnects by itself, with a new epoch each time. `receive` is called for one event of a shard after the other, in the
    /// order of the shard's own stream, from any thread; it must be quick.
    ///
    /// - Parameters:
    ///   - prefixes: Which keys; one empty prefix for all.
    ///   - receive: Is told.
    /// - Throws: ``RemoteStoreError/Code/unsupported`` where ``RemoteCapabilities/tracking`` is false.
    func observeInvalidations(
        prefixes: [[UInt8]], _ receive: @escaping @Sendable (InvalidationEvent) -> Void
    ) async throws(RemoteStoreError)
}

/// What the servers behind a ``RemoteStore`` can do.
public struct RemoteCapabilities: Hashable, Sendable {
    /// Fields can have deadlines of their own on the server.
    ///
    /// Where they can't, the deadline travels inside the value.
    public var fieldDeadlines: Bool
    /// The server reports changes of keys.
    public var tracking: Bool
    /// Keys can be leased.
    public var leases: Bool

    /// Capabilities as given.
    public init(fieldDeadlines: Bool = false, tracking: Bool = false, leases: Bool = false) {
        self.fieldDeadlines = fieldDeadlines
        self.tracking = tracking
        self.leases = leases
    }
}

/// A part of a ``RemoteStore`` that fails and recovers on its own: a primary of a cluster, or the one server there is.
///
/// Identifies the part for as long as the process runs, through failovers: the shard stays, its primary changes.
public struct ShardID: Hashable, Sendable, CustomStringConvertible {
    /// A small number, counted from 0: good for an index into an array.
    public var index: Int

    /// The shard of a number.
    public init(_ index: Int) { self.index = index }

    /// The only shard of a store without any.
    public static let single = ShardID(0)

    /// As in `shard 2`.
    public var description: String { "shard \(index)" }
}
