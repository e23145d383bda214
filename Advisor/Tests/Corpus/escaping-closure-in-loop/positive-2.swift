final class Menu {
    var handlers: [String: () -> Void] = [:]

    func build(_ items: [Item]) {
        for item in items {
            handlers[item.name] = { self.open(item) } // expect: escaping-closure-in-loop
        }
    }
}
