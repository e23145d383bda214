// Once per process.
enum Tables {
    static let inverse: [Int: String] = {
        let table = ["one": 1, "two": 2, "three": 3]
        var result: [Int: String] = [:]
        for (name, number) in table { result[number] = name }
        return result
    }()
}
