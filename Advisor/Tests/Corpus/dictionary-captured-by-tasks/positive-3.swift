func warm(_ keys: [Int]) {
    var values = [Int: String]()
    for key in keys {
        Task { values[key] = await load(key) } // expect: dictionary-captured-by-tasks
    }
}
