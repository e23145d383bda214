struct Calendar {
    private static let months = [1: "Jan", 2: "Feb", 3: "Mar", 4: "Apr"] // expect: dense-integer-keys

    func name(_ month: Int) -> String { Self.months[month]! }
}
