/// What a loader says of one field.
public enum LoadedField: Hashable, Sendable {
    /// Its value, and how long it lives; `nil` for the default.
    case value([UInt8], lifetime: Duration? = nil)
    /// The source has nothing, and for how long that is to be remembered; `nil` for the default.
    case absent(lifetime: Duration? = nil)
    /// A value for those who wait, which isn't to be kept.
    case doNotCache([UInt8]?)
}

/// Gets fields from the source: called with a key and those of its fields that are wanted.
///
/// Fields that it returns without having been asked are kept too. One that it leaves out counts as absent.
public typealias FieldLoader = @Sendable (_ key: [UInt8], _ fields: [[UInt8]]) async throws -> [[UInt8]: LoadedField]

/// Gets a whole hash from the source; an empty one if the source has none.
public typealias HashLoader = @Sendable (_ key: [UInt8]) async throws -> [[UInt8]: LoadedField]
