import Foundation

/// Where a Redis is.
package struct RedisAddress: Codable, Hashable, Sendable {
    /// The server's name or address.
    package var host: String
    /// The server's port.
    package var port: Int
    /// The user of the password; `nil` for the default one.
    package var user: String?
    /// The password; `nil` for none.
    package var password: String?

    /// An address that is none.
    package struct Malformed: Error, CustomStringConvertible {
        /// What is wrong, for people.
        package let description: String
    }

    /// Reads an address as in `redis://:secret@127.0.0.1:6379`.
    ///
    /// - Throws: ``Malformed``.
    package init(url: String) throws(Malformed) {
        let malformed = Malformed(description: "'\(url)' is no address of a Redis; write redis://127.0.0.1:6379")
        guard url.hasPrefix("redis://") else { throw malformed }
        var rest = url.dropFirst(8)
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        if let at = rest.lastIndex(of: "@") {
            let parts = rest[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            password = parts.last.map { $0.removingPercentEncoding ?? String($0) }
            if parts.count == 2, !parts[0].isEmpty { user = parts[0].removingPercentEncoding ?? String(parts[0]) }
            rest = rest[rest.index(after: at)...]
        }
        let parts = rest.split(separator: ":", omittingEmptySubsequences: false)
        guard let name = parts.first, !name.isEmpty, parts.count <= 2 else { throw malformed }
        guard let number = parts.count == 2 ? Int(parts[1]) : 6379, (1...65_535).contains(number) else {
            throw malformed
        }
        host = String(name)
        port = number
    }
}
