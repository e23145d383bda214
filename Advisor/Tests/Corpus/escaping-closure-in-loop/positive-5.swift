func callbacks(_ ids: [Int]) -> [Int: () -> Int] {
    var result: [Int: () -> Int] = [:]
    for id in ids {
        let square = id * id
        result[id] = { square } // expect: escaping-closure-in-loop
    }
    return result
}
