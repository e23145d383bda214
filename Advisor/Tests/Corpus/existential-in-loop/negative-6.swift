func errors(_ results: [Result]) -> [any Error] {
    var errors: [any Error] = []
    for result in results { errors.append(Failure(result: result, line: 1, text: "a", more: "b")) }
    return errors
}
struct Failure: Error {
    let result: Result
    let line: Int
    let text: String
    let more: String
}
