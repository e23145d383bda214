/// Which fields of a hash a call means.
public enum FieldSelection: Hashable, Sendable {
    /// These, by name. Without repetition.
    case fields([[UInt8]])
    /// All there are.
    case all
}

/// Fields of a hash as a ``RemoteStore`` knew them at one moment.
public struct RemoteHash: Hashable, Sendable {
    /// For ``FieldSelection/fields(_:)`` one for each that was asked for, in that order, absent ones included; for
    /// ``FieldSelection/all`` those that are there.
    public var fields: [RemoteField]
    /// When the whole key ends; `nil` if it has no deadline or doesn't exist.
    public var deadline: Instant?
    /// Whether the key exists.
    public var exists: Bool

    /// A hash as given.
    public init(fields: [RemoteField], deadline: Instant? = nil, exists: Bool) {
        self.fields = fields
        self.deadline = deadline
        self.exists = exists
    }
}

/// One field of a hash.
public struct RemoteField: Hashable, Sendable {
    /// Its name.
    public var name: [UInt8]
    /// What is in it.
    public var content: Content
    /// When it ends; `nil` if it lives as long as its key.
    public var deadline: Instant?

    /// What is known of a field.
    public enum Content: Hashable, Sendable {
        /// Its value.
        case value([UInt8])
        /// The store has nothing: whoever wants to know asks the source.
        case missing
        /// The source was asked and has nothing (a negative entry that somebody stored).
        case absent
    }

    /// A field as given.
    public init(name: [UInt8], content: Content, deadline: Instant? = nil) {
        self.name = name
        self.content = content
        self.deadline = deadline
    }

    /// The value, where there is one.
    public var value: [UInt8]? { if case .value(let value) = content { value } else { nil } }
}
