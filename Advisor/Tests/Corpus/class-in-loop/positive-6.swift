final class Key {
    let value: Int
    init(_ value: Int) { self.value = value }
}
struct Loader {
    func load(_ ids: [Int]) {
        ids.forEach { id in
            fetch(Key(id)) // expect: class-in-loop
        }
    }
}
