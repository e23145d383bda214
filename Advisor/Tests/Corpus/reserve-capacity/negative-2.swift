// Few may pass: the length says nothing.
func failures(_ results: [Result]) -> [Int: Result] {
    var failures: [Int: Result] = [:]
    for result in results {
        if result.failed {
            failures[result.id] = result
        }
    }
    return failures
}
