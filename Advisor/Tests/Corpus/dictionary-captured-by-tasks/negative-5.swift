// Each closure has its own.
func each(_ names: [String]) {
    for name in names {
        Task {
            var table: [String: Int] = [:]
            table[name] = await length(name)
            publish(table)
        }
    }
}
