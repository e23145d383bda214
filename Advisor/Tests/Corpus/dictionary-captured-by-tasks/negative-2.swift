func sizes(_ names: [String]) -> [String: Int] {
    let lock = NSLock()
    var sizes: [String: Int] = [:]
    DispatchQueue.concurrentPerform(iterations: names.count) { i in
        let size = size(of: names[i])
        lock.withLock { sizes[names[i]] = size }
    }
    return sizes
}
