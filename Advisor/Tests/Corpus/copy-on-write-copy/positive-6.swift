final class Model {
    var rows: [Int: Row] = [:] {
        willSet { // expect: copy-on-write-copy
            log("changing")
        }
    }

    func update(_ row: Row) {
        rows[row.id] = row
    }
}
