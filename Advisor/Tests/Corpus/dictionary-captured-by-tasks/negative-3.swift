// One task, which is waited for.
func one() async -> [String: Int] {
    var table: [String: Int] = [:]
    await Task { table["a"] = await value() }.value
    return table
}
