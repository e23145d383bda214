final class Model {
    var rows: [Int: Row] = [:] {
        didSet { view.setNeedsDisplay() }
    }

    func update(_ row: Row) {
        rows[row.id] = row
    }
}
