enum Context {
    @TaskLocal static var values: [String: String] = [:]
}
