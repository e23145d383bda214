func described(_ errors: [String: Failure]?) -> [String: String] {
    guard let errors else { return [:] }
    let known: [String: Failure] = errors
    var texts: [String: String] = [:]
    for error in known {
        texts[error.key] = "\(error.value)" // expect: reserve-capacity
    }
    return texts
}
