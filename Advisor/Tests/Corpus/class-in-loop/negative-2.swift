// It changes.
final class Counter {
    let name: String
    var count = 0
    init(name: String) { self.name = name }
}
func counters(_ names: [String]) -> [Counter] { names.map { Counter(name: $0) } }
