/// Which version this is.
public enum StrataVersion {
    /// The version, by the rules of semantic versioning.
    public static let current = "0.1.0"
}
