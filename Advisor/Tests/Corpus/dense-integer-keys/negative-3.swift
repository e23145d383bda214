// Only some positions.
func errors(_ lines: [String]) -> String? {
    var errors: [Int: String] = [:]
    for (number, line) in lines.enumerated() {
        if let error = check(line) {
            errors[number] = error
        }
    }
    return errors[0]
}
