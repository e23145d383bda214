func flat(_ items: [Item]) -> [() -> Void] {
    var actions: [() -> Void] = []
    for item in items {
        actions.append { item.open() }
    }
    return actions
}
