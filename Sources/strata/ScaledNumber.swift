/// Numbers on the command line that may end in k, m or g.
enum ScaledNumber {
    /// Reads a number as in `500`, `20k` or `1.5M`.
    ///
    /// - Parameters:
    ///   - text: The number.
    ///   - step: What k stands for; m and g are its second and third power.
    /// - Returns: The number, 0 or more and finite before it is scaled; `nil` if the text is none.
    static func value(_ text: String, step: Double = 1000) -> Double? {
        let scale: Double? =
            switch text.last {
            case "k", "K": step
            case "m", "M": step * step
            case "g", "G": step * step * step
            default: nil
            }
        guard let number = Double(scale == nil ? text[...] : text.dropLast()), number.isFinite, number >= 0 else {
            return nil
        }
        return number * (scale ?? 1)
    }
}
