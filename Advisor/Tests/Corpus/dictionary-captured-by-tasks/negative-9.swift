func collect(_ parts: [Part]) -> [Int: Part] {
    let lock = NIOLock()
    var result: [Int: Part] = [:]
    DispatchQueue.concurrentPerform(iterations: parts.count) { i in
        lock.lock()
        result[i] = parts[i]
        lock.unlock()
    }
    return result
}
