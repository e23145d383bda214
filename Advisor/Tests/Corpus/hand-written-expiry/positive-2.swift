actor Prices {
    private var cache: [String: (price: Double, fetchedAt: Date)] = [:] // expect: hand-written-expiry

    func price(_ name: String) async -> Double {
        if let known = cache[name], Date().timeIntervalSince(known.fetchedAt) < 30 { return known.price }
        let price = await fetch(name)
        cache[name] = (price, Date())
        return price
    }
}
