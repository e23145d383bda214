// Never kept by the many.
struct Options {
    var verbose: Bool
    var limit: Int
    var force: Bool
}
