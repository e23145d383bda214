import GRDB
import Synchronization

/// The products in SQLite: the source of everything.
final class Database: Sendable {
    private let pool: DatabasePool
    private let reads = Atomic<Int>(0)

    /// Opens a file, and puts a thousand products into it if it is new.
    init(path: String) throws {
        pool = try DatabasePool(path: path)
        try pool.write { database in
            try database.create(table: Product.databaseTableName, ifNotExists: true) { table in
                table.primaryKey("id", .integer)
                table.column("name", .text).notNull()
                table.column("price", .integer).notNull()
                table.column("stock", .integer).notNull()
            }
            guard try Product.fetchCount(database) == 0 else { return }
            for id in 1...1000 {
                try Product(id: id, name: "Product \(id)", price: 100 + id * 37 % 9900, stock: id % 50).insert(database)
            }
        }
    }

    /// How many products were read.
    var readCount: Int { reads.load(ordering: .relaxed) }

    /// A product; `nil` if there is none with this number.
    func product(_ id: Int) async throws -> Product? {
        reads.add(1, ordering: .relaxed)
        return try await pool.read { try Product.fetchOne($0, key: id) }
    }

    /// Changes a product.
    ///
    /// - Returns: What it is then; `nil` if there is none with this number.
    func change(_ id: Int, _ change: ProductChange) async throws -> Product? {
        try await pool.write { database in
            guard var product = try Product.fetchOne(database, key: id) else { return nil }
            if let name = change.name { product.name = name }
            if let price = change.price { product.price = price }
            if let stock = change.stock { product.stock = stock }
            try product.update(database)
            return product
        }
    }
}
