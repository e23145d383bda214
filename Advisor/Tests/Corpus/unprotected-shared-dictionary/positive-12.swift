final class Index: @unchecked Sendable {
    private var words: [String: Int] = [:] // expect: unprotected-shared-dictionary

    func add(_ texts: [String]) {
        DispatchQueue.concurrentPerform(iterations: texts.count) { n in
            words[texts[n], default: 0] += 1
        }
    }
}
