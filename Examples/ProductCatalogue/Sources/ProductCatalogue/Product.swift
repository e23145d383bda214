import GRDB
import Hummingbird

/// A product, as it is in the database and in answers.
struct Product: Codable, FetchableRecord, PersistableRecord, ResponseEncodable {
    static let databaseTableName = "product"

    var id: Int
    var name: String
    /// In cents.
    var price: Int
    var stock: Int
}

/// What a client may change of a product.
struct ProductChange: Decodable {
    var name: String?
    var price: Int?
    var stock: Int?
}
