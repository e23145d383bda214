public enum Public {
    public static let names = ["a": "x", "b": "y", "c": "z"]
    static func one() -> String { names["a"]! }
    static func two() -> String { names["b"]! }
}
