@globalActor actor Storage {
    static let shared = Storage()
    private var rows: [Row] = []

    func row(_ index: Int) -> Row { rows[index] }
    func add(_ row: Row) { rows.append(row) }
}
