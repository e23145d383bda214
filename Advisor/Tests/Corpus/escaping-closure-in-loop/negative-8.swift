func sorted(_ lists: [[Int]]) -> [[Int]] {
    var result: [[Int]] = []
    for list in lists {
        let pivot = list[0]
        result.append(list.sorted { abs($0 - pivot) < abs($1 - pivot) })
    }
    return result
}
