actor Rates {
    private var rates: [String: Double] = [:]

    func rate(_ currency: String) async throws -> Double {
        if let rate = rates[currency] { // expect: check-then-load
            return rate
        } else {
            let rate = try await fetch(currency)
            rates[currency] = rate
            return rate
        }
    }
}
