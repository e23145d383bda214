func read(_ lines: AsyncStream<String>) async -> [String: Int] {
    var lengths: [String: Int] = [:]
    for await line in lines {
        lengths[line] = line.count
    }
    return lengths
}
