final class Connection { // expect if asked: property-order
    let isSecure: Bool
    let host: String
    var retries: UInt8
    var port: Int
    var isOpen: Bool
    var opened: Double
    init(host: String) {
        isSecure = true
        self.host = host
        retries = 0
        port = 0
        isOpen = false
        opened = 0
    }
}
final class Pool {
    var connections: [Connection] = []
}
