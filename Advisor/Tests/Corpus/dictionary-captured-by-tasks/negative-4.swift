@MainActor
func show(_ ids: [Int]) {
    var rows: [Int: Row] = [:]
    for id in ids {
        Task { rows[id] = await row(id) }
    }
}
