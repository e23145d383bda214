import StrataTiering

/// Products behind two tiers of cache.
///
/// A product is a hash `product:<id>` with the fields `name`, `price` and `stock`.
struct Catalogue: Sendable {
    let database: Database
    let cache: TieredHash

    private static let fields = ["name", "price", "stock"]

    /// A product, from this process, else from the second tier, else from the database.
    ///
    /// - Returns: The product, `nil` if there is none, and where the answer came from.
    func product(_ id: Int) async throws -> (product: Product?, origin: ReadProvenance) {
        let origin = ReadProvenance()
        let options = TieredReadOptions(provenance: origin)
        // However many ask at once, one of them reads the database. What the loader leaves out is remembered as absent, so that a
        // product that doesn't exist isn't looked for again and again.
        let values = try await cache.load(Self.key(id), Self.fields, options: options) { [database] _, _ in
            guard let product = try await database.product(id) else { return [:] }
            return Self.hash(product)
        }
        return (Self.product(id, values), origin)
    }

    /// Changes a product in the database, and has both tiers forget it.
    ///
    /// - Returns: What it is then, `nil` if there is none; and whether the second tier, and so the other processes, were told. If not,
    ///   they may serve what was before until its deadline: the caller decides whether that is good enough.
    func change(_ id: Int, _ change: ProductChange) async throws -> (product: Product, isKnownEverywhere: Bool)? {
        guard let product = try await database.change(id, change) else { return nil }
        do {
            try await cache.invalidate(Self.key(id), options: .init(budget: .milliseconds(500)))
            return (product, true)
        } catch is TieredError {
            // In this process it is forgotten in any case.
            return (product, false)
        }
    }

    private static func key(_ id: Int) -> String { "product:\(id)" }

    private static func hash(_ product: Product) -> [[UInt8]: LoadedField] {
        [
            Array("name".utf8): .value(Array(product.name.utf8), lifetime: .seconds(300)),
            Array("price".utf8): .value(Array(String(product.price).utf8), lifetime: .seconds(300)),
            // Changes often, and a wrong figure costs more.
            Array("stock".utf8): .value(Array(String(product.stock).utf8), lifetime: .seconds(30)),
        ]
    }

    private static func product(_ id: Int, _ values: [[UInt8]?]) -> Product? {
        let texts = values.map { value in value.map { String(decoding: $0, as: UTF8.self) } }
        guard let name = texts[0], let price = texts[1].flatMap(Int.init), let stock = texts[2].flatMap(Int.init)
        else { return nil }
        return Product(id: id, name: name, price: price, stock: stock)
    }
}
