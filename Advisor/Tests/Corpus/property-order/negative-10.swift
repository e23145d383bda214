// An object of which nothing keeps several.
final class Server {
    let isSecure: Bool
    let host: String
    var isOpen: Bool
    var port: Int
    var retries: UInt8
    init(host: String) {
        isSecure = true
        self.host = host
        isOpen = false
        port = 0
        retries = 0
    }
}
