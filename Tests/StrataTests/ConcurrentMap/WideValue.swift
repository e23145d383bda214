/// A value of 32 plain bytes, whose four words belong together: it is stored in a slot, but not in one atomic word.
struct WideValue: Hashable, Sendable {
    let number: Int
    private let inverse: Int
    private let double: Int
    private let negative: Int

    init(_ number: Int) {
        self.number = number
        inverse = ~number
        double = number &* 2
        negative = 0 &- number
    }

    /// Whether the words are of one value.
    var isWhole: Bool { self == WideValue(number) }
}
