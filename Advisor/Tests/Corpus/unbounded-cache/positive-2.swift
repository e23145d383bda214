actor Geocoder {
    var addressCache = [String: Address]() // expect if asked: unbounded-cache

    func address(_ text: String) async -> Address {
        if let known = addressCache[text] { return known }
        let address = await lookup(text)
        addressCache[text] = address
        return address
    }
}
