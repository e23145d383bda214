// The keys are of another type, so each has to be hashed.
func bridged(_ table: [String: Int]) -> [AnyHashable: Any] {
    var result: [AnyHashable: Any] = [:]
    for (key, value) in table {
        result[key] = value + 1 // expect: reserve-capacity
    }
    return result
}
