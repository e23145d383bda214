// Different keys.
func copy(_ table: inout [String: Int], from: String, to: String) {
    if table[from] != nil {
        table[to] = 1
    }
}
