struct Catalogue {
    let products: [Product]

    func prices() -> [Int: Double] {
        var prices = [Int: Double]()
        for product in products {
            let price = product.net * 1.19
            prices[product.id] = price // expect if asked: reserve-capacity
        }
        return prices
    }
}
