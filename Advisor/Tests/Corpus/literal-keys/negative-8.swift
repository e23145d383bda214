func pair(_ key: String) -> Int {
    let two = ["a": 1, "b": 2]
    return two[key]!
}
