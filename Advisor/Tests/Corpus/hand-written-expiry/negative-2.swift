struct Certificate {
    let name: String
    let expirationDate: Date
}
final class Store {
    private var certificates: [String: Certificate] = [:]

    func certificate(_ name: String) -> Certificate? { certificates[name] }
    func add(_ certificate: Certificate) { certificates[certificate.name] = certificate }
    func expiry(_ name: String) -> Date? { certificates[name]?.expirationDate }
}
