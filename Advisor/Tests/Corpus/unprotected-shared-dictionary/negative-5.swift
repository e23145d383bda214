// A constant.
enum Table {
    static let names: [Int: String] = [1: "one", 2: "two"]
    static func name(_ n: Int) -> String? { names[n] }
}
