func render(_ level: Int) -> String {
    let marks = [0: "-", 1: "+", 2: "*"] // expect: dense-integer-keys
    return marks[level] ?? ""
}
