// Other loops add more.
func exports(_ module: Module, _ globals: [String: Int], _ functions: [String: Int]) -> [String: Int] {
    var exports = [String: Int]()
    for (name, value) in globals {
        exports[name] = value // expect: reserve-capacity
    }
    for (name, value) in functions where !name.isEmpty {
        exports[name] = value
    }
    return exports
}
