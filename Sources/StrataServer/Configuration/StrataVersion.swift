/// Which version this is.
public enum StrataVersion {
    /// The version, by the rules of semantic versioning.
    public static let current = "0.1.0"
    /// The version of Redis whose commands are followed, for clients that decide by it what they may send.
    static let redis = "8.0.2"
}
