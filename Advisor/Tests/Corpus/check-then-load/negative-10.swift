actor Index {
    private var tests: [String: [Test]] = [:]

    /// Called from the serial indexing queue, one file after the other.
    func rescan(_ file: String) async {
        if tests[file] != nil { return }
        let found = await scan(file)
        tests[file] = found
    }
}
