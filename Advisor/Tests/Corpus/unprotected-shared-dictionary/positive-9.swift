// Whoever uses the module calls it, from any thread.
public struct Columns {
    static var registry: [String: Column] = [:] // expect: unprotected-shared-dictionary

    public static func register(_ column: Column) { registry[column.name] = column }
}
