public enum Kinds {}
extension Kinds {
    private static var all: [String: Int] = ["a": 1] // expect: unprotected-shared-dictionary
}
public extension Kinds {
    static func add(_ name: String) { all[name] = 2 }
}
