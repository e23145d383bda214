// Callers may come one after the other.
final class Producer {
    private var results: [String: Output] = [:]

    func produce(_ name: String) async -> Output {
        if let known = results[name] { return known } // expect: check-then-load
        let output = await build(name)
        results[name] = output
        return output
    }
}
