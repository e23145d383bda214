func sizes(_ names: [String]) -> [String: Int] {
    var sizes: [String: Int] = [:]
    DispatchQueue.concurrentPerform(iterations: names.count) { i in
        sizes[names[i]] = size(of: names[i]) // expect: dictionary-captured-by-tasks
    }
    return sizes
}
