// A new value in its place.
struct Filter {
    var names: [String] = []

    mutating func clean() {
        var result = names
        result = result.filter { !$0.isEmpty }
        names = result
    }
}
