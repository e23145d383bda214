func both() async {
    var results: [String: Int] = [:]
    let a = Task.detached { results["a"] = await first() } // expect: dictionary-captured-by-tasks
    let b = Task.detached { results["b"] = await second() }
    _ = await (a.value, b.value)
}
