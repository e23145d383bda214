func dump() {
    let names = ["a": 1, "b": 2, "c": 3]
    for (name, value) in names { print(name, value) }
}
