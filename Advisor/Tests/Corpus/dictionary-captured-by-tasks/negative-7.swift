func read(_ ids: [Int], _ names: [Int: String]) async {
    await withTaskGroup(of: Void.self) { group in
        for id in ids { group.addTask { print(names[id] ?? "") } }
    }
}
