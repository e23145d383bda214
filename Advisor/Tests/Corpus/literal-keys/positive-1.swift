func color(for level: String) -> Int {
    let colors = ["debug": 90, "info": 32, "warning": 33, "error": 31] // expect: literal-keys
    return colors[level] ?? 0
}
