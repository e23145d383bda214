func count(_ parts: [[String]]) -> [String: Int] {
    var counts: [String: Int] = [:]
    DispatchQueue.concurrentPerform(iterations: parts.count) { part in
        for word in parts[part] {
            counts[word, default: 0] += 1 // expect: dictionary-captured-by-tasks
        }
    }
    return counts
}
