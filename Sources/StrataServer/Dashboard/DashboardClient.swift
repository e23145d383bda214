import Foundation
package import StrataMonitor

/// Asks a server for what its dashboard shows.
///
/// Each question is a connection of its own: nothing has to be mended when the server has been away.
package struct DashboardClient: Sendable {
    /// Why there is no answer.
    package typealias Failure = HTTPGet.Failure

    private let question: HTTPGet

    /// The server's name or address.
    package var host: String { question.host }
    /// Its port for HTTP.
    package var port: Int { question.port }

    /// A client of a server.
    ///
    /// - Parameters:
    ///   - url: `http://host:port/`; scheme may be left out, and the port, which is 8080 then. A path doesn't matter.
    ///   - timeout: How long an answer may take, in seconds.
    /// - Throws: ``HTTPGet/Failure/badURL(_:)``.
    package init(url: String, timeout: Double = 5) throws(Failure) {
        question = try HTTPGet(url: url, path: "/", timeout: timeout)
    }

    /// The moment and the last minutes.
    package func snapshot() async throws(Failure) -> DashboardSnapshot {
        guard let snapshot = try await answer("/dashboard/state", DashboardSnapshot.self) else {
            throw .refused("there is an HTTP server at \(host):\(port), but no Strata with a dashboard")
        }
        guard
            snapshot.points.allSatisfy({ point in
                stride(from: 0, to: point.heat.count, by: 2).allSatisfy {
                    snapshot.bounds.indices ~= point.heat[$0] && $0 + 1 < point.heat.count
                }
            })
        else { throw .refused(otherFigures) }
        return snapshot
    }

    /// One map; `nil` if there is none of this name.
    package func map(_ name: String) async throws(Failure) -> DashboardMap? {
        let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~".utf8)
        let digits = Array("0123456789ABCDEF")
        var escaped = ""
        for byte in name.utf8 {
            if plain.contains(byte) {
                escaped.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                escaped += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }
        return try await answer("/dashboard/map?name=\(escaped)", DashboardMap.self)
    }

    /// What a path answers; `nil` for 404.
    private func answer<Value: Decodable>(_ path: String, _ type: Value.Type) async throws(Failure) -> Value? {
        let (status, body) = try await question.answer(path: path, accept: "application/json")
        if status == 404 { return nil }
        guard status == 200 else { throw .refused("\(host):\(port) answered with status \(status)") }
        guard Self.isSound(body), let value = try? JSONDecoder().decode(type, from: Data(body)) else {
            throw .refused(otherFigures)
        }
        return value
    }

    private var otherFigures: String {
        "\(host):\(port) answered something else than figures; is it a Strata of the same version?"
    }

    /// Whether all numbers of a JSON text are of a size that figures can have, so that they can be added and drawn.
    ///
    /// Who answers at an address that somebody typed may be anybody.
    static func isSound(_ body: [UInt8]) -> Bool {
        func isSound(_ value: Any) -> Bool {
            switch value {
            case let list as [Any]: list.allSatisfy(isSound)
            case let object as [String: Any]: object.values.allSatisfy(isSound)
            case let number as NSNumber: number.doubleValue.magnitude < 4e14
            default: true
            }
        }
        return (try? JSONSerialization.jsonObject(with: Data(body))).map(isSound) ?? false
    }
}
