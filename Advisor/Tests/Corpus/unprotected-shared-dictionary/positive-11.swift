enum Downloads {
    static var finished: Set<String> = [] // expect: unprotected-shared-dictionary

    static func download(_ names: [String]) {
        for name in names {
            Task.detached { finished.insert(name) }
        }
    }
}
