// Set as a whole only.
final class Model {
    var rows: [Int: Row] = [:] {
        willSet { log(newValue.count) }
    }

    func load(_ rows: [Int: Row]) {
        self.rows = rows
    }
}
