/// One change of one hash, done as a whole.
public struct HashWrite: Hashable, Sendable {
    /// What is to be set, with the deadlines of the fields; ``RemoteField/Content/missing`` isn't allowed here.
    public var fields: [RemoteField]
    /// What else goes.
    public var removal: Removal
    /// How long the key is to live from now on.
    public var keyLifetime: KeyLifetime
    /// When to do it.
    public var condition: Condition

    /// What a write removes.
    public enum Removal: Hashable, Sendable {
        /// Nothing.
        case none
        /// These fields.
        case fields([[UInt8]])
        /// The whole hash, before `fields` are set.
        case everything
    }

    /// What a write does to the deadline of the key.
    public enum KeyLifetime: Hashable, Sendable {
        /// Nothing; a new key gets none.
        case keep
        /// From now on, whatever it was.
        case set(Duration)
        /// At least so long from now on: an earlier deadline is moved, a later one or none on an existing key stays.
        case atLeast(Duration)
    }

    /// When a write is done.
    public enum Condition: Hashable, Sendable {
        /// In any case. Ends the lease of the key, so that who loads under it can't store what is old now.
        case always
        /// If this lease is still held. Ends it.
        case lease(RemoteLease)
    }

    /// A write as given.
    public init(
        setting fields: [RemoteField] = [], removing removal: Removal = .none, keyLifetime: KeyLifetime = .keep,
        condition: Condition = .always
    ) {
        self.fields = fields
        self.removal = removal
        self.keyLifetime = keyLifetime
        self.condition = condition
    }

    /// Whether doing it twice in a row does the same as doing it once, so that it may be repeated when its fate is unknown.
    ///
    /// A write under a lease is not: the first time ends the lease.
    public var isIdempotent: Bool { condition == .always }
}

/// What became of a write.
public enum WriteOutcome: Hashable, Sendable {
    /// It was done.
    case done
    /// The lease had ended: nothing was changed.
    case leaseLost
}

/// The right to fill a key, which nobody else has meanwhile.
public struct RemoteLease: Hashable, Sendable {
    /// The key.
    public var key: [UInt8]
    /// What proves it to the store; unique in the world.
    public var token: [UInt8]

    /// A lease as given.
    public init(key: [UInt8], token: [UInt8]) {
        self.key = key
        self.token = token
    }
}

/// What a store says to who wants a lease.
public enum LeaseAnswer: Hashable, Sendable {
    /// You have it.
    case granted(RemoteLease)
    /// Somebody has it; its end will be reported as a change of the key (``InvalidationEvent/keys(_:_:)``).
    case held
}
